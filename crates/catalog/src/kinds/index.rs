//! Indexes, other than those behind constraints.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::data_type::Conversion;
use super::probe::{Probe, has_columns};
use super::{
    Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag, constraint, index_partition,
    index_text, lineage,
};
use crate::catalog::Catalog;
use crate::hazard::HazardKind;
use crate::id::{Id, Space, relation};
use crate::sql::ident;
use crate::step::{Action, Lock, Step, Transaction};

/// An index.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a property of its own"
)]
pub struct Index {
    /// Schema of its table, and its own.
    pub schema: String,
    /// Its table or materialized view.
    pub table: String,
    /// Its name.
    pub name: String,
    /// Access method: `btree`.
    pub method: String,
    /// Columns and expressions in order.
    pub columns: Vec<IndexColumn>,
    /// UNIQUE.
    pub unique: bool,
    /// Predicate of a partial index.
    pub predicate: Option<String>,
    /// Storage parameters as SQL text.
    pub with: BTreeMap<String, String>,
    /// Whether it is to be built with CONCURRENTLY; no property of the index itself.
    pub concurrently: bool,
    /// INCLUDE: columns that are no keys.
    #[serde(default)]
    pub include: Vec<String>,
    /// NULLS NOT DISTINCT (Postgres 15 and later).
    #[serde(default)]
    pub nulls_not_distinct: bool,
    /// Tablespace; `None` is the database's.
    #[serde(default)]
    pub tablespace: Option<String>,
    /// STATISTICS targets by number of the key, counted from 1.
    #[serde(default)]
    pub statistics: BTreeMap<u16, i32>,
    /// Whether its build failed half-way, so that no query uses it.
    #[serde(default)]
    pub invalid: bool,
    /// Whether it is one of a partitioned table: partitions attach theirs.
    #[serde(default)]
    pub partitioned: bool,
    /// Whether it is one of a partition, and no part of an index above; no property of the index itself.
    #[serde(default)]
    pub apart: bool,
    /// Whether it is one of a materialized view.
    #[serde(default)]
    pub materialized: bool,
}

/// One key of an index.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexColumn {
    /// Column name, or SQL text where `is_expression`.
    pub expression: String,
    /// Whether `expression` is SQL rather than a column name.
    pub is_expression: bool,
    /// Collation as SQL text, where it is not the column's own.
    #[serde(default)]
    pub collation: Option<String>,
    /// Operator class as SQL text.
    pub operator_class: Option<String>,
    /// DESC.
    pub descending: bool,
    /// Where NULLs sort; `None` where the access method does not sort.
    pub nulls: Option<Nulls>,
}

/// Where NULLs sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nulls {
    /// NULLS FIRST, the default of DESC.
    First,
    /// NULLS LAST, the default of ASC.
    Last,
}

impl Index {
    fn table_id(&self) -> Id {
        let kind = if self.materialized {
            Tag::MaterializedView
        } else {
            Tag::Table
        };
        Id::in_schema(kind, &self.schema, &self.table)
    }

    /// Columns of a unique index that a foreign key can point at.
    pub(super) fn plain_unique_columns(&self) -> Option<Vec<&str>> {
        let plain = self.unique
            && self.predicate.is_none()
            && self.columns.iter().all(|column| !column.is_expression);
        plain.then(|| self.columns.iter().map(|c| c.expression.as_str()).collect())
    }

    fn change_statistics(&self, old: &BTreeMap<u16, i32>) -> Vec<Step> {
        let keys = old.keys().chain(self.statistics.keys());
        let keys: std::collections::BTreeSet<_> = keys.collect();
        let name = relation(&self.schema, &self.name);
        keys.into_iter()
            .filter(|key| old.get(key) != self.statistics.get(key))
            .map(|key| {
                let target = self.statistics.get(key).copied().unwrap_or(-1);
                let sql = format!("ALTER INDEX {name} ALTER COLUMN {key} SET STATISTICS {target};");
                Step::alter(self.id(), sql)
            })
            .collect()
    }

    fn has_expression(&self) -> bool {
        self.predicate.is_some() || self.columns.iter().any(|column| column.is_expression)
    }

