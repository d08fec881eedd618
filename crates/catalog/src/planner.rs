//! What has to give way to what, and what happens to each object at which moment.

mod circles;
mod closure;
mod descent;
mod edges;

use std::collections::{BTreeMap, BTreeSet};

use driftless_diagnostic::{Diagnostic, Result};
use rustc_hash::FxHashSet;

use crate::catalog::Catalog;
use crate::compact::compact;
use crate::diff::Delta;
use crate::hazard::HazardKind;
use crate::id::Id;
use crate::kinds::{Change, Cx, Object};
use crate::needs::Needs;
use crate::order::order;
use crate::step::Step;

/// What happens to an object at one moment of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Moment {
    Drop,
    Detach,
    Alter,
    Create,
    Attach,
}

/// One object at one moment, and what is to be done then.
pub(crate) struct Node<'a> {
    pub(crate) id: &'a Id,
    pub(crate) moment: Moment,
    pub(crate) work: Work<'a>,
}

pub(crate) enum Work<'a> {
    Steps(Vec<Step>),
    /// Written last: most of what is created ends up inside its parent's CREATE.
    Create {
        object: &'a Object,
        why: Option<&'static str>,
    },
}

impl Node<'_> {
    pub(crate) fn steps(self, cx: &Cx<'_>) -> Vec<Step> {
        match self.work {
            Work::Steps(steps) => steps,
            Work::Create { object, why } => {
                let mut steps = object.create(cx);
                if let Some(why) = why {
                    explain(&mut steps, why);
                }
                steps
            }
        }
    }
}

pub(crate) struct Planner<'a> {
    from: &'a Catalog,
    to: &'a Catalog,
    delta: Delta,
    from_needs: Needs<'a>,
    to_needs: Needs<'a>,
    /// Objects dropped and created although both catalogs hold them.
    replaced: BTreeSet<Id>,
    /// Objects that let go for a while, as they are meanwhile.
    detached: BTreeMap<Id, Object>,
    /// What is created before all that it needs, as it is then, and what it needs only afterwards.
    early: BTreeMap<Id, (Object, BTreeSet<Id>)>,
    /// The same on the way out: what has to let go before it is dropped.
    released: BTreeMap<Id, (Object, BTreeSet<Id>)>,
    /// Children that are dropped on their own although their parent goes too.
    alone: BTreeSet<Id>,
}

impl<'a> Planner<'a> {
    pub(crate) fn new(from: &'a Catalog, to: &'a Catalog, delta: Delta) -> Self {
        let mut planner = Self {
            from,
            to,
            delta,
            from_needs: Needs::of_catalog(from),
            to_needs: Needs::of_catalog(to),
            replaced: BTreeSet::new(),
            detached: BTreeMap::new(),
            early: BTreeMap::new(),
            released: BTreeMap::new(),
            alone: BTreeSet::new(),
        };
        planner.close();
        planner.early = planner.find_early();
        planner
    }

    pub(crate) fn steps(mut self) -> Result<Vec<Step>> {
        loop {
            let nodes = self.nodes();
            let edges = self.edges(&nodes);
            let keys: Vec<_> = nodes.iter().map(|node| self.key(node)).collect();
            match order(&keys, &edges) {
                Ok(order) => {
                    let torn = self.torn(&nodes, &order, &edges);
                    if !torn.is_empty() {
                        let anew = torn.into_iter().map(|id| (id, Change::Replace));
                        self.delta.changed.extend(anew);
                        self.close();
                        self.early = self.find_early();
                        continue;
                    }
                    let created = self.created();
                    let cx = Cx {
                        from: self.from,
                        to: self.to,
                        created: &created,
                    };
                    let unchecked = self.unchecked(&nodes, &order, &edges);
                    return Ok(compact(nodes, &order, &edges, unchecked, &cx));
                }
                Err(circle) => {
                    let circle: BTreeSet<Id> =
                        circle.iter().map(|at| nodes[*at].id.clone()).collect();
                    if !self.release(&circle) && !self.break_circle(&circle) {
                        let names: Vec<_> = circle.iter().map(ToString::to_string).collect();
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

    fn created(&self) -> FxHashSet<&Id> {
        self.delta.created.iter().chain(&self.replaced).collect()
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

    fn nodes(&self) -> Vec<Node<'_>> {
        let created = self.created();
        let cx = Cx {
            from: self.from,
            to: self.to,
            created: &created,
        };
        let mut nodes = Vec::new();
        for id in self.delta.dropped.iter().chain(&self.replaced) {
            if let Some(object) = self.from.get(id)
                && !self.falls_silently(id)
            {
                let mut steps = object.drop(&cx);
                if self.replaced.contains(id) && !self.delta.changed.contains_key(id) {
                    explain(&mut steps, "out of the way of a change below it");
                    // It comes back as it was.
                    for step in &mut steps {
                        step.hazards
                            .retain(|hazard| hazard.kind != HazardKind::RowSecurity);
                    }
                }
                nodes.push(node(id, Moment::Drop, steps));
            }
        }
        for id in self.delta.created.iter().chain(&self.replaced) {
            if let Some(object) = self.to_needs.object(id) {
                let rebuilt = self.replaced.contains(id) && !self.delta.changed.contains_key(id);
                let early = self.early.get(id).map(|(meanwhile, _)| meanwhile);
                nodes.push(Node {
                    id,
                    moment: Moment::Create,
                    work: Work::Create {
                        object: early.unwrap_or(object),
                        why: rebuilt.then_some("back after a change below it"),
                    },
                });
                if let Some(meanwhile) = early {
                    let mut steps = alter_steps(meanwhile, object, &cx);
                    explain(&mut steps, "what it needs had to come first");
                    nodes.push(node(id, Moment::Attach, steps));
                }
            }
        }
        for (id, (meanwhile, _)) in &self.released {
            if let Some(old) = self.from.get(id) {
                let mut steps = alter_steps(old, meanwhile, &cx);
                explain(&mut steps, "lets go of what needs it in turn");
                nodes.push(node(id, Moment::Detach, steps));
            }
        }
        for (id, meanwhile) in &self.detached {
            let (Some(old), Some(new)) = (self.from.get(id), self.to.get(id)) else {
                continue;
            };
            let mut away = alter_steps(old, meanwhile, &cx);
            explain(&mut away, "lets go of a type that is made anew");
            nodes.push(node(id, Moment::Detach, away));
            let mut back = alter_steps(meanwhile, new, &cx);
            let needs = self.from_needs.of(id);
            let moves_on = needs.iter().any(|n| self.delta.dropped.contains(&n.id));
            if !moves_on {
                for step in &mut back {
                    // The type itself says which values it no longer has.
                    step.hazards
                        .retain(|hazard| hazard.kind != HazardKind::NarrowingCast);
                }
            }
            nodes.push(node(id, Moment::Attach, back));
        }
        for (id, change) in &self.delta.changed {
            if let Change::Alter { steps, .. } = change
                && !self.replaced.contains(id)
                && !self.detached.contains_key(id)
            {
                // What else is made anew was not known when the two were compared.
                let again = match (self.from.get(id), self.to.get(id)) {
                    (Some(old), Some(new)) => old.alter(new, &cx),
                    _ => None,
                };
                let steps = match again {
                    Some(Change::Alter { steps, .. }) => steps,
                    Some(Change::Replace) | None => steps.clone(),
                };
                nodes.push(node(id, Moment::Alter, steps));
            }
        }
        nodes
    }
}

fn node(id: &Id, moment: Moment, steps: Vec<Step>) -> Node<'_> {
    Node {
        id,
        moment,
        work: Work::Steps(steps),
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
