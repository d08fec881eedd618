//! What all constraints have in common: how they are added, dropped and renamed.

use super::Ref;
use crate::id::{Id, relation};
use crate::sql::ident;
use crate::step::{Lock, Step};

/// The names that a constraint over columns of its table holds.
pub(super) fn refs(
    name: &mut String,
    schema: &mut String,
    table: &mut String,
    columns: &mut [String],
    visit: &mut dyn FnMut(Ref<'_>),
) {
    visit(Ref::Own(name));
    for name in columns {
        visit(Ref::Column {
            schema,
            relation: table,
            name,
        });
    }
    visit(Ref::Relation {
        schema,
        name: table,
    });
}

/// `CONSTRAINT "name" ON "table"`, as COMMENT has it.
pub(super) fn reference(id: &Id) -> String {
    format!(
        "CONSTRAINT {} ON {}",
        ident(&id.name),
        relation(&id.schema, &id.parent)
    )
}

/// `ALTER TABLE … ADD CONSTRAINT … <definition>`.
pub(super) fn add(id: Id, definition: &str) -> Step {
    let sql = format!(
        "ALTER TABLE {} ADD {};",
        relation(&id.schema, &id.parent),
        named(&id.name, definition)
    );
    Step::create(id, sql)
}

/// `CONSTRAINT "name" <definition>`.
pub(super) fn named(name: &str, definition: &str) -> String {
    format!("CONSTRAINT {} {definition}", ident(name))
}

/// `ALTER TABLE … DROP CONSTRAINT …`.
pub(super) fn drop(id: Id) -> Vec<Step> {
    let sql = format!(
        "ALTER TABLE {} DROP CONSTRAINT {};",
        relation(&id.schema, &id.parent),
        ident(&id.name)
    );
    vec![Step::drop(id, sql).lock(Lock::AccessExclusive)]
}

/// `ALTER TABLE … RENAME CONSTRAINT … TO …`.
pub(super) fn rename(old: &Id, new: Id) -> Vec<Step> {
    let sql = format!(
        "ALTER TABLE {} RENAME CONSTRAINT {} TO {};",
        relation(&new.schema, &new.parent),
        ident(&old.name),
        ident(&new.name)
    );
    vec![Step::rename(new, sql).lock(Lock::AccessExclusive)]
}

/// `"a","b"`.
pub(super) fn list(columns: &[String]) -> String {
    columns
        .iter()
        .map(|column| ident(column))
        .collect::<Vec<_>>()
        .join(",")
}