    fn create_sql(&self, concurrently: bool) -> String {
        let columns: Vec<_> = self.columns.iter().map(|c| c.sql(&self.method)).collect();
        let mut sql = format!(
            "CREATE {}INDEX {}{} ON {}{} USING {} ({})",
            if self.unique { "UNIQUE " } else { "" },
            if concurrently { "CONCURRENTLY " } else { "" },
            ident(&self.name),
            if self.partitioned { "ONLY " } else { "" },
            relation(&self.schema, &self.table),
            self.method,
            columns.join(", "),
        );
        if !self.include.is_empty() {
            sql += &format!(" INCLUDE ({})", constraint::list(&self.include));
        }
        if self.nulls_not_distinct {
            sql += " NULLS NOT DISTINCT";
        }
        if !self.with.is_empty() {
            let with: Vec<_> = self.with.iter().map(|(k, v)| format!("{k}={v}")).collect();
            sql += &format!(" WITH ({})", with.join(","));
        }
        if let Some(space) = &self.tablespace {
            sql += &format!(" TABLESPACE {}", ident(space));
        }
        if let Some(predicate) = &self.predicate {
            sql += &format!(" WHERE {predicate}");
        }
        sql + ";"
    }
}

impl IndexColumn {
    fn sql(&self, method: &str) -> String {
        let mut sql = if self.is_expression {
            index_text::key(&self.expression)
        } else {
            ident(&self.expression)
        };
        if let Some(collation) = &self.collation {
            sql += &format!(" COLLATE {collation}");
        }
        if let Some(class) = &self.operator_class {
            sql += &format!(" {class}");
        }
        // Other access methods do not sort, and Postgres refuses the words.
        if method == "btree" {
            if self.descending {
                sql += " DESC";
            }
            match (self.nulls, self.descending) {
                (Some(Nulls::First), false) => sql += " NULLS FIRST",
                (Some(Nulls::Last), true) => sql += " NULLS LAST",
                _ => {}
            }
        }
        sql
    }
}

impl Kind for Index {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "index";
    const QUERY: &'static str = include_str!("index.sql");
    const ALWAYS_DECLARED: bool = true;
    const FALLS_WITH_PARENT: bool = true;
    const NAMES_INDEX: bool = true;
    const COMES_DOWN: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_parent(Tag::Index, &self.schema, &self.table, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(self.table_id())
    }

    fn reference(&self) -> String {
        format!("INDEX {}", relation(&self.schema, &self.name))
    }

