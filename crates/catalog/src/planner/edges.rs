//! What comes before what, and how ties are broken.

use rustc_hash::FxHashMap;

use super::descent::behind_siblings;
use super::{Moment, Node, Planner, Work};
use crate::id::{Id, Space};
use crate::kinds::{Object, Renaming};
use crate::needs::Need;
use crate::order::Edge;

/// Class, kind, schema, parent, rank, name, moment.
type Key<'a> = (u8, u8, &'a str, &'a str, u32, &'a str, Moment);

/// Where an object's moments are among the nodes.
type Places = [Option<usize>; 5];

impl Planner<'_> {
    /// Ties: what stands in the way goes first, what holds data goes last, all else by kind and name.
    pub(super) fn key<'n>(&self, node: &Node<'n>) -> Key<'n> {
        let kind = node.id.kind as u8;
        let holds_data = node.id.kind.renaming() == Renaming::Ask;
        let (class, kind) = match node.moment {
            Moment::Drop | Moment::Detach if !holds_data => (0, u8::MAX - kind),
            Moment::Drop if self.delta.dropped.contains(node.id) => (2, u8::MAX - kind),
            _ => (1, kind),
        };
        let rank = match &node.work {
            Work::Create { object, .. } => object.rank(),
            Work::Steps(_) => self.to.get(node.id).map_or(0, Object::rank),
        };
        let Id {
            schema,
            parent,
            name,
            ..
        } = node.id;
        (class, kind, schema, parent, rank, name, node.moment)
    }

    fn needs_in_target(&self, node: &Node<'_>) -> Vec<Need> {
        let mut needs = match &node.work {
            Work::Create { object, .. } => self.to_needs.of_object(node.id, object),
            Work::Steps(_) => self.to_needs.of(node.id),
        };
        if let Some((_, later)) = self.early.get(node.id)
            && node.moment == Moment::Create
        {
            needs.retain(|need| !later.contains(&need.id));
        }
        needs
    }

    /// What holds a part that has a place among its siblings, where both are created.
    fn whole_of(&self, node: &Node<'_>) -> Option<&Id> {
        match &node.work {
            Work::Create { object, .. } if object.rank() > 0 => {
                let parent = object.parent()?;
                let created = self.delta.created.get(&parent);
                created.or_else(|| self.replaced.get(&parent))
            }
            _ => None,
        }
    }

    pub(super) fn edges(&self, nodes: &[Node<'_>]) -> Vec<Edge> {
        use Moment::{Alter, Attach, Create, Detach, Drop};
        let mut at: FxHashMap<&Id, Places> = FxHashMap::default();
        for (place, node) in nodes.iter().enumerate() {
            at.entry(node.id).or_default()[node.moment as usize] = Some(place);
        }
        let places = |id: &Id| at.get(id).copied().unwrap_or_default();
        let find = |id: &Id, moment: Moment| places(id)[moment as usize];
        let parts = parts_of_types(nodes);
        let columns = columns_for_routines(nodes);
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
                    for need in self.from_needs.of(node.id) {
                        let soft = !need.certain;
                        let released = self.released.get(node.id);
                        if node.moment == Drop
                            && released.is_some_and(|(_, later)| later.contains(&need.id))
                        {
                            continue;
                        }
                        if let Some(carrier) = self.carrier(&need.id) {
                            edge(here, find(&carrier, Drop), soft);
                        }
                        let places = places(&need.id);
                        if !self.released.contains_key(&need.id) {
                            edge(here, places[Detach as usize], soft);
                        }
                        edge(here, places[Alter as usize], true);
                        for part in parts.get(&need.id).into_iter().flatten() {
                            edge(here, Some(*part), true);
                        }
                    }
                    if node.moment == Detach {
                        edge(here, find(node.id, Drop), false);
                    }
                    edge(here, find(node.id, Create), false);
                    edge(here, find(node.id, Attach), false);
                }
                Create | Attach | Alter => {
                    if node.moment == Attach {
                        edge(find(node.id, Create), here, false);
                        // What it let go of may have a name in common with what it takes.
                        for need in self.from_needs.of(node.id) {
                            let gone = self.carrier(&need.id);
                            edge(gone.and_then(|id| find(&id, Drop)), here, true);
                        }
                    }
                    let whole = self.whole_of(node);
                    for need in self.needs_in_target(node) {
                        let places = places(&need.id);
                        // What another object's change makes is there after that change.
                        if let Some(at) = places[Create as usize]
                            && let Work::Create { object, .. } = &nodes[at].work
                            && let Some(maker) = object.maker(self.from, self.to)
                            && maker != *node.id
                        {
                            edge(find(&maker, Alter), here, !need.certain);
                        }
                        // The rows of a table that a routine takes or returns are as wide as it.
                        if node.id.kind.space() == Space::Routine {
                            let place = (need.id.schema.as_str(), need.id.name.as_str());
                            for column in columns.get(&place).into_iter().flatten() {
                                // One that is there already may still take the column that goes.
                                if nodes[*column].moment != Drop || node.moment == Create {
                                    edge(Some(*column), here, true);
                                }
                            }
                        }
                        // Arrays and rows of a type keep it from changing.
                        if let Some(parts) = parts.get(&need.id)
                            && node.id.kind.space() != Space::Leaf
                        {
                            for part in parts {
                                edge(Some(*part), here, true);
                            }
                        }
                        for moment in [Create, Alter, Attach] {
                            // What is created early serves others as it is then.
                            if moment == Attach && self.early.contains_key(&need.id) {
                                continue;
                            }
                            edge(places[moment as usize], here, !need.certain);
                            // Else the parts of the whole would come in another order.
                            if let Some(whole) = whole
                                && need.id != *whole
                                && need.id.parent != whole.name
                            {
                                edge(places[moment as usize], find(whole, Create), true);
                            }
                        }
                    }
                    // What is built anew would take hold of what it let go.
                    let rebuilt = node.moment == Create && self.replaced.contains(node.id);
                    if rebuilt {
                        for need in self.from_needs.of(node.id) {
                            let carrier = self.carrier(&need.id);
                            let gone = carrier.filter(|id| {
                                let place = id.kind.space() == Space::Schema;
                                !place && self.delta.dropped.contains(id)
                            });
                            edge(gone.and_then(|id| find(&id, Drop)), here, true);
                        }
                    }
                    // Text that mentions all columns is looked at with those that stay.
                    let text = self.to.get(node.id);
                    let mut mentioned =
                        text.map_or_else(Vec::new, |o| self.from_needs.mentioned(o));
                    mentioned.retain(|id| id.kind.space() == Space::Column);
                    for id in &mentioned {
                        if self.delta.dropped.contains(*id) {
                            edge(find(id, Drop), here, true);
                        }
                    }
                    if node.moment == Alter {
                        let needed = self.to_needs.of(node.id);
                        for need in self.from_needs.of(node.id) {
                            // An array of a type that is left keeps it from changing until then.
                            if needed.iter().all(|still| still.id != need.id) {
                                for part in parts.get(&need.id).into_iter().flatten() {
                                    edge(here, Some(*part), true);
                                }
                            }
                            if !need.certain && mentioned.contains(&&need.id) {
                                continue;
                            }
                            if let Some(carrier) = self.carrier(&need.id) {
                                // What comes back may be needed again.
                                let again = needed.iter().any(|still| still.id == need.id);
                                let soft =
                                    !need.certain || again && self.replaced.contains(&need.id);
                                edge(here, find(&carrier, Drop), soft);
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
                edge(find(&own, Drop), find(&need.id, Alter), true);
                for part in parts.get(&need.id).into_iter().flatten() {
                    edge(find(&own, Drop), Some(*part), true);
                }
            }
            for dependent in self.from_needs.dependents(id) {
                edge(find(dependent, Alter), find(&own, Drop), true);
            }
        }
        self.taken_along(&find, &mut edge);
        self.contenders(nodes, &find, &mut edge);
        self.leaders(nodes, &mut edge);
        self.bonds(nodes, &find, &mut edge);
        self.own_beside_inherited(nodes, &find, &mut edge);
        self.onlookers(nodes, &find, &mut edge);
        behind_siblings(nodes, &mut edge);
        edges
    }
}

impl Planner<'_> {
    /// Whoever uses what goes along with something else lets go before that goes.
    fn taken_along(
        &self,
        find: &impl Fn(&Id, Moment) -> Option<usize>,
        edge: &mut impl FnMut(Option<usize>, Option<usize>, bool),
    ) {
        for id in self.delta.dropped.iter().chain(&self.replaced) {
            let taker = self.from.get(id).and_then(|o| o.goes_with(self.from));
            let Some(taker) = taker.and_then(|taker| self.carrier(&taker)) else {
                continue;
            };
            let goes = find(&taker, Moment::Drop);
            for user in self.from_needs.dependents(id) {
                let carrier = self.carrier(user).filter(|own| *own != taker && own != id);
                edge(carrier.and_then(|own| find(&own, Moment::Drop)), goes, true);
                for moment in [Moment::Detach, Moment::Alter] {
                    edge(find(user, moment), goes, true);
                }
            }
        }
    }

    /// What comes first without being needed.
    fn leaders(
        &self,
        nodes: &[Node<'_>],
        edge: &mut impl FnMut(Option<usize>, Option<usize>, bool),
    ) {
        for (at, node) in nodes.iter().enumerate().filter(|(_, n)| n.id.kind.leads()) {
            let object = self.from.get(node.id).or_else(|| self.to.get(node.id));
            let Some(object) = object else { continue };
            for (then, other) in nodes.iter().enumerate() {
                let created = matches!(other.moment, Moment::Create | Moment::Attach);
                // What goes with its parent waits for nothing.
                let falls = || {
                    let object = self.from.get(other.id);
                    let parent = object.and_then(Object::parent);
                    !created && parent.is_some_and(|parent| self.goes(&parent))
                };
                if object.leads(other.id, created) && !falls() {
                    edge(Some(at), Some(then), false);
                }
            }
        }
    }
}

impl Planner<'_> {
    /// What two may not hold at once, such as a name, is given up before it is taken.
    fn contenders(
        &self,
        nodes: &[Node<'_>],
        find: &impl Fn(&Id, Moment) -> Option<usize>,
        edge: &mut impl FnMut(Option<usize>, Option<usize>, bool),
    ) {
        let mut given_up: FxHashMap<Held<'_>, Vec<usize>> = FxHashMap::default();
        for id in self.delta.dropped.iter().chain(&self.replaced) {
            if let Some(object) = self.from.get(id)
                && let Some(carrier) = self.carrier(id)
                && let Some(drop) = find(&carrier, Moment::Drop)
            {
                for held in held(id, object) {
                    given_up.entry(held).or_default().push(drop);
                }
            }
        }
        let altered = |node: &Node<'_>| {
            let (before, after) = (self.from.get(node.id)?, self.to.get(node.id)?);
            let (before, after) = (before.contends(), after.contends());
            (node.moment == Moment::Alter && before != after).then_some((before, after))
        };
        for (at, node) in nodes.iter().enumerate() {
            if let Some((Some(before), _)) = altered(node) {
                given_up.entry(Held::Other(before)).or_default().push(at);
            }
        }
        if given_up.is_empty() {
            return;
        }
        for (at, node) in nodes.iter().enumerate() {
            let taken: Vec<Held<'_>> = match &node.work {
                Work::Create { object, .. } => held(node.id, object).collect(),
                Work::Steps(_) => {
                    let taken = altered(node).and_then(|(_, after)| after);
                    taken.map(Held::Other).into_iter().collect()
                }
            };
            for held in taken {
                for end in given_up.get(&held).into_iter().flatten() {
                    edge(Some(*end), Some(at), true);
                }
            }
        }
    }
}

