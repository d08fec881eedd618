//! Foreign keys.

use serde::{Deserialize, Serialize};

use super::constraint::{self, Timing};
use super::probe::{Probe, has_columns};
use super::{Change, Cx, Descent, GivesWay, Kind, Object, Ref, Renaming, Tag, lineage};
use crate::catalog::Catalog;
use crate::hazard::HazardKind;
use crate::id::{Id, Space, qualified, relation};
use crate::sql::ident;
use crate::step::{Lock, Step};

/// A foreign key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a property of its own"
)]
pub struct ForeignKey {
    /// Schema of the referencing table.
    pub schema: String,
    /// The referencing table.
    pub table: String,
    /// Name of the constraint.
    pub name: String,
    /// Referencing columns.
    pub columns: Vec<String>,
    /// Schema of the referenced table.
    pub to_schema: String,
    /// The referenced table.
    pub to_table: String,
    /// Referenced columns, in the order of `columns`.
    pub to_columns: Vec<String>,
    /// ON DELETE, as SQL words in lower case: `no action`, `set null`.
    pub on_delete: String,
    /// ON UPDATE, likewise.
    pub on_update: String,
    /// Columns that ON DELETE sets, where not all (Postgres 15 and later).
    #[serde(default)]
    pub on_delete_columns: Vec<String>,
    /// MATCH FULL.
    #[serde(default)]
    pub match_full: bool,
    /// PERIOD on the last column of both sides (Postgres 18 and later).
    #[serde(default)]
    pub period: bool,
    /// When it is checked.
    #[serde(default)]
    pub timing: Timing,
    /// NOT VALID.
    #[serde(default)]
    pub not_valid: bool,
    /// NOT ENFORCED (Postgres 18 and later).
    #[serde(default)]
    pub not_enforced: bool,
    /// Where it comes from.
    #[serde(default)]
    pub origin: Descent,
}

impl ForeignKey {
    fn table_id(&self) -> Id {
        Id::in_schema(Tag::Table, &self.schema, &self.table)
    }

    /// Whether a statement on the partitioned table, or becoming a partition of it, makes it.
    fn comes_from_above(&self, cx: &Cx<'_>) -> bool {
        let bond = Id::in_parent(Tag::Partition, &self.schema, &self.table, "");
        self.origin == Descent::Partition
            && (cx.is_new(&bond) || lineage::made_above(cx, &self.id()).is_some())
    }

    fn definition(&self) -> String {
        let list = |columns: &[String]| match columns.split_last() {
            Some((last, others)) if self.period => {
                let mut words: Vec<_> = others.iter().map(|c| ident(c)).collect();
                words.push(format!("PERIOD {}", ident(last)));
                words.join(",")
            }
            _ => constraint::list(columns),
        };
        let full = if self.match_full { " MATCH FULL" } else { "" };
        let set = if self.on_delete_columns.is_empty() {
            String::new()
        } else {
            format!(" ({})", constraint::list(&self.on_delete_columns))
        };
        let enforced = match (self.not_enforced, self.not_valid) {
            (true, _) => " NOT ENFORCED",
            (false, true) => " NOT VALID",
            (false, false) => "",
        };
        format!(
            "FOREIGN KEY ({}) REFERENCES {}({}){full} ON DELETE {}{set} ON UPDATE {}{}{enforced}",
            list(&self.columns),
            qualified(&self.to_schema, &self.to_table),
            list(&self.to_columns),
            self.on_delete,
            self.on_update,
            self.timing.words(),
        )
    }
}

impl Kind for ForeignKey {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "foreign key";
    const QUERY: &'static str = include_str!("foreign_key.sql");
    const ALWAYS_DECLARED: bool = true;
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_parent(Tag::ForeignKey, &self.schema, &self.table, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(self.table_id())
    }

    fn reference(&self) -> String {
        constraint::reference(&self.id())
    }

    fn take_unsaid(&mut self, history: &Self, _: &Catalog, _: Option<&Self>) {
        *self = Self {
            columns: std::mem::take(&mut self.columns),
            to_schema: std::mem::take(&mut self.to_schema),
            to_table: std::mem::take(&mut self.to_table),
            to_columns: std::mem::take(&mut self.to_columns),
            on_delete: std::mem::take(&mut self.on_delete),
            on_update: std::mem::take(&mut self.on_update),
            ..history.clone()
        };
    }

