//! What is set on a column after it is there.

use std::collections::BTreeMap;

use super::{Column, NotNull};
use crate::id::{Id, relation};
use crate::kinds::view::change_options;
use crate::kinds::{Cx, Descent, Kind, Object, Tag, lineage, names};
use crate::sql::ident;
use crate::step::Step;

/// What is set on a column of a table or a materialized view.
pub(in crate::kinds) struct Settings<'a> {
    pub(in crate::kinds) storage: Option<&'a str>,
    pub(in crate::kinds) usual_storage: Option<&'a str>,
    pub(in crate::kinds) compression: Option<&'a str>,
    pub(in crate::kinds) statistics: Option<i32>,
    pub(in crate::kinds) options: &'a BTreeMap<String, String>,
}

impl Settings<'_> {
    /// What ALTER COLUMN has to say to get there from others.
    pub(in crate::kinds) fn actions(&self, old: &Self) -> Vec<String> {
        let mut actions = Vec::new();
        if old.storage != self.storage {
            let usual = old.usual_storage.unwrap_or("DEFAULT");
            actions.push(format!("SET STORAGE {}", self.storage.unwrap_or(usual)));
        }
        if old.compression != self.compression {
            let method = self.compression.unwrap_or("default");
            actions.push(format!("SET COMPRESSION {method}"));
        }
        if old.statistics != self.statistics {
            let target = self.statistics.unwrap_or(-1);
            actions.push(format!("SET STATISTICS {target}"));
        }
        actions.extend(change_options(old.options, self.options));
        actions
    }
}

impl NotNull {
    /// The words behind a column's name, as far as they can stand there.
    pub(super) fn inline(constraint: Option<&Self>) -> Option<String> {
        let Some(constraint) = constraint else {
            return Some("NOT NULL".to_owned());
        };
        if constraint.not_valid {
            return None;
        }
        let name = constraint.name.as_ref();
        let name = name.map_or_else(String::new, |name| format!("CONSTRAINT {} ", ident(name)));
        let inherit = if constraint.no_inherit {
            " NO INHERIT"
        } else {
            ""
        };
        Some(format!("{name}NOT NULL{inherit}"))
    }
}

impl Column {
    /// Like `alter_column`, for what the tables below say for themselves.
    pub(super) fn alter_only(&self, cx: &Cx<'_>, action: &str) -> Step {
        let mut step = self.alter_column(action);
        if lineage::has_below(cx, &self.schema, &self.table) {
            step.sql = step.sql.replacen("ALTER TABLE ", "ALTER TABLE ONLY ", 1);
        }
        step
    }

