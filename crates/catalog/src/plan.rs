//! From two catalogs to ordered steps: renames, then what has to give way to what, then order.

use std::collections::{BTreeMap, BTreeSet};

use driftless_diagnostic::{Diagnostic, Result};
use serde::Serialize;

use crate::batch::{Batch, batches, mark_boundaries};
use crate::catalog::Catalog;
use crate::compact::compact;
use crate::diff::{Delta, delta};
use crate::hazard::HazardKind;
use crate::id::{Id, Space};
use crate::kinds::{Change, Cx, GivesWay, Object, Renaming};
use crate::needs::Needs;
use crate::order::{Edge, order};
use crate::rename::{Decision, Decisions, Question, resolve};
use crate::step::Step;

/// What planning comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Every rename is decided.
    Plan(Plan),
    /// Somebody has to say what is a rename first.
    Questions(Vec<Question>),
}

/// Ordered steps from one schema to another.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Plan {
    /// In the order in which they run; empty when the two schemas are equal.
    pub steps: Vec<Step>,
    /// The rename decisions that went into it, in full paths, to be remembered.
    pub decisions: Vec<Decision>,
    /// Decisions that fit nothing in this difference.
    pub unused: Vec<Decision>,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The steps cut into transactions.
    pub fn batches(&self) -> Vec<Batch> {
        batches(&self.steps)
    }

    /// Every kind of hazard in it that is refused until it is allowed by name.
    pub fn refused(&self, allowed: &[HazardKind]) -> BTreeSet<HazardKind> {
        self.steps
            .iter()
            .flat_map(|step| &step.hazards)
            .map(|hazard| hazard.kind)
            .filter(|kind| kind.refuses() && !allowed.contains(kind))
            .collect()
    }
}

/// Plans the way from one schema to another.
///
/// # Errors
/// Two catalogs in different spellings, a rename whose target is taken, and needs that run in a
/// circle (a bug, which the message names).
pub fn plan(from: &Catalog, to: &Catalog, decisions: &Decisions) -> Result<Outcome> {
    if from.spelling() != to.spelling() {
        return Err(Diagnostic::error(
            "internal-spelling",
            "two schemas spelled by different hands cannot be compared",
        )
        .into());
    }
    let renamed = resolve(from.clone(), to, decisions)?;
    if !renamed.questions.is_empty() {
        return Ok(Outcome::Questions(renamed.questions));
    }
    let mut steps = renamed.steps;
    let from = renamed.catalog;
    let delta = delta(&from, to);
    if !delta.is_empty() {
        steps.extend(Planner::new(&from, to, delta).steps()?);
    }
    mark_boundaries(&mut steps);
    Ok(Outcome::Plan(Plan {
        steps,
        decisions: renamed.used,
        unused: renamed.unused,
    }))
}

/// What happens to an object at one moment of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Moment {
    Drop,
    Detach,
    Alter,
    Create,
    Attach,
}

pub(crate) struct Node {
    pub(crate) id: Id,
    pub(crate) moment: Moment,
    pub(crate) steps: Vec<Step>,
}

struct Planner<'a> {
    from: &'a Catalog,
    to: &'a Catalog,
    delta: Delta,
    from_needs: Needs,
    to_needs: Needs,
    /// Objects dropped and created although both catalogs hold them.
    replaced: BTreeSet<Id>,
    /// Objects that let go for a while, as they are meanwhile.
    detached: BTreeMap<Id, Object>,
    /// Children that are dropped on their own although their parent goes too.
    alone: BTreeSet<Id>,
}

impl<'a> Planner<'a> {
    fn new(from: &'a Catalog, to: &'a Catalog, delta: Delta) -> Self {
        let mut planner = Self {
            from,
            to,
            delta,
            from_needs: Needs::of_catalog(from),
            to_needs: Needs::of_catalog(to),
            replaced: BTreeSet::new(),
            detached: BTreeMap::new(),
            alone: BTreeSet::new(),
        };
        planner.close();
        planner
    }

    /// Finds everything that has to give way to a change below it.
    fn close(&mut self) {
        let mut disturbed: Vec<(Id, bool)> = Vec::new();
        for (id, change) in &self.delta.changed {
            match change {
                Change::Replace => {
                    self.replaced.insert(id.clone());
                    disturbed.push((id.clone(), true));
                }
                Change::Alter { disturbs: true, .. } => disturbed.push((id.clone(), false)),
                Change::Alter { .. } => {}
            }
        }
        disturbed.extend(self.delta.dropped.iter().map(|id| (id.clone(), true)));
        while let Some((below, replaced)) = disturbed.pop() {
            let Some(below_object) = self.from.get(&below) else {
                continue;
            };
            for id in self.from_needs.dependents(&below).to_vec() {
                if !self.to.contains(&id) || self.replaced.contains(&id) {
                    continue;
                }
                let Some(object) = self.from.get(&id) else {
                    continue;
                };
                match object.gives_way(below_object, replaced) {
                    GivesWay::Stay => {}
                    GivesWay::Rebuild => {
                        self.detached.remove(&id);
                        self.replaced.insert(id.clone());
                        disturbed.push((id, true));
                    }
                    GivesWay::Detach => {
                        // What is dropped for good is left by the object's own change.
                        let leaves = self.delta.dropped.contains(&below)
                            && self.delta.changed.contains_key(&id);
                        if !leaves
                            && !self.detached.contains_key(&id)
                            && let Some(meanwhile) = object.detached(below_object)
                        {
                            self.detached.insert(id.clone(), meanwhile);
                            disturbed.push((id, false));
                        }
                    }
                }
            }
        }
    }

