//! Settings of roles: what a role's sessions start with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::names::role;
use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag};
use crate::catalog::Catalog;
use crate::id::{Id, Space};
use crate::sql::{ident, literal};
use crate::step::Step;

/// The settings of one role, in all databases or in this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleSettings {
    /// The role.
    pub role: String,
    /// IN DATABASE: in the connected one alone.
    pub in_database: bool,
    /// Values as Postgres keeps them, by name.
    pub settings: BTreeMap<String, String>,
}

/// Settings whose value is a list of quoted names: `GUC_LIST_QUOTE` of Postgres.
const LISTS: [&str; 6] = [
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
];

impl RoleSettings {
    fn statement(&self, what: &str) -> String {
        let role = role(&self.role);
        if !self.in_database {
            return format!("ALTER ROLE {role} {what};");
        }
        // The connected database has no word of its own here.
        let sql = format!("ALTER ROLE {role} IN DATABASE ").replace('%', "%%");
        let format = literal(&format!("{sql}%I {}", what.replace('%', "%%")));
        let body = format!("BEGIN EXECUTE format({format}, current_database()); END");
        format!("DO {};", literal(&body))
    }

    fn set(name: &str, value: &str) -> String {
        let value = if LISTS.contains(&name) {
            let names: Vec<String> = list(value).iter().map(|name| literal(name)).collect();
            if names.is_empty() {
                "''".to_owned()
            } else {
                names.join(", ")
            }
        } else {
            literal(value)
        };
        format!("SET {} TO {value}", ident(name))
    }

    fn changes(&self, new: &BTreeMap<String, String>, step: fn(Id, String) -> Step) -> Vec<Step> {
        let gone = self.settings.keys().filter(|name| !new.contains_key(*name));
        let reset = gone.map(|name| format!("RESET {}", ident(name)));
        let other = new
            .iter()
            .filter(|(name, value)| self.settings.get(*name) != Some(value));
        let set = other.map(|(name, value)| Self::set(name, value));
        reset
            .chain(set)
            .map(|what| step(self.id(), self.statement(&what)))
            .collect()
    }
}

/// The names in a list, quoted ones as they are and others in small letters.
fn list(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let mut name = String::new();
        if let Some(quoted) = rest.strip_prefix('"') {
            rest = quoted;
            while let Some(end) = rest.find('"') {
                name.push_str(&rest[..end]);
                rest = &rest[end + 1..];
                match rest.strip_prefix('"') {
                    Some(more) => {
                        name.push('"');
                        rest = more;
                    }
                    None => break,
                }
            }
            rest = rest.trim_start_matches(|c| c != ',');
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            name.push_str(rest[..end].trim());
            rest = &rest[end..];
        }
        names.push(name);
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    names
}

impl Kind for RoleSettings {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "settings of role";
    const QUERY: &'static str = include_str!("role_settings.sql");
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        let place = if self.in_database { "in database" } else { "" };
        Id::in_parent(Tag::RoleSettings, "", &self.role, place)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Role, &self.role))
    }

    fn reference(&self) -> String {
        String::new()
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Role(&mut self.role));
    }

    fn needs(&self, _: &Catalog) -> Vec<Id> {
        self.parent().into_iter().collect()
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let empty = Self {
            settings: BTreeMap::new(),
            ..self.clone()
        };
        empty.changes(&self.settings, Step::create)
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        self.changes(&BTreeMap::new(), Step::drop)
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        Change::quiet(self.changes(&new.settings, Step::alter))
    }

    fn gives_way(&self, _: &Object, _: bool) -> GivesWay {
        GivesWay::Stay
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_names_are_taken_apart() {
        assert_eq!(
            list(r#"public, "$user", "a ""b"", c""#),
            ["public", "$user", "a \"b\", c"]
        );
        assert_eq!(list(r#""""#), [""]);
        assert!(list("").is_empty());
    }

    #[test]
    fn each_name_of_a_list_is_said_alone() {
        assert_eq!(
            RoleSettings::set("search_path", r#"app, "My Schema""#),
            r#"SET "search_path" TO 'app', 'My Schema'"#
        );
    }
}
