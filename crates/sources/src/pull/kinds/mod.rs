//! What TypeScript can say of each kind, and how it says it: one kind, one file. This list is the
//! only place that names them all; what is not in it is SQL's.

mod check;
mod column;
mod column_type;
mod default;
mod enum_type;
mod foreign_key;
mod index;
mod policy;
mod primary_key;
mod role;
mod schema;
mod sequence;
mod serial;
mod table;
mod unique;
mod view;

use super::page::Page;
use super::said::Said;
use driftless_catalog::{Catalog, Id, Object, Tag};
use serial::Serials;
use std::collections::BTreeSet;

/// How much of an object TypeScript says.
pub(super) enum Part {
    /// All of it.
    Whole,
    /// This much; and what of the rest.
    Some(Box<Object>, &'static str),
    /// None of it, and why.
    Nothing(&'static str),
    /// There are no words for its kind.
    NoWords,
}

impl Part {
    /// All of it where nothing speaks against it.
    fn unless(against: &[(bool, &'static str)]) -> Self {
        match against.iter().find(|(speaks, _)| *speaks) {
            Some((_, why)) => Self::Nothing(why),
            None => Self::Whole,
        }
    }

    /// All of it where the part is the whole.
    fn of(whole: &Object, part: impl Into<Object>, why: &'static str) -> Self {
        let part = part.into();
        if part == *whole {
            Self::Whole
        } else {
            Self::Some(Box::new(part), why)
        }
    }
}

/// What a kind may look at to decide.
pub(super) struct Cx<'a> {
    pub(super) live: &'a Catalog,
    in_sql: &'a BTreeSet<Id>,
    left_out: BTreeSet<Id>,
    serials: Serials,
}

impl<'a> Cx<'a> {
    pub(super) fn new(live: &'a Catalog, in_sql: &'a BTreeSet<Id>) -> Self {
        Self {
            live,
            in_sql,
            left_out: BTreeSet::new(),
            serials: Serials::of(live),
        }
    }

    /// Everything that belongs to it goes to SQL as well.
    pub(super) fn leave_out(&mut self, id: &Id) {
        self.left_out.insert(id.clone());
    }

    fn has_table(&self, schema: &str, table: &str) -> bool {
        let id = Id::in_schema(Tag::Table, schema, table);
        self.live.contains(&id) && !self.left_out.contains(&id)
    }
}

/// Kinds whose objects have a constant, with the word that tells namesakes apart; the first gets
/// the plain name.
pub(super) const NAMED: [(Tag, &str); 7] = [
    (Tag::Table, "table"),
    (Tag::EnumType, "enum"),
    (Tag::View, "view"),
    (Tag::MaterializedView, "view"),
    (Tag::Schema, "schema"),
    (Tag::Role, "role"),
    (Tag::Sequence, "sequence"),
];

/// Kinds with statements of their own in the order of the page; those of one entry mingle.
pub(super) const WRITTEN: [&[Tag]; 6] = [
    &[Tag::Schema],
    &[Tag::EnumType],
    &[Tag::Role],
    &[Tag::Sequence],
    &[Tag::Table],
    &[Tag::View, Tag::MaterializedView],
];

/// The SQL file of a kind, where it is not called after the kind: whose a thing is and who may use
/// it is said in one order.
pub(super) fn file(kind: Tag) -> Option<&'static str> {
    match kind {
        Tag::Owner | Tag::Grants | Tag::MemberGrants | Tag::DefaultPrivileges => Some("privileges"),
        _ => None,
    }
}

/// Whether others go to SQL with it.
pub(super) fn holds(kind: Tag) -> bool {
    kind == Tag::Table
}

/// The table or view that an object belongs to.
pub(super) fn owner(id: &Id) -> Id {
    let kind = match id.kind {
        Tag::SequenceOwner => Tag::Sequence,
        _ => Tag::Table,
    };
    Id::in_schema(kind, &id.schema, &id.parent)
}

/// The id of a schema.
pub(super) fn schema_id(name: &str) -> Id {
    Id::global(Tag::Schema, name)
}

/// How much of an object TypeScript says.
pub(super) fn part(object: &Object, cx: &Cx<'_>) -> Part {
    let id = object.id();
    if cx.in_sql.contains(&id) {
        return Part::Nothing("TypeScript and SQL together did not come to the same");
    }
    let in_table = !id.parent.is_empty() && cx.left_out.contains(&owner(&id));
    if in_table {
        return Part::NoWords;
    }
    match object {
        Object::Schema(_) => Part::Whole,
        Object::Role(role) => role::part(role),
        Object::EnumType(one) => enum_type::part(one),
        Object::Sequence(one) => sequence::part(one, cx),
        Object::SequenceOwner(owner) => serial::owner_part(owner, cx),
        Object::Table(table) => table::part(table, object, cx),
        Object::Column(column) => column::part(column, object),
        Object::PrimaryKey(key) => primary_key::part(key),
        Object::Unique(unique) => unique::part(unique),
        Object::Check(check) => check::part(check),
        Object::ForeignKey(key) => foreign_key::part(key, cx),
        Object::Index(index) => index::part(index, cx),
        Object::Policy(policy) => policy::part(policy, cx),
        Object::View(view) => view::part(view, object),
        Object::MaterializedView(view) => view::materialized_part(view),
        _ => Part::NoWords,
    }
}

/// Whether an object has a statement of its own: not the sequence of a `serial`.
pub(super) fn has_statement(said: &Said, id: &Id) -> bool {
    id.kind != Tag::Sequence
        || said
            .catalog
            .belonging(Tag::SequenceOwner, &id.schema, &id.name)
            .next()
            .is_none()
}

/// What should be on the page before it.
pub(super) fn needs(said: &Said, id: &Id, object: &Object, live: &Catalog) -> BTreeSet<Id> {
    match object {
        Object::Table(table) => foreign_key::targets(said, table),
        _ => live.needs_of(id, object).into_iter().collect(),
    }
}

/// The statement that exports an object.
pub(super) fn statement<'a>(object: &'a Object, page: &mut Page<'a>) -> String {
    match object {
        Object::Schema(schema) => schema::statement(schema, page),
        Object::Role(role) => role::statement(role, page),
        Object::EnumType(one) => enum_type::statement(one, page),
        Object::Sequence(one) => sequence::statement(one, page),
        Object::Table(table) => table::statement(table, page),
        Object::View(view) => view::statement(view, page),
        Object::MaterializedView(view) => view::materialized_statement(view, page),
        _ => String::new(),
    }
}

/// What the page may import: no constant has such a name.
pub(super) const IMPORTS: &[&str] = &[
    "AnyPgColumn",
    "bigint",
    "bigserial",
    "bit",
    "boolean",
    "char",
    "check",
    "cidr",
    "customType",
    "date",
    "doublePrecision",
    "foreignKey",
    "geometry",
    "halfvec",
    "index",
    "inet",
    "integer",
    "interval",
    "json",
    "jsonb",
    "line",
    "macaddr",
    "macaddr8",
    "numeric",
    "pgEnum",
    "pgMaterializedView",
    "pgPolicy",
    "pgRole",
    "pgSchema",
    "pgSequence",
    "pgTable",
    "pgView",
    "point",
    "primaryKey",
    "real",
    "serial",
    "smallint",
    "smallserial",
    "sparsevec",
    "sql",
    "text",
    "time",
    "timestamp",
    "unique",
    "uniqueIndex",
    "uuid",
    "varchar",
    "vector",
    // What runs beside it calls these as if they were its own.
    "Buffer",
    "Date",
    "Object",
    "Array",
    "String",
    "Number",
    "Boolean",
    "Symbol",
    "Promise",
];
