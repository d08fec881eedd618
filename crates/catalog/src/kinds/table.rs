//! Tables: the bare table and its row security. Columns and constraints are kinds of their own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::options::{self, Options};
use super::view::{change_options, with};
use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag, lineage, names};
use crate::catalog::Catalog;
use crate::hazard::HazardKind;
use crate::id::{Id, Space, qualified, relation};
use crate::sql::ident;
use crate::step::{Lock, Step};

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// ENABLE ROW LEVEL SECURITY.
    pub row_security: bool,
    /// FORCE ROW LEVEL SECURITY: for the owner too.
    #[serde(default)]
    pub force_row_security: bool,
    /// What follows PARTITION BY: `RANGE (created_at)`.
    #[serde(default)]
    pub partition_by: Option<String>,
    /// Columns that its partition key is made of.
    #[serde(default)]
    pub partition_columns: Vec<String>,
    /// UNLOGGED.
    #[serde(default)]
    pub unlogged: bool,
    /// Storage parameters as SQL text, those of its TOAST table as `toast.name`.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// Table access method; `None` is `heap`.
    #[serde(default)]
    pub access_method: Option<String>,
    /// Tablespace; `None` is the database's.
    #[serde(default)]
    pub tablespace: Option<String>,
    /// Tables that it inherits from when it is created; afterwards [`super::Inheritance`] says it.
    #[serde(default)]
    pub inherits: Vec<Above>,
    /// For a foreign table: where its rows are.
    #[serde(default)]
    pub foreign: Option<Foreign>,
}

/// Tables that hold rows of their own, each with its name in SQL.
pub fn tables_with_rows(catalog: &Catalog) -> impl Iterator<Item = (&Id, String)> {
    let tables = catalog.of_kind(Tag::Table);
    tables.filter_map(|(id, object)| match object {
        Object::Table(table) if table.partition_by.is_none() && table.foreign.is_none() => {
            Some((id, qualified(&table.schema, &table.name)))
        }
        _ => None,
    })
}

/// Where the rows of a foreign table are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Foreign {
    /// Its server.
    pub server: String,
    /// OPTIONS, without what is secret.
    pub options: Options,
}

/// A table that another inherits from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Above {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
}

impl Table {
    fn sql_name(&self) -> String {
        relation(&self.schema, &self.name)
    }

    fn row_security(&self) -> Step {
        let verb = if self.row_security {
            "ENABLE"
        } else {
            "DISABLE"
        };
        Step::alter(
            self.id(),
            format!("ALTER TABLE {} {verb} ROW LEVEL SECURITY;", self.sql_name()),
        )
    }

    fn force(&self) -> Step {
        let verb = if self.force_row_security {
            "FORCE"
        } else {
            "NO FORCE"
        };
        self.alter_table(&format!("{verb} ROW LEVEL SECURITY"))
    }

    fn alter_table(&self, action: &str) -> Step {
        Step::alter(
            self.id(),
            format!("ALTER TABLE {} {action};", self.sql_name()),
        )
    }

    /// Everything behind the columns of a CREATE TABLE.
    fn tail(&self) -> String {
        let mut sql = String::new();
        if !self.inherits.is_empty() {
            let above = self.inherits.iter().map(|a| relation(&a.schema, &a.name));
            let above: Vec<_> = above.collect();
            sql += &format!(" INHERITS ({})", above.join(", "));
        }
        if let Some(key) = &self.partition_by {
            sql += &format!(" PARTITION BY {key}");
        }
        if let Some(method) = &self.access_method {
            sql += &format!(" USING {}", ident(method));
        }
        sql += &with(&self.options);
        if let Some(space) = &self.tablespace {
            sql += &format!(" TABLESPACE {}", ident(space));
        }
        if let Some(foreign) = &self.foreign {
            sql += &format!(" SERVER {}", ident(&foreign.server));
            sql += &options::clause(&foreign.options);
        }
        sql
    }

