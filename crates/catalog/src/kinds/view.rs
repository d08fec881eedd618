//! Views.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Object, Ref, Renaming, Tag, names};
use crate::hazard::HazardKind;
use crate::id::{Id, Space, qualified};
use crate::sql::ident;
use crate::step::Step;

/// A view.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// The query.
    pub query: String,
    /// Options such as `security_invoker`, as SQL text.
    pub options: BTreeMap<String, String>,
    /// Its columns, where a server was asked.
    #[serde(default)]
    pub columns: Vec<ViewColumn>,
}

/// A column of a view.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewColumn {
    /// Its name.
    pub name: String,
    /// Its type as SQL, with a collation that is not the type's.
    pub r#type: String,
    /// What an INSERT through the view takes in its absence.
    pub default: Option<String>,
}

impl View {
    /// CREATE OR REPLACE VIEW can add columns behind those that are there, and nothing else.
    fn replaceable(&self, new: &Self) -> bool {
        let kept = |(old, new): (&ViewColumn, &ViewColumn)| {
            old.name == new.name && old.r#type == new.r#type
        };
        !self.columns.is_empty()
            && self.columns.len() <= new.columns.len()
            && self.columns.iter().zip(&new.columns).all(kept)
    }

    fn says(&self, create: &str) -> String {
        format!(
            "{create} VIEW {}{} AS ({});",
            self.sql_name(),
            with(&self.options),
            query(&self.query)
        )
    }

    fn alter_self(&self, action: &str) -> Step {
        Step::alter(
            self.id(),
            format!("ALTER VIEW {} {action};", self.sql_name()),
        )
    }

    /// Defaults that lead from other columns, or none, to these.
    fn defaults(&self, old: &[ViewColumn]) -> Vec<Step> {
        let mut steps = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            let name = ident(&column.name);
            let old = old.get(at).and_then(|column| column.default.as_ref());
            match &column.default {
                new if old == new.as_ref() => {}
                Some(sql) => {
                    steps.push(self.alter_self(&format!("ALTER COLUMN {name} SET DEFAULT {sql}")));
                }
                None => steps.push(self.alter_self(&format!("ALTER COLUMN {name} DROP DEFAULT"))),
            }
        }
        steps
    }

    /// Whether the rows that somebody sees through it may be others than before.
    fn opens(&self, new: &Self) -> bool {
        ["security_invoker", "security_barrier"]
            .iter()
            .any(|option| self.options.get(*option) != new.options.get(*option))
    }

    fn sql_name(&self) -> String {
        qualified(&self.schema, &self.name)
    }
}

/// ` WITH (a = b, …)`, or nothing.
pub(super) fn with(options: &BTreeMap<String, String>) -> String {
    if options.is_empty() {
        return String::new();
    }
    let list: Vec<_> = options.iter().map(|(k, v)| format!("{k} = {v}")).collect();
    format!(" WITH ({})", list.join(", "))
}

/// `SET (…)` and `RESET (…)` that lead from one set of options to another.
pub(super) fn change_options(
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
) -> Vec<String> {
    let set: Vec<_> = new
        .iter()
        .filter(|(key, value)| old.get(*key) != Some(value))
        .map(|(key, value)| format!("{key} = {value}"))
        .collect();
    let reset: Vec<_> = old
        .keys()
        .filter(|key| !new.contains_key(*key))
        .cloned()
        .collect();
    let mut actions = Vec::new();
    if !set.is_empty() {
        actions.push(format!("SET ({})", set.join(", ")));
    }
    if !reset.is_empty() {
        actions.push(format!("RESET ({})", reset.join(", ")));
    }
    actions
}

/// A query without what would break out of its place: a final semicolon.
pub(super) fn query(text: &str) -> &str {
    text.trim().trim_end_matches(';').trim_end()
}

impl Kind for View {
    const SPACE: Space = Space::Relation;
    const NOUN: &'static str = "view";
    const QUERY: &'static str = include_str!("view.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_schema(Tag::View, &self.schema, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Schema, &self.schema))
    }

    fn reference(&self) -> String {
        format!("VIEW {}", self.sql_name())
    }

    fn granted(&self) -> String {
        format!("TABLE {}", self.sql_name())
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Query(&mut self.query));
        for column in &mut self.columns {
            let texts = [Some(&mut column.r#type), column.default.as_mut()];
            for sql in texts.into_iter().flatten() {
                visit(Ref::Expression {
                    sql,
                    relation: None,
                });
            }
        }
        visit(Ref::Relation {
            schema: &mut self.schema,
            name: &mut self.name,
        });
    }

    /// Types follow from the query and what is below it.
    fn same(&self, new: &Self) -> bool {
        let mut followed = self.clone();
        if self.query == new.query {
            for (column, new) in followed.columns.iter_mut().zip(&new.columns) {
                column.r#type.clone_from(&new.r#type);
            }
        }
        followed == *new
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let mut steps = vec![Step::create(self.id(), self.says("CREATE"))];
        steps.extend(self.defaults(&[]));
        steps
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::drop(
            self.id(),
            format!("DROP VIEW {};", self.sql_name()),
        )]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        let redefined = self.query != new.query;
        if !self.replaceable(new) && (redefined || self.columns != new.columns) {
            return Change::Replace;
        }
        let mut steps: Vec<_> = if redefined {
            vec![Step::alter(self.id(), new.says("CREATE OR REPLACE"))]
        } else {
            change_options(&self.options, &new.options)
                .iter()
                .map(|action| self.alter_self(action))
                .collect()
        };
        if self.opens(new)
            && let Some(step) = steps.first_mut()
        {
            let path = self.id().path();
            *step = step.clone().hazard(
                HazardKind::RowSecurity,
                format!("view {path} changes how rows are protected: roles may see other rows than before"),
            );
        }
        steps.extend(new.defaults(&self.columns));
        Change::quiet(steps)
    }

    fn early(&self, _: &Object) -> Option<Self> {
        let nothing: Vec<_> = self
            .columns
            .iter()
            .map(|column| format!("NULL::{} AS {}", column.r#type, ident(&column.name)))
            .collect();
        (!nothing.is_empty()).then(|| Self {
            query: format!("SELECT {}", nothing.join(", ")),
            columns: (self.columns.iter())
                .map(|column| ViewColumn {
                    default: None,
                    ..column.clone()
                })
                .collect(),
            ..self.clone()
        })
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        names::rename("VIEW", qualified, &self.id(), &new.id())
    }
}