    fn take_unsaid(&mut self, history: &Self, _: &Catalog, _: Option<&Self>) {
        if self.columns == history.columns {
            self.include.clone_from(&history.include);
            self.nulls_not_distinct = history.nulls_not_distinct;
            self.tablespace.clone_from(&history.tablespace);
            self.statistics.clone_from(&history.statistics);
            self.partitioned = history.partitioned;
        }
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Own(&mut self.name));
        for name in &mut self.include {
            visit(Ref::Column {
                schema: &self.schema,
                relation: &self.table,
                name,
            });
        }
        for column in &mut self.columns {
            if column.is_expression {
                visit(Ref::Expression {
                    sql: &mut column.expression,
                    relation: Some((&self.schema, &self.table)),
                });
            } else {
                visit(Ref::Column {
                    schema: &self.schema,
                    relation: &self.table,
                    name: &mut column.expression,
                });
            }
        }
        if let Some(sql) = &mut self.predicate {
            visit(Ref::Expression {
                sql,
                relation: Some((&self.schema, &self.table)),
            });
        }
        visit(Ref::Relation {
            schema: &mut self.schema,
            name: &mut self.table,
        });
    }

    fn same(&self, new: &Self) -> bool {
        if self == new {
            return true;
        }
        let mut same_way = self.clone();
        same_way.concurrently = new.concurrently;
        same_way.apart = new.apart;
        // Nobody wants an invalid one, and that of a partitioned table follows its partitions'.
        if new.invalid || self.partitioned {
            same_way.invalid = new.invalid;
        }
        same_way == *new
    }

    /// ATTACH takes the first that fits, and is not strict about it: DESC counts for nothing.
    fn rank(&self) -> u32 {
        u32::from(self.apart)
    }

    fn probes(&self, _: Option<&Self>, from: &Catalog) -> Vec<Probe> {
        let columns: Vec<String> = self.columns.iter().map(|c| c.expression.clone()).collect();
        let plain = self.columns.iter().all(|column| !column.is_expression);
        if !self.unique || !plain || !has_columns(from, &self.schema, &self.table, &columns) {
            return Vec::new();
        }
        let place = (self.schema.as_str(), self.table.as_str());
        vec![Probe::duplicates(
            self.id(),
            place,
            &columns,
            self.predicate.as_deref(),
        )]
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        let table = self.table_id();
        // Nobody waits for a table that did not exist before.
        let concurrently = self.concurrently && !cx.is_new(&table);
        let mut step = Step::create(self.id(), self.create_sql(concurrently));
        if concurrently {
            step.transaction = Transaction::Alone;
            step.lock = Some(Lock::ShareUpdateExclusive);
        } else if !cx.is_new(&table) {
            let kind = if self.unique {
                HazardKind::UniqueBuild
            } else {
                HazardKind::IndexBuild
            };
            let duplicates = if self.unique {
                "; duplicates stop the migration"
            } else {
                ""
            };
            step = step.lock(Lock::Share).hazard(
                kind,
                format!(
                    "writers of {} wait while {} is built{duplicates}",
                    table.path(),
                    self.name
                ),
            );
        }
        let mut steps = vec![step];
        steps.extend(self.change_statistics(&BTreeMap::new()));
        steps
    }

    fn drop(&self, cx: &Cx<'_>) -> Vec<Step> {
        if lineage::index_goes_above(cx, &self.id()) {
            return Vec::new();
        }
        let sql = format!("DROP INDEX {};", relation(&self.schema, &self.name));
        vec![Step::drop(self.id(), sql).lock(Lock::AccessExclusive)]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        let changed = Self {
            with: new.with.clone(),
            tablespace: new.tablespace.clone(),
            statistics: new.statistics.clone(),
            ..self.clone()
        };
        if !changed.same(new) {
            return Change::Replace;
        }
        let mut steps = constraint::alter_index(
            &self.id(),
            (&self.with, &new.with),
            (self.tablespace.as_ref(), new.tablespace.as_ref()),
        );
        steps.extend(new.change_statistics(&self.statistics));
        Change::quiet(steps)
    }

    fn online(&self, step: &Step, _: &Cx<'_>) -> Option<Vec<Step>> {
        // That of a partitioned table has no such form: its partitions' have.
        if self.partitioned || step.transaction == Transaction::Alone {
            return None;
        }
        let builds = |kind| matches!(kind, HazardKind::IndexBuild | HazardKind::UniqueBuild);
        let mut step = match step.action {
            Action::Drop => {
                let name = relation(&self.schema, &self.name);
                Step::drop(self.id(), format!("DROP INDEX CONCURRENTLY {name};"))
            }
            Action::Create if step.hazards.iter().any(|hazard| builds(hazard.kind)) => {
                let step = Step::create(self.id(), self.create_sql(true));
                if self.unique {
                    step.hazard(
                        HazardKind::UniqueBuild,
                        format!(
                            "duplicates in {} stop the migration",
                            self.table_id().path()
                        ),
                    )
                } else {
                    step
                }
            }
            _ => return None,
        };
        step.transaction = Transaction::Alone;
        Some(vec![step.lock(Lock::ShareUpdateExclusive)])
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        let sql = format!(
            "ALTER INDEX {} RENAME TO {};",
            relation(&self.schema, &self.name),
            ident(&new.name)
        );
        vec![Step::rename(new.id(), sql)]
    }

    fn stays_on(&self, old: &Object, new: &Object) -> bool {
        let (Object::Column(old), Object::Column(new)) = (old, new) else {
            return true;
        };
        let sorts = matches!(self.method.as_str(), "btree" | "hash");
        let named = (self.columns.iter()).any(|column| column.operator_class.is_some());
        // The new type may have no operator class of that method, or of that name.
        sorts && !named || old.data_type.conversion(&new.data_type) == Conversion::None
    }

    fn gives_way(&self, below: &Object, replaced: bool) -> GivesWay {
        if replaced && let Some(bond) = index_partition::bond_to(&self.id(), below) {
            return GivesWay::RebuildUnder(bond);
        }
        // Postgres rebuilds plain indexes itself; a stored expression may not fit the new type.
        if replaced || self.has_expression() {
            GivesWay::Rebuild
        } else {
            GivesWay::Stay
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_get_parentheses_where_postgres_wants_them() {
        for (text, sql) in [
            ("lower(email)", "lower(email)"),
            ("a || b", "(a || b)"),
            ("(a || b)", "(a || b)"),
            ("(a) || (b)", "((a) || (b))"),
            ("f(a) || f(b)", "(f(a) || f(b))"),
            ("data->>')'", "(data->>')')"),
        ] {
            let column = IndexColumn {
                expression: text.to_owned(),
                is_expression: true,
                nulls: Some(Nulls::Last),
                ..IndexColumn::default()
            };
            assert_eq!(column.sql("btree"), sql);
        }
    }
}