    /// SET UNLOGGED and SET LOGGED reach the sequences of the columns; those that are to stay what
    /// they are get it back.
    fn keep_sequences(&self, new: &Self, cx: &Cx<'_>) -> Vec<Step> {
        if self.unlogged == new.unlogged {
            return Vec::new();
        }
        let owners = cx
            .from
            .of_kind(Tag::SequenceOwner)
            .filter_map(|(_, o)| match o {
                Object::SequenceOwner(owner) => Some(owner),
                _ => None,
            });
        let own = owners.filter(|owner| owner.schema == self.schema && owner.table == self.name);
        let back = own.filter_map(|owner| {
            let id = Id::in_schema(Tag::Sequence, &owner.schema, &owner.sequence);
            let Some(Object::Sequence(sequence)) = cx.to.get(&id) else {
                return None;
            };
            let word = if sequence.unlogged {
                "UNLOGGED"
            } else {
                "LOGGED"
            };
            let name = relation(&owner.schema, &owner.sequence);
            let sql = format!("ALTER SEQUENCE {name} SET {word};");
            (sequence.unlogged != new.unlogged)
                .then(|| Step::alter(id, sql).because("the change of its table reaches it as well"))
        });
        back.collect()
    }

    fn change_storage(&self, new: &Self) -> Vec<Step> {
        let mut actions = Vec::new();
        if self.access_method != new.access_method {
            let method = new.access_method.as_deref().unwrap_or("heap");
            actions.push(format!("SET ACCESS METHOD {}", ident(method)));
        }
        if self.tablespace != new.tablespace {
            let space = new.tablespace.as_deref().unwrap_or("pg_default");
            actions.push(format!("SET TABLESPACE {}", ident(space)));
        }
        if self.unlogged != new.unlogged {
            let word = if new.unlogged { "UNLOGGED" } else { "LOGGED" };
            actions.push(format!("SET {word}"));
        }
        let rewrites = actions.len();
        actions.extend(change_options(&self.options, &new.options));
        let steps = actions.iter().enumerate().map(|(at, action)| {
            let step = self.alter_table(action);
            // A partitioned table has no rows of its own.
            if at >= rewrites || self.partition_by.is_some() {
                return step.lock(Lock::ShareUpdateExclusive);
            }
            step.lock(Lock::AccessExclusive).hazard(
                HazardKind::TableRewrite,
                format!(
                    "every row of {} is written anew while everybody waits",
                    self.id().path()
                ),
            )
        });
        steps.collect()
    }
}

impl Kind for Table {
    const SPACE: Space = Space::Relation;
    const NOUN: &'static str = "table";
    const QUERY: &'static str = include_str!("table.sql");
    const ALWAYS_DECLARED: bool = true;
    const RENAME: Renaming = Renaming::Ask;