    fn steps(mut self) -> Result<Vec<Step>> {
        loop {
            let nodes = self.nodes();
            let edges = self.edges(&nodes);
            let keys: Vec<_> = nodes.iter().map(|node| self.key(node)).collect();
            match order(&keys, &edges) {
                Ok(order) => return Ok(compact(nodes, &order, &edges, self.to, &self.cx_created())),
                Err(circle) => {
                    let circle: BTreeSet<&Id> = circle.iter().map(|at| &nodes[*at].id).collect();
                    if !self.break_circle(&circle) {
                        let names: Vec<_> = circle.iter().map(|id| id.to_string()).collect();
                        return Err(Diagnostic::error(
                            "internal-circle",
                            format!("no order fits these steps: {}", names.join(", ")),
                        )
                        .help("this is a bug: please report the schema before and after")
                        .into());
                    }
                }
            }
        }
    }

    /// Two tables that go and reference each other: their foreign keys have to go first.
    fn break_circle(&mut self, circle: &BTreeSet<&Id>) -> bool {
        let fallen: Vec<Id> = self
            .delta
            .dropped
            .iter()
            .filter(|id| self.falls_silently(id))
            .filter(|id| self.carrier(id).is_some_and(|carrier| circle.contains(&carrier)))
            .filter(|id| {
                let own = self.carrier(id);
                self.from_needs.of(id).iter().any(|need| {
                    let carrier = self.carrier(&need.id);
                    carrier != own && carrier.is_some_and(|c| circle.contains(&c))
                })
            })
            .cloned()
            .collect();
        let before = self.alone.len();
        self.alone.extend(fallen);
        self.alone.len() > before
    }

    fn cx_created(&self) -> BTreeSet<Id> {
        self.delta.created.union(&self.replaced).cloned().collect()
    }

    fn goes(&self, id: &Id) -> bool {
        self.delta.dropped.contains(id) || self.replaced.contains(id)
    }

    /// Whether dropping the parent drops this too.
    fn falls_silently(&self, id: &Id) -> bool {
        id.kind.falls_with_parent()
            && self.goes(id)
            && !self.alone.contains(id)
            && self
                .from
                .get(id)
                .and_then(Object::parent)
                .is_some_and(|parent| self.goes(&parent))
    }

    /// The object whose DROP takes this one away: itself, or the parent it falls with.
    fn carrier(&self, id: &Id) -> Option<Id> {
        if self.falls_silently(id) {
            let parent = self.from.get(id).and_then(Object::parent)?;
            return self.carrier(&parent);
        }
        self.goes(id).then(|| id.clone())
    }

    fn nodes(&self) -> Vec<Node> {
        let created = self.cx_created();
        let cx = Cx {
            to: self.to,
            created: &created,
        };
        let mut nodes = Vec::new();
        let mut add = |id: &Id, moment, steps: Vec<Step>| {
            nodes.push(Node {
                id: id.clone(),
                moment,
                steps,
            });
        };
        for id in self.delta.dropped.iter().chain(&self.replaced) {
            if let Some(object) = self.from.get(id)
                && !self.falls_silently(id)
            {
                let mut steps = object.drop(&cx);
                if self.replaced.contains(id) && !self.delta.changed.contains_key(id) {
                    explain(&mut steps, "out of the way of a change below it");
                }
                add(id, Moment::Drop, steps);
            }
        }
        for id in self.delta.created.iter().chain(&self.replaced) {
            if let Some(object) = self.to.get(id) {
                let mut steps = object.create(&cx);
                if self.replaced.contains(id) && !self.delta.changed.contains_key(id) {
                    explain(&mut steps, "back after a change below it");
                }
                add(id, Moment::Create, steps);
            }
        }
        for (id, meanwhile) in &self.detached {
            let (Some(old), Some(new)) = (self.from.get(id), self.to.get(id)) else {
                continue;
            };
            let mut away = alter_steps(old, meanwhile, &cx);
            explain(&mut away, "lets go of a type that is made anew");
            add(id, Moment::Detach, away);
            let mut back = alter_steps(meanwhile, new, &cx);
            for step in &mut back {
                // The type itself says which values it no longer has.
                step.hazards
                    .retain(|hazard| hazard.kind != HazardKind::NarrowingCast);
            }
            add(id, Moment::Attach, back);
        }
        for (id, change) in &self.delta.changed {
            if let Change::Alter { steps, .. } = change
                && !self.replaced.contains(id)
                && !self.detached.contains_key(id)
            {
                add(id, Moment::Alter, steps.clone());
            }
        }
        nodes
    }

