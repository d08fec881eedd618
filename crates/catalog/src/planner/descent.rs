//! Order among what comes down from table to table: partitions and inheritance.

use rustc_hash::FxHashMap;

use super::{Moment, Node, Planner, Work};
use crate::id::{Id, Space};
use crate::kinds::{Object, Tag};

impl Planner<'_> {
    /// What comes down from table to table changes while no bond begins or ends.
    pub(super) fn bonds(
        &self,
        nodes: &[Node<'_>],
        find: &impl Fn(&Id, Moment) -> Option<usize>,
        edge: &mut impl FnMut(Option<usize>, Option<usize>, bool),
    ) {
        let mut parts: FxHashMap<(&str, &str), Vec<usize>> = FxHashMap::default();
        for (at, node) in nodes.iter().enumerate() {
            if node.id.kind.comes_down() {
                let table = (node.id.schema.as_str(), node.id.parent.as_str());
                parts.entry(table).or_default().push(at);
            }
        }
        if parts.is_empty() {
            return;
        }
        let bound = |object: &Object| -> Vec<usize> {
            let tables = object.binds();
            let parts = tables.iter().filter_map(|table| {
                let name = (table.schema.as_str(), table.name.as_str());
                parts.get(&name)
            });
            parts.flatten().copied().collect()
        };
        for id in self.delta.dropped.iter().chain(&self.replaced) {
            let (Some(object), Some(carrier)) = (self.from.get(id), self.carrier(id)) else {
                continue;
            };
            for part in bound(object) {
                edge(find(&carrier, Moment::Drop), Some(part), true);
            }
        }
        for (at, node) in nodes.iter().enumerate() {
            if let Work::Create { object, .. } = &node.work {
                // What is new may come down to what is there; where it may not, needs say so.
                let there = |part: &usize| nodes[*part].moment != Moment::Create;
                for part in bound(object).into_iter().filter(there) {
                    edge(Some(part), Some(at), true);
                }
            }
        }
    }

    /// A table's own column that it would inherit as well is made before that of the table above,
    /// which joins it, and is changed or dropped once that one is gone.
    pub(super) fn own_beside_inherited(
        &self,
        nodes: &[Node<'_>],
        find: &impl Fn(&Id, Moment) -> Option<usize>,
        edge: &mut impl FnMut(Option<usize>, Option<usize>, bool),
    ) {
        let mut above: FxHashMap<Id, Vec<Id>> = FxHashMap::default();
        for (_, object) in self.from.objects() {
            if let Ok([table, parent]) = <[Id; 2]>::try_from(object.binds()) {
                above.entry(table).or_default().push(parent);
            }
        }
        if above.is_empty() {
            return;
        }
        let columns = nodes.iter().enumerate();
        for (at, node) in columns.filter(|(_, node)| node.id.kind.space() == Space::Column) {
            let object = self.from.get(node.id).or_else(|| self.to.get(node.id));
            let table = object.and_then(Object::parent);
            for parent in table.iter().filter_map(|table| above.get(table)).flatten() {
                let same = Id::in_parent(node.id.kind, &parent.schema, &parent.name, &node.id.name);
                match node.moment {
                    Moment::Create => edge(Some(at), find(&same, Moment::Create), true),
                    Moment::Alter | Moment::Drop => edge(find(&same, Moment::Drop), Some(at), true),
                    Moment::Detach | Moment::Attach => {}
                }
            }
        }
    }

    /// What looks at the rows of a table and those below is made once these are there, and gone before
    /// they leave.
    pub(super) fn onlookers(
        &self,
        nodes: &[Node<'_>],
        find: &impl Fn(&Id, Moment) -> Option<usize>,
        edge: &mut impl FnMut(Option<usize>, Option<usize>, bool),
    ) {
        // The end of each bond that comes or goes, by the table above it.
        let mut begins: FxHashMap<Id, Vec<(Id, usize)>> = FxHashMap::default();
        let mut ends: FxHashMap<Id, Vec<(Id, usize)>> = FxHashMap::default();
        for (at, node) in nodes.iter().enumerate() {
            let object = match &node.work {
                Work::Create { object, .. } => Some(*object),
                Work::Steps(_) if node.moment == Moment::Drop => self.from.get(node.id),
                Work::Steps(_) => None,
            };
            let is_bond = node.id.kind.space() == Space::Leaf;
            let Some(object) = object.filter(|_| is_bond) else {
                continue;
            };
            if let Ok([below, above]) = <[Id; 2]>::try_from(object.binds()) {
                let bonds = if node.moment == Moment::Drop {
                    &mut ends
                } else {
                    &mut begins
                };
                bonds.entry(above).or_default().push((below, at));
            }
        }
        let family = |bonds: &FxHashMap<Id, Vec<(Id, usize)>>, table: Id| {
            let (mut tables, mut found) = (vec![table], Vec::new());
            while let Some(table) = tables.pop() {
                for (below, at) in bonds.get(&table).into_iter().flatten() {
                    if !found.contains(at) {
                        found.push(*at);
                        tables.push(below.clone());
                    }
                }
            }
            found
        };
        if !begins.is_empty() {
            for (at, node) in nodes.iter().enumerate() {
                if let Work::Create { object, .. } = &node.work
                    && let Some(table) = object.looks_at()
                {
                    for bond in family(&begins, table) {
                        edge(Some(bond), Some(at), true);
                    }
                }
            }
        }
        if !ends.is_empty() {
            for id in self.delta.dropped.iter().chain(&self.replaced) {
                let table = self.from.get(id).and_then(Object::looks_at);
                if let (Some(table), Some(carrier)) = (table, self.carrier(id)) {
                    let goes = find(&carrier, Moment::Drop);
                    for bond in family(&ends, table) {
                        edge(goes, Some(bond), true);
                    }
                }
            }
        }
    }
}

/// Parts of a table that have a place behind their siblings, such as an index that is to be left out
/// when its table is attached, are made after these.
pub(super) fn behind_siblings(
    nodes: &[Node<'_>],
    edge: &mut impl FnMut(Option<usize>, Option<usize>, bool),
) {
    let mut first: FxHashMap<(Tag, &str, &str), Vec<usize>> = FxHashMap::default();
    let mut behind = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        if let Work::Create { object, .. } = &node.work
            && node.id.kind.space() == Space::Leaf
            && node.id.kind.comes_down()
        {
            let table = (
                node.id.kind,
                node.id.schema.as_str(),
                node.id.parent.as_str(),
            );
            match object.rank() {
                0 => first.entry(table).or_default().push(at),
                _ => behind.push((table, at)),
            }
        }
    }
    for (table, at) in behind {
        for sibling in first.get(&table).into_iter().flatten() {
            edge(Some(*sibling), Some(at), true);
        }
    }
}