    fn id(&self) -> Id {
        Id::in_schema(Tag::Table, &self.schema, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Schema, &self.schema))
    }

    fn reference(&self) -> String {
        let foreign = if self.foreign.is_some() {
            "FOREIGN "
        } else {
            ""
        };
        format!("{foreign}TABLE {}", self.sql_name())
    }

    fn granted(&self) -> String {
        format!("TABLE {}", self.sql_name())
    }

    fn take_unsaid(&mut self, history: &Self, declared: &Catalog, before: Option<&Self>) {
        // Who declares policies says whether they apply.
        let policies = declared
            .belonging(Tag::Policy, &self.schema, &self.name)
            .count();
        let said = before.is_some_and(|before| before.row_security);
        let row_security = self.row_security || policies == 0 && history.row_security && !said;
        *self = Self {
            row_security,
            ..history.clone()
        };
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        if let Some(sql) = &mut self.partition_by {
            visit(Ref::Expression {
                sql,
                relation: Some((&self.schema, &self.name)),
            });
        }
        for name in &mut self.partition_columns {
            visit(Ref::Column {
                schema: &self.schema,
                relation: &self.name,
                name,
            });
        }
        for Above { schema, name } in &mut self.inherits {
            visit(Ref::Relation { schema, name });
        }
        visit(Ref::Relation {
            schema: &mut self.schema,
            name: &mut self.name,
        });
    }

    /// Its CREATE makes it inherit.
    fn binds(&self) -> Vec<Id> {
        let above = self.inherits.iter();
        above
            .map(|above| Id::in_schema(Tag::Table, &above.schema, &above.name))
            .collect()
    }

    fn same(&self, new: &Self) -> bool {
        let moved = Self {
            inherits: new.inherits.clone(),
            ..self.clone()
        };
        moved == *new
    }

    fn security(&self) -> Vec<String> {
        let path = self.id().path();
        let row_security = self
            .row_security
            .then(|| format!("row security holds on table {path}"));
        let forced = self
            .force_row_security
            .then(|| format!("row security holds for the owner of table {path}"));
        row_security.into_iter().chain(forced).collect()
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        self.create_with(&[], cx)
    }

    fn create_with(&self, fragments: &[String], _: &Cx<'_>) -> Vec<Step> {
        let body = fragments
            .iter()
            .map(|fragment| format!("\n\t{fragment}"))
            .collect::<Vec<_>>()
            .join(",");
        let step = Step::create(
            self.id(),
            format!(
                "CREATE {}{} ({body}\n){};",
                if self.unlogged { "UNLOGGED " } else { "" },
                self.reference(),
                self.tail()
            ),
        );
        let mut steps = vec![options::mark_secrets(step, &self.id().to_string())];
        if self.row_security {
            steps.push(self.row_security());
        }
        if self.force_row_security {
            steps.push(self.force());
        }
        steps
    }

    fn drop(&self, cx: &Cx<'_>) -> Vec<Step> {
        let step = Step::drop(self.id(), format!("DROP {};", self.reference()));
        // Its rows are in partitions, which leave it before.
        let is_empty =
            self.partition_by.is_some() && lineage::is_partitioned(cx, &self.schema, &self.name);
        if self.foreign.is_some() || is_empty {
            return vec![step.lock(Lock::AccessExclusive)];
        }
        vec![step.lock(Lock::AccessExclusive).hazard(
            HazardKind::DropTable,
            format!("table {} and its rows are dropped", self.id().path()),
        )]
    }

    fn alter(&self, new: &Self, cx: &Cx<'_>) -> Change {
        // Postgres makes no partitioned table of one with rows, nor the other way round.
        if self.partition_by != new.partition_by {
            return Change::Replace;
        }
        let server = |table: &Self| table.foreign.as_ref().map(|f| f.server.clone());
        if server(self) != server(new) {
            return Change::Replace;
        }
        let mut steps = self.change_storage(new);
        steps.extend(self.keep_sequences(new, cx));
        if let (Some(old), Some(new)) = (&self.foreign, &new.foreign)
            && old != new
        {
            let options = options::change(&old.options, &new.options);
            let sql = format!("ALTER {}{options};", self.reference());
            let step = Step::alter(self.id(), sql);
            steps.push(options::mark_secrets(step, &self.id().to_string()));
        }
        let path = self.id().path();
        if self.row_security != new.row_security {
            let (hazard, says) = if new.row_security {
                let says = "rows are hidden from roles that no policy lets see them";
                (HazardKind::RowSecurity, says)
            } else {
                let says = "policies no longer apply: every role with a grant sees every row";
                (HazardKind::RowSecurityOff, says)
            };
            steps.push(
                new.row_security()
                    .lock(Lock::AccessExclusive)
                    .hazard(hazard, format!("row security of {path} changes: {says}")),
            );
        }
        if self.force_row_security != new.force_row_security {
            let (hazard, says) = if new.force_row_security {
                (HazardKind::RowSecurity, "policies apply to its owner too")
            } else {
                let says = "policies no longer apply to its owner";
                (HazardKind::RowSecurityOff, says)
            };
            steps.push(
                new.force()
                    .lock(Lock::AccessExclusive)
                    .hazard(hazard, format!("row security of {path} changes: {says}")),
            );
        }
        Change::quiet(steps)
    }

    /// Its rows stay whatever happens to its type, its schema or a table above it. Those of a
    /// foreign table are not here.
    fn gives_way(&self, below: &Object, replaced: bool) -> GivesWay {
        if replaced && matches!(below, Object::Server(_)) {
            return GivesWay::Rebuild;
        }
        GivesWay::Stay
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        names::rename("TABLE", relation, &self.id(), &new.id())
            .into_iter()
            .map(|step| step.lock(Lock::AccessExclusive))
            .collect()
    }
}