/// What is done with columns, by the schema and name of their relation; nothing where no routine
/// comes that might need it.
fn columns_for_routines<'n>(nodes: &[Node<'n>]) -> FxHashMap<(&'n str, &'n str), Vec<usize>> {
    let mut columns: FxHashMap<_, Vec<usize>> = FxHashMap::default();
    let comes = |node: &Node<'_>| matches!(node.moment, Moment::Create | Moment::Alter);
    let changes = |node: &Node<'_>| comes(node) || node.moment == Moment::Drop;
    let routine = |node: &Node<'_>| node.id.kind.space() == Space::Routine && comes(node);
    if !nodes.iter().any(routine) {
        return columns;
    }
    for (at, node) in nodes.iter().enumerate() {
        if node.id.kind.space() == Space::Column && changes(node) {
            let relation = (node.id.schema.as_str(), node.id.parent.as_str());
            columns.entry(relation).or_default().push(at);
        }
    }
    columns
}

/// What is made of each type besides itself, such as the checks of a domain.
fn parts_of_types(nodes: &[Node<'_>]) -> FxHashMap<Id, Vec<usize>> {
    let mut parts: FxHashMap<Id, Vec<usize>> = FxHashMap::default();
    for (at, node) in nodes.iter().enumerate() {
        if let Work::Create { object, .. } = &node.work
            && node.id.kind.space() == Space::Leaf
            && let Some(parent) = object.parent()
            && parent.kind.space() == Space::Type
        {
            parts.entry(parent).or_default().push(at);
        }
    }
    parts
}

/// What an object keeps others from holding.
#[derive(PartialEq, Eq, Hash)]
enum Held<'a> {
    /// A name in a schema.
    Name(&'a str, &'a str),
    /// See [`Object::contends`].
    Other(String),
}

fn held<'a>(id: &'a Id, object: &Object) -> impl Iterator<Item = Held<'a>> {
    let named = !matches!(id.kind.space(), Space::Column | Space::Schema | Space::Role);
    let name = named.then(|| Held::Name(id.schema.as_str(), id.name.as_str()));
    name.into_iter().chain(object.contends().map(Held::Other))
}
