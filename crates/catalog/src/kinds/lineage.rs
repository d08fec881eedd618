//! What a table has from the tables above it: their statements do it here too.

use serde::{Deserialize, Serialize};

use super::{Cx, Object, Tag};
use crate::catalog::Catalog;
use crate::id::Id;

/// Where a part of a table comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Descent {
    /// It is the table's own.
    #[default]
    Own,
    /// It comes from a table that this one inherits from, and from nowhere else.
    Inherited,
    /// The table is a partition and has it from the partitioned table.
    Partition,
}

/// A table's bond to one above it.
struct Bond<'a> {
    object: &'a Object,
    schema: &'a str,
    table: &'a str,
}

fn bonds<'a>(catalog: &'a Catalog, schema: &str, table: &str) -> std::vec::IntoIter<Bond<'a>> {
    let partition = catalog.belonging(Tag::Partition, schema, table);
    let inheritance = catalog.belonging(Tag::Inheritance, schema, table);
    let bonds: Vec<_> = partition.chain(inheritance).filter_map(bond).collect();
    bonds.into_iter()
}

fn bond(object: &Object) -> Option<Bond<'_>> {
    let (schema, table) = match object {
        Object::Partition(p) => (&p.parent_schema, &p.parent),
        Object::Inheritance(i) => (&i.parent_schema, &i.parent),
        _ => return None,
    };
    Some(Bond {
        object,
        schema,
        table,
    })
}

impl Bond<'_> {
    /// What is called the same in the table above.
    fn above(&self, id: &Id) -> Id {
        Id::in_parent(id.kind, self.schema, self.table, &id.name)
    }

    /// Whether it holds through the whole plan.
    fn stays(&self, cx: &Cx<'_>) -> bool {
        let id = self.object.id();
        let is = |catalog: &Catalog| catalog.get(&id).is_some_and(|o| o.same(self.object));
        is(cx.from) && is(cx.to) && !cx.is_new(&id)
    }
}

/// What makes this part of a table when it is made there, in the table above.
pub(super) fn made_above<'a>(cx: &Cx<'a>, id: &Id) -> Option<&'a Object> {
    let table = Id::in_schema(Tag::Table, &id.schema, &id.parent);
    bonds(cx.to, &id.schema, &id.parent).find_map(|bond| {
        let above = bond.above(id);
        let at_birth = bond.object.id().kind == Tag::Inheritance && cx.is_new(&table);
        let comes = at_birth || (bond.stays(cx) && cx.is_new(&above));
        cx.to.get(&above).filter(|_| comes)
    })
}

/// Whether it goes when what it comes from goes in the table above.
pub(super) fn goes_above(cx: &Cx<'_>, id: &Id) -> bool {
    bonds(cx.from, &id.schema, &id.parent).any(|bond| {
        let above = bond.above(id);
        bond.stays(cx) && cx.from.contains(&above) && (!cx.to.contains(&above) || cx.is_new(&above))
    })
}

/// The same in a table above, before and after, where it stays there.
pub(super) fn kept_above<'a>(cx: &Cx<'a>, id: &Id) -> Option<(&'a Object, &'a Object)> {
    bonds(cx.from, &id.schema, &id.parent).find_map(|bond| {
        let above = bond.above(id);
        if !bond.stays(cx) || cx.is_new(&above) {
            return None;
        }
        Some((cx.from.get(&above)?, cx.to.get(&above)?))
    })
}

/// The same in the tables above, in one catalog.
pub(super) fn all_above(catalog: &Catalog, id: &Id) -> Vec<Id> {
    bonds(catalog, &id.schema, &id.parent)
        .map(|bond| bond.above(id))
        .filter(|above| catalog.contains(above))
        .collect()
}

/// Tables directly below one, in the end.
pub(super) fn below<'a>(
    catalog: &'a Catalog,
    schema: &'a str,
    table: &'a str,
) -> impl Iterator<Item = Id> + 'a {
    [Tag::Partition, Tag::Inheritance]
        .into_iter()
        .flat_map(|kind| catalog.of_kind(kind))
        .filter_map(|(_, object)| bond(object))
        .filter(move |bond| bond.schema == schema && bond.table == table)
        .map(|bond| {
            let id = bond.object.id();
            Id::in_schema(Tag::Table, &id.schema, &id.parent)
        })
}

/// Tables below one at any depth.
pub(super) fn all_below(catalog: &Catalog, schema: &str, table: &str) -> impl Iterator<Item = Id> {
    let mut found: Vec<Id> = below(catalog, schema, table).collect();
    let mut at = 0;
    while let Some(table) = found.get(at).cloned() {
        at += 1;
        let more = below(catalog, &table.schema, &table.name);
        let more: Vec<Id> = more.filter(|id| !found.contains(id)).collect();
        found.extend(more);
    }
    found.into_iter()
}

/// Whether statements about a table reach others too unless they say ONLY.
pub(super) fn has_below(cx: &Cx<'_>, schema: &str, table: &str) -> bool {
    let any = |catalog| below(catalog, schema, table).next().is_some();
    any(cx.from) || any(cx.to)
}

/// Whether a table is partitioned in the end.
pub(super) fn is_partitioned(cx: &Cx<'_>, schema: &str, table: &str) -> bool {
    let id = Id::in_schema(Tag::Table, schema, table);
    matches!(cx.to.get(&id), Some(Object::Table(table)) if table.partition_by.is_some())
}

/// Whether the index of a partition goes with that of its partitioned table.
pub(super) fn index_goes_above(cx: &Cx<'_>, id: &Id) -> bool {
    let bond_stays = bonds(cx.from, &id.schema, &id.parent).any(|bond| bond.stays(cx));
    let attachment = Id::in_parent(Tag::IndexPartition, &id.schema, &id.parent, &id.name);
    match cx.from.get(&attachment) {
        Some(Object::IndexPartition(attached)) => attached
            .above(cx.from)
            .is_some_and(|above| bond_stays && (!cx.to.contains(&above) || cx.is_new(&above))),
        _ => false,
    }
}
