//! What all constraints have in common: how they are added, dropped and renamed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Cx, Ref, Tag, lineage};
use crate::catalog::Catalog;
use crate::hazard::HazardKind;
use crate::id::{Id, relation};
use crate::sql::ident;
use crate::step::{Action, Lock, Step, Transaction};

/// What a constraint can have of the index behind it, and when it is checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexBehind {
    /// INCLUDE.
    #[serde(default)]
    pub include: Vec<String>,
    /// WITHOUT OVERLAPS on the last column (Postgres 18 and later).
    #[serde(default)]
    pub without_overlaps: bool,
    /// Storage parameters as SQL text.
    #[serde(default)]
    pub with: BTreeMap<String, String>,
    /// Tablespace; `None` is the database's.
    #[serde(default)]
    pub tablespace: Option<String>,
    /// When it is checked.
    #[serde(default)]
    pub timing: Timing,
}

impl IndexBehind {
    /// The key columns, and everything behind them.
    pub(super) fn columns(&self, columns: &[String]) -> String {
        let overlaps = if self.without_overlaps {
            " WITHOUT OVERLAPS"
        } else {
            ""
        };
        let mut sql = format!("({}{overlaps})", list(columns));
        if !self.include.is_empty() {
            sql += &format!(" INCLUDE ({})", list(&self.include));
        }
        sql += &super::view::with(&self.with);
        if let Some(space) = &self.tablespace {
            sql += &format!(" USING INDEX TABLESPACE {}", ident(space));
        }
        sql + self.timing.words()
    }

    /// Keys over the same columns that are checked at the same time are one to CREATE TABLE.
    pub(super) fn merges(&self, columns: &[String]) -> String {
        let (columns, include) = (list(columns), list(&self.include));
        format!("{columns} {include}{}", self.timing.words())
    }

    /// Statements that change what can be changed of an index that stays; `None` where it cannot.
    pub(super) fn alter(&self, new: &Self, id: &Id) -> Option<Vec<Step>> {
        let rest = Self {
            with: new.with.clone(),
            tablespace: new.tablespace.clone(),
            ..self.clone()
        };
        if rest != *new {
            return None;
        }
        Some(alter_index(
            id,
            (&self.with, &new.with),
            (self.tablespace.as_ref(), new.tablespace.as_ref()),
        ))
    }
}

/// `ALTER INDEX … SET (…)` and `SET TABLESPACE`.
pub(super) fn alter_index(
    id: &Id,
    (with, new_with): (&BTreeMap<String, String>, &BTreeMap<String, String>),
    (space, new_space): (Option<&String>, Option<&String>),
) -> Vec<Step> {
    let mut actions = super::view::change_options(with, new_with);
    if space != new_space {
        let space = new_space.map_or("pg_default", String::as_str);
        actions.push(format!("SET TABLESPACE {}", ident(space)));
    }
    let name = relation(&id.schema, &id.name);
    actions
        .iter()
        .map(|action| Step::alter(id.clone(), format!("ALTER INDEX {name} {action};")))
        .collect()
}

/// When a constraint is checked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timing {
    /// At the end of each statement.
    #[default]
    Immediate,
    /// Likewise, unless a transaction puts it off.
    Deferrable,
    /// At the end of the transaction.
    Deferred,
}

impl Timing {
    /// Behind the definition.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Immediate => "",
            Self::Deferrable => " DEFERRABLE",
            Self::Deferred => " DEFERRABLE INITIALLY DEFERRED",
        }
    }
}

/// Says ONLY where the tables below have constraints of their own that are attached.
pub(super) fn only_here(mut step: Step, cx: &Cx<'_>) -> Step {
    let Id { schema, parent, .. } = &step.object;
    if lineage::is_partitioned(cx, schema, parent) {
        step.sql = step.sql.replacen("ALTER TABLE ", "ALTER TABLE ONLY ", 1);
    }
    step
}

/// `ALTER TABLE … VALIDATE CONSTRAINT …`.
pub(super) fn validate(id: Id) -> Step {
    let sql = format!(
        "ALTER TABLE {} VALIDATE CONSTRAINT {};",
        relation(&id.schema, &id.parent),
        ident(&id.name)
    );
    Step::alter(id, sql).lock(Lock::ShareUpdateExclusive)
}

/// Adds a constraint for what is written from now on, and looks at the rows that are there after a
/// commit, while others read and write.
pub(super) fn add_in_two(id: &Id, definition: &str, lock: Lock) -> Vec<Step> {
    let table = Id::in_schema(super::Tag::Table, &id.schema, &id.parent).path();
    let add = add(id.clone(), &format!("{definition} NOT VALID")).lock(lock);
    let mut check = validate(id.clone()).hazard(
        HazardKind::ValidateRows,
        format!("every row of {table} is checked while others read and write; one that fails stops the migration"),
    );
    check.transaction = Transaction::AfterCommit;
    vec![
        add.because("holds for rows that are written from now on"),
        check.because("the rows that are there"),
    ]
}

/// Whether a step is the one that would read every row while others wait.
pub(super) fn reads_rows(step: &Step) -> bool {
    let mut hazards = step.hazards.iter().map(|hazard| hazard.kind);
    step.action == Action::Create && hazards.any(|kind| kind == HazardKind::ValidateRows)
}

/// Whether a step is the one that would build the index of a key while others wait.
pub(super) fn builds_key(step: &Step) -> bool {
    let mut hazards = step.hazards.iter().map(|hazard| hazard.kind);
    step.action == Action::Create && hazards.any(|kind| kind == HazardKind::UniqueBuild)
}

/// Builds the index of a key while others read and write, and makes it the key's; `word` is `UNIQUE`
/// or `PRIMARY KEY`.
pub(super) fn key_in_two(
    id: &Id,
    columns: &[String],
    nulls: &str,
    behind: &IndexBehind,
    word: &str,
) -> Option<Vec<Step>> {
    if behind.without_overlaps {
        return None;
    }
    let (name, table) = (ident(&id.name), relation(&id.schema, &id.parent));
    let mut sql = format!(
        "CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({})",
        list(columns)
    );
    if !behind.include.is_empty() {
        sql += &format!(" INCLUDE ({})", list(&behind.include));
    }
    sql += nulls;
    sql += &super::view::with(&behind.with);
    if let Some(space) = &behind.tablespace {
        sql += &format!(" TABLESPACE {}", ident(space));
    }
    let path = Id::in_schema(super::Tag::Table, &id.schema, &id.parent).path();
    let mut build = Step::create(id.clone(), sql + ";")
        .lock(Lock::ShareUpdateExclusive)
        .hazard(
            HazardKind::UniqueBuild,
            format!("{path} is read and indexed while others read and write; duplicates stop the migration"),
        );
    build.transaction = Transaction::Alone;
    let timing = behind.timing.words();
    let key = add(id.clone(), &format!("{word} USING INDEX {name}{timing}"));
    Some(vec![
        build,
        key.lock(Lock::AccessExclusive)
            .because("the index is there"),
    ])
}

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

/// Whether a table is one of a type: Postgres renames none of its constraints.
pub(super) fn keeps_name(from: &Catalog, schema: &str, table: &str) -> bool {
    from.belonging(Tag::TableType, schema, table)
        .next()
        .is_some()
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
