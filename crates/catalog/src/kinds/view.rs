//! Views.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag, names};
use crate::id::{Id, Space, qualified};
use crate::step::Step;

/// A view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
}

impl View {
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

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Query(&mut self.query));
        visit(Ref::Relation {
            schema: &mut self.schema,
            name: &mut self.name,
        });
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = format!(
            "CREATE VIEW {}{} AS ({});",
            self.sql_name(),
            with(&self.options),
            query(&self.query)
        );
        vec![Step::create(self.id(), sql)]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::drop(
            self.id(),
            format!("DROP VIEW {};", self.sql_name()),
        )]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        if self.query != new.query {
            return Change::Replace;
        }
        Change::quiet(
            change_options(&self.options, &new.options)
                .into_iter()
                .map(|action| {
                    Step::alter(
                        self.id(),
                        format!("ALTER VIEW {} {action};", self.sql_name()),
                    )
                })
                .collect(),
        )
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        names::rename("VIEW", qualified, &self.id(), &new.id())
    }
}