    /// Ties: what stands in the way goes first, what holds data goes last, all else by kind and name.
    fn key(&self, node: &Node) -> (u8, u8, String, String, u32, String, Moment) {
        let kind = node.id.kind as u8;
        let holds_data = node.id.kind.renaming() == Renaming::Ask;
        let (class, kind) = match node.moment {
            Moment::Drop | Moment::Detach if !holds_data => (0, u8::MAX - kind),
            Moment::Drop if self.delta.dropped.contains(&node.id) => (2, u8::MAX - kind),
            _ => (1, kind),
        };
        let rank = self.to.get(&node.id).map_or(0, Object::rank);
        let id = &node.id;
        (
            class,
            kind,
            id.schema.clone(),
            id.parent.clone(),
            rank,
            id.name.clone(),
            node.moment,
        )
    }

    fn edges(&self, nodes: &[Node]) -> Vec<Edge> {
        use Moment::{Alter, Attach, Create, Detach, Drop};
        let at: BTreeMap<(&Id, Moment), usize> = nodes
            .iter()
            .enumerate()
            .map(|(at, node)| ((&node.id, node.moment), at))
            .collect();
        let find = |id: &Id, moment| at.get(&(id, moment)).copied();
        let mut edges = Vec::new();
        let mut edge = |first: Option<usize>, then: Option<usize>, soft| {
            if let (Some(first), Some(then)) = (first, then) {
                edges.push(Edge { first, then, soft });
            }
        };
        for (here, node) in nodes.iter().enumerate() {
            let here = Some(here);
            match node.moment {
                Drop | Detach => {
                    for need in self.from_needs.of(&node.id) {
                        let soft = !need.certain;
                        if let Some(carrier) = self.carrier(&need.id) {
                            edge(here, find(&carrier, Drop), soft);
                        }
                        edge(here, find(&need.id, Detach), soft);
                        edge(here, find(&need.id, Alter), true);
                    }
                    edge(here, find(&node.id, Create), false);
                    edge(here, find(&node.id, Attach), false);
                }
                Create | Attach | Alter => {
                    for need in self.to_needs.of(&node.id) {
                        for moment in [Create, Alter, Attach] {
                            edge(find(&need.id, moment), here, !need.certain);
                        }
                    }
                    if node.moment == Alter {
                        for need in self.from_needs.of(&node.id) {
                            if let Some(carrier) = self.carrier(&need.id) {
                                edge(here, find(&carrier, Drop), !need.certain);
                            }
                        }
                    }
                }
            }
        }
        // What falls silently with its parent binds the parent.
        for id in self.delta.dropped.iter().chain(&self.replaced) {
            if !self.falls_silently(id) {
                continue;
            }
            let Some(own) = self.carrier(id) else {
                continue;
            };
            for need in self.from_needs.of(id) {
                if let Some(carrier) = self.carrier(&need.id)
                    && carrier != own
                {
                    edge(find(&own, Drop), find(&carrier, Drop), !need.certain);
                }
            }
            for dependent in self.from_needs.dependents(id) {
                edge(find(dependent, Alter), find(&own, Drop), true);
            }
        }
        self.free_names(nodes, &mut edge);
        edges
    }

    /// A name is free for its next owner once the last one is gone.
    fn free_names(
        &self,
        nodes: &[Node],
        edge: &mut impl FnMut(Option<usize>, Option<usize>, bool),
    ) {
        let named = |node: &Node| {
            !matches!(
                node.id.kind.space(),
                Space::Column | Space::Schema | Space::Role
            )
        };
        let mut drops: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
        for (at, node) in nodes.iter().enumerate() {
            if node.moment == Moment::Drop && named(node) {
                drops
                    .entry((&node.id.schema, &node.id.name))
                    .or_default()
                    .push(at);
            }
        }
        for (at, node) in nodes.iter().enumerate() {
            if node.moment == Moment::Create && named(node) {
                for drop in drops
                    .get(&(node.id.schema.as_str(), node.id.name.as_str()))
                    .into_iter()
                    .flatten()
                {
                    edge(Some(*drop), Some(at), true);
                }
            }
        }
    }
}

fn alter_steps(old: &Object, new: &Object, cx: &Cx<'_>) -> Vec<Step> {
    match old.alter(new, cx) {
        Some(Change::Alter { steps, .. }) => steps,
        Some(Change::Replace) | None => Vec::new(),
    }
}

fn explain(steps: &mut [Step], why: &str) {
    for step in steps {
        step.why.get_or_insert_with(|| why.to_owned());
    }
}