    fn looks_at(&self) -> Option<Id> {
        Some(Id::in_schema(Tag::Table, &self.to_schema, &self.to_table))
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Own(&mut self.name));
        for name in self.columns.iter_mut().chain(&mut self.on_delete_columns) {
            visit(Ref::Column {
                schema: &self.schema,
                relation: &self.table,
                name,
            });
        }
        for name in &mut self.to_columns {
            visit(Ref::Column {
                schema: &self.to_schema,
                relation: &self.to_table,
                name,
            });
        }
        visit(Ref::Relation {
            schema: &mut self.schema,
            name: &mut self.table,
        });
        visit(Ref::Relation {
            schema: &mut self.to_schema,
            name: &mut self.to_table,
        });
    }

    /// The key or unique index that makes the referenced columns unique.
    /// The key that it points at, and that key's table, as it may not be what this table is not.
    fn needs(&self, catalog: &Catalog) -> Vec<Id> {
        let mut wanted: Vec<&str> = self.to_columns.iter().map(String::as_str).collect();
        wanted.sort_unstable();
        let covers = |columns: Vec<&str>| {
            let mut columns = columns;
            columns.sort_unstable();
            columns == wanted
        };
        let table = Id::in_schema(Tag::Table, &self.to_schema, &self.to_table);
        let keys = [Tag::PrimaryKey, Tag::Unique, Tag::Index]
            .into_iter()
            .flat_map(|kind| catalog.belonging(kind, &self.to_schema, &self.to_table))
            .filter(|object| match object {
                Object::PrimaryKey(key) => covers(key.columns.iter().map(String::as_str).collect()),
                Object::Unique(key) => covers(key.columns.iter().map(String::as_str).collect()),
                Object::Index(index) => index.plain_unique_columns().is_some_and(covers),
                _ => false,
            })
            .map(Object::id);
        std::iter::once(table)
            .filter(|table| catalog.contains(table))
            .chain(keys)
            .collect()
    }

    fn same(&self, new: &Self) -> bool {
        let moved = Self {
            origin: new.origin,
            ..self.clone()
        };
        moved == *new
    }

    fn probes(&self, _: Option<&Self>, from: &Catalog) -> Vec<Probe> {
        let there = has_columns(from, &self.schema, &self.table, &self.columns)
            && has_columns(from, &self.to_schema, &self.to_table, &self.to_columns);
        if !there || self.not_valid || self.not_enforced || self.period {
            return Vec::new();
        }
        let table = relation(&self.schema, &self.table);
        let filled: Vec<String> = self
            .columns
            .iter()
            .map(|c| format!("{table}.{} IS NOT NULL", ident(c)))
            .collect();
        let pairs = self.columns.iter().zip(&self.to_columns);
        let equal: Vec<String> = pairs
            .map(|(own, other)| format!("there.{} = {table}.{}", ident(other), ident(own)))
            .collect();
        let condition = format!(
            "{} AND NOT EXISTS (SELECT FROM {} there WHERE {})",
            filled.join(" AND "),
            relation(&self.to_schema, &self.to_table),
            equal.join(" AND ")
        );
        let what = format!(
            "{} ({}) without its row of {}",
            Id::in_schema(Tag::Table, &self.schema, &self.table).path(),
            self.columns.join(", "),
            Id::in_schema(Tag::Table, &self.to_schema, &self.to_table).path(),
        );
        let place = (self.schema.as_str(), self.table.as_str());
        vec![Probe::rows(self.id(), what, place, &condition, from)]
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        if self.comes_from_above(cx) {
            return Vec::new();
        }
        let mut step = constraint::add(self.id(), &self.definition());
        if !cx.is_new(&self.table_id()) && !self.not_valid && !self.not_enforced {
            step = step.lock(Lock::ShareRowExclusive).hazard(
                HazardKind::ValidateRows,
                format!(
                    "every row of {} is looked up in {} while writers of both wait; one without a match stops the migration",
                    self.table_id().path(),
                    Id::in_schema(Tag::Table, &self.to_schema, &self.to_table).path()
                ),
            );
        }
        vec![step]
    }

    fn drop(&self, cx: &Cx<'_>) -> Vec<Step> {
        if self.origin != Descent::Own && lineage::goes_above(cx, &self.id()) {
            return Vec::new();
        }
        constraint::drop(self.id())
    }

    fn alter(&self, new: &Self, cx: &Cx<'_>) -> Change {
        let validates = self.not_valid && !new.not_valid && !new.not_enforced;
        let changed = Self {
            timing: new.timing,
            not_valid: new.not_valid,
            not_enforced: new.not_enforced,
            ..self.clone()
        };
        let loses = new.not_valid && !self.not_valid && !new.not_enforced;
        if !changed.same(new) || loses {
            return Change::Replace;
        }
        // The partitioned table's statement does it here too.
        if self.origin != Descent::Own && lineage::kept_above(cx, &self.id()).is_some() {
            return Change::quiet(Vec::new());
        }
        let mut steps = Vec::new();
        let alter = |words: &str| {
            let table = relation(&self.schema, &self.table);
            let name = ident(&self.name);
            let sql = format!("ALTER TABLE {table} ALTER CONSTRAINT {name}{words};");
            Step::alter(self.id(), sql).lock(Lock::AccessExclusive)
        };
        if self.timing != new.timing {
            steps.push(alter(match new.timing {
                Timing::Immediate => " NOT DEFERRABLE",
                Timing::Deferrable => " DEFERRABLE INITIALLY IMMEDIATE",
                Timing::Deferred => " DEFERRABLE INITIALLY DEFERRED",
            }));
        }
        if self.not_enforced != new.not_enforced {
            let word = if new.not_enforced {
                " NOT ENFORCED"
            } else {
                " ENFORCED"
            };
            steps.push(alter(word));
        } else if validates {
            steps.push(constraint::validate(self.id()));
        }
        Change::quiet(steps)
    }

    fn online(&self, step: &Step, cx: &Cx<'_>) -> Option<Vec<Step>> {
        // Postgres takes no NOT VALID for those of partitioned tables.
        let partitioned = lineage::is_partitioned(cx, &self.schema, &self.table);
        (constraint::reads_rows(step) && !partitioned).then(|| {
            constraint::add_in_two(&self.id(), &self.definition(), Lock::ShareRowExclusive)
        })
    }

    fn keeps_name(&self, from: &Catalog) -> bool {
        constraint::keeps_name(from, &self.schema, &self.table)
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        if self.origin != Descent::Own {
            return Vec::new();
        }
        constraint::rename(&self.id(), new.id())
    }

    fn gives_way(&self, below: &Object, _: bool) -> GivesWay {
        match below {
            // That of the partitioned table.
            Object::ForeignKey(_) => {
                let bond = Id::in_parent(Tag::Partition, &self.schema, &self.table, "");
                GivesWay::RebuildUnder(bond)
            }
            _ => GivesWay::Rebuild,
        }
    }
}