    fn held(&self) -> Settings<'_> {
        Settings {
            storage: self.storage.as_deref(),
            usual_storage: self.usual_storage.as_deref(),
            compression: self.compression.as_deref(),
            statistics: self.statistics,
            options: &self.options,
        }
    }

    pub(super) fn alter_this(&self, action: &str) -> Step {
        let mut step = self.alter_column(action);
        step.sql = step.sql.replacen("ALTER TABLE ", "ALTER TABLE ONLY ", 1);
        step
    }

    /// Statements for what CREATE TABLE cannot say, or for the difference from what is there.
    pub(super) fn settings(&self, old: Option<&Self>) -> Vec<Step> {
        let plain = Self::default();
        let fresh = old.is_none();
        let old = old.unwrap_or(&plain);
        let mut steps = Vec::new();
        if fresh && self.not_null && NotNull::inline(self.not_null_constraint.as_ref()).is_none() {
            steps.push(self.add_not_null());
        }
        let mut before = old.held();
        if fresh {
            // CREATE TABLE and ADD COLUMN say it.
            before.compression = self.compression.as_deref();
        }
        let actions = self.held().actions(&before);
        steps.extend(actions.iter().map(|action| self.alter_this(action)));
        steps
    }

    fn not_null_name(&self) -> String {
        let named = self.not_null_constraint.as_ref();
        named
            .and_then(|constraint| constraint.name.clone())
            .unwrap_or_else(|| names::object_name(&self.table, &self.name, "not_null"))
    }

    fn add_not_null(&self) -> Step {
        let constraint = self.not_null_constraint.clone().unwrap_or_default();
        let inherit = if constraint.no_inherit {
            " NO INHERIT"
        } else {
            ""
        };
        let valid = if constraint.not_valid {
            " NOT VALID"
        } else {
            ""
        };
        self.alter_table(&format!(
            "ADD CONSTRAINT {} NOT NULL {}{inherit}{valid}",
            ident(&self.not_null_name()),
            ident(&self.name)
        ))
    }

    /// From one NOT NULL constraint to another, and the name of a new one.
    pub(super) fn change_not_null(&self, new: &Self) -> Vec<Step> {
        if !new.not_null || self.not_null_constraint == new.not_null_constraint && self.not_null {
            return Vec::new();
        }
        let usual = NotNull::default();
        let wanted = new.not_null_constraint.as_ref().unwrap_or(&usual);
        // One that is inherited cannot be renamed, and is called as that of the table above.
        let inherited = self.origin != Descent::Own && new.origin != Descent::Own;
        if !self.not_null {
            // SET NOT NULL made the usual one.
            if *wanted == usual || inherited {
                return Vec::new();
            }
            let named = NotNull {
                name: wanted.name.clone(),
                ..usual.clone()
            };
            if *wanted == named {
                let made = ident(&names::object_name(&new.table, &new.name, "not_null"));
                let name = ident(&new.not_null_name());
                let rename = format!("RENAME CONSTRAINT {made} TO {name}");
                return vec![self.alter_table(&rename)];
            }
            return vec![self.alter_column("DROP NOT NULL"), new.add_not_null()];
        }
        let old = self.not_null_constraint.as_ref().unwrap_or(&usual);
        if wanted.not_valid && !old.not_valid {
            return vec![self.alter_column("DROP NOT NULL"), new.add_not_null()];
        }
        let mut steps = Vec::new();
        let name = ident(&new.not_null_name());
        if !inherited && self.not_null_name() != new.not_null_name() {
            let old = ident(&self.not_null_name());
            steps.push(self.alter_table(&format!("RENAME CONSTRAINT {old} TO {name}")));
        }
        if old.no_inherit != wanted.no_inherit {
            let word = if wanted.no_inherit {
                "NO INHERIT"
            } else {
                "INHERIT"
            };
            steps.push(self.alter_table(&format!("ALTER CONSTRAINT {name} {word}")));
        }
        if old.not_valid && !wanted.not_valid {
            steps.push(self.alter_table(&format!("VALIDATE CONSTRAINT {name}")));
        }
        steps
    }

    /// Whether a table that inherits it is to take NULL all the same.
    pub(super) fn is_nullable_below(&self, cx: &Cx<'_>) -> bool {
        lineage::all_below(cx.to, &self.schema, &self.table).any(|table| {
            let id = Id::in_parent(Tag::Column, &table.schema, &table.name, &self.name);
            matches!(cx.to.get(&id), Some(Object::Column(column)) if !column.not_null)
        })
    }

    /// DROP NOT NULL reaches the tables below; those that keep it get it back.
    pub(super) fn keep_not_null_below(&self, cx: &Cx<'_>) -> Vec<Step> {
        lineage::below(cx.to, &self.schema, &self.table)
            .filter(|table| !cx.is_new(table))
            .filter(|table| {
                let id = Id::in_parent(Tag::Column, &table.schema, &table.name, &self.name);
                let keeps = |o: Option<&Object>| matches!(o, Some(Object::Column(c)) if c.not_null);
                keeps(cx.from.get(&id)) && keeps(cx.to.get(&id))
            })
            .map(|table| {
                let name = relation(&table.schema, &table.name);
                let sql = format!(
                    "ALTER TABLE {name} ALTER COLUMN {} SET NOT NULL;",
                    ident(&self.name)
                );
                Step::alter(self.id(), sql)
            })
            .collect()
    }
}
