//! Access control lists: what an object has by itself, and the statements from one list to another.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// One privilege of one role. Roles are called as statements call them, `public` is everybody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Right {
    /// For a right on one column: the column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Who has it; `None` is the owner, whoever that is.
    pub to: Option<String>,
    /// Who granted it; `None` is the owner.
    pub by: Option<String>,
    /// `SELECT` and the like.
    pub may: String,
    /// WITH GRANT OPTION.
    pub onward: bool,
}

/// What kinds of objects share in privileges, by the word that GRANT has for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Tables, views, materialized views, foreign tables.
    Table,
    /// Sequences.
    Sequence,
    /// Functions, procedures, aggregates.
    Function,
    /// Types and domains.
    Type,
    /// Schemas.
    Schema,
    /// Languages.
    Language,
    /// Foreign-data wrappers.
    Wrapper,
    /// Foreign servers.
    Server,
    /// Large objects, in default privileges alone.
    LargeObject,
}

/// A grantee as people say it.
pub(super) fn who(role: &str) -> &str {
    if role == "public" { "everybody" } else { role }
}

impl Class {
    /// Every privilege there is for it, on a server of this major version.
    fn all(self, major: u16) -> &'static [&'static str] {
        const TABLE: &[&str] = &[
            "SELECT",
            "INSERT",
            "UPDATE",
            "DELETE",
            "TRUNCATE",
            "REFERENCES",
            "TRIGGER",
            "MAINTAIN",
        ];
        match self {
            Self::Table if major < 17 => &TABLE[..7],
            Self::Table => TABLE,
            Self::Sequence => &["USAGE", "SELECT", "UPDATE"],
            Self::Function => &["EXECUTE"],
            Self::Schema => &["USAGE", "CREATE"],
            Self::LargeObject => &["SELECT", "UPDATE"],
            Self::Type | Self::Language | Self::Wrapper | Self::Server => &["USAGE"],
        }
    }

    /// What an object has where nobody said anything: `acldefault` of Postgres.
    pub(super) fn default_rights(self, major: u16) -> Rights {
        let right = |to: Option<&str>, may: &str| Right {
            column: None,
            to: to.map(str::to_owned),
            by: None,
            may: may.to_owned(),
            onward: false,
        };
        let mut rights: Rights = self.all(major).iter().map(|may| right(None, may)).collect();
        match self {
            Self::Function => rights.insert(right(Some("public"), "EXECUTE")),
            Self::Type | Self::Language => rights.insert(right(Some("public"), "USAGE")),
            _ => false,
        };
        rights
    }

    /// What default privileges call them.
    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Table => "TABLES",
            Self::Sequence => "SEQUENCES",
            Self::Function => "FUNCTIONS",
            Self::Type => "TYPES",
            Self::Schema => "SCHEMAS",
            Self::LargeObject => "LARGE OBJECTS",
            Self::Language => "LANGUAGES",
            Self::Wrapper => "FOREIGN DATA WRAPPERS",
            Self::Server => "FOREIGN SERVERS",
        }
    }
}

/// An access control list.
pub type Rights = BTreeSet<Right>;

/// One GRANT or REVOKE, in parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Command {
    pub(super) grant: bool,
    /// WITH GRANT OPTION, or GRANT OPTION FOR.
    pub(super) onward: bool,
    /// Who has to say it; `None` is the owner.
    pub(super) by: Option<String>,
    /// `SELECT, UPDATE ("a", "b")`.
    pub(super) what: String,
    /// The roles; `None` is the owner.
    pub(super) to: Vec<Option<String>>,
}

/// A right without whether it may be passed on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    column: Option<String>,
    to: Option<String>,
    by: Option<String>,
    may: String,
}

type State = BTreeMap<Key, bool>;

fn state(rights: &Rights) -> State {
    rights
        .iter()
        .map(|right| {
            let key = Key {
                column: right.column.clone(),
                to: right.to.clone(),
                by: right.by.clone(),
                may: right.may.clone(),
            };
            (key, right.onward)
        })
        .collect()
}

/// The list once this role owns the object: its entries become the owner's.
pub(super) fn owned_by(rights: &Rights, owner: &str) -> Rights {
    let mut all = State::new();
    let who = |name: Option<String>| name.filter(|name| name != owner);
    for (key, onward) in state(rights) {
        let key = Key {
            to: who(key.to),
            by: who(key.by),
            ..key
        };
        *all.entry(key).or_default() |= onward;
    }
    all.into_iter()
        .map(|(key, onward)| Right {
            column: key.column,
            to: key.to,
            by: key.by,
            may: key.may,
            onward,
        })
        .collect()
}

/// The commands that lead from one list to another, revokes first.
pub(super) fn commands(from: &Rights, to: &Rights, class: Class, major: u16) -> Vec<Command> {
    let (mut now, wanted) = (state(from), state(to));
    let mut commands = Vec::new();
    // What is taken from a relation is taken from its columns too: the relation goes first.
    for whole in [true, false] {
        loop {
            let lost: BTreeMap<Key, bool> = now
                .iter()
                .filter(|(key, _)| key.column.is_none() == whole)
                .filter_map(|(key, onward)| match wanted.get(key) {
                    None => Some((key.clone(), false)),
                    Some(false) if *onward => Some((key.clone(), true)),
                    Some(_) => None,
                })
                .collect();
            if lost.is_empty() {
                break;
            }
            // Whoever passed a right on loses it after those it was passed to.
            let mut leaves: BTreeMap<Key, bool> = lost.clone();
            leaves.retain(|key, _| {
                !lost
                    .keys()
                    .any(|other| key.to.is_some() && other.by == key.to && other.may == key.may)
            });
            let round = if leaves.is_empty() { lost } else { leaves };
            commands.extend(grouped(false, &round, class, major));
            for (key, option) in round {
                now.retain(|other, onward| {
                    let hit = *other == key
                        || key.column.is_none()
                            && (&other.to, &other.by, &other.may) == (&key.to, &key.by, &key.may);
                    *onward &= !hit;
                    option || !hit
                });
            }
        }
    }
    loop {
        let missing: BTreeMap<Key, bool> = wanted
            .iter()
            .filter(|(key, onward)| now.get(key).is_none_or(|has| **onward && !has))
            .map(|(key, onward)| (key.clone(), *onward))
            .collect();
        if missing.is_empty() {
            break;
        }
        let mut ready = missing.clone();
        ready.retain(|key, _| {
            key.by.is_none()
                || now.iter().any(|(has, onward)| {
                    *onward
                        && has.to == key.by
                        && has.may == key.may
                        && (has.column.is_none() || has.column == key.column)
                })
        });
        let round = if ready.is_empty() { missing } else { ready };
        commands.extend(grouped(true, &round, class, major));
        now.extend(round);
    }
    commands
}

/// Rights said together: by grantor and option, then those with the same privileges.
fn grouped(grant: bool, keys: &BTreeMap<Key, bool>, class: Class, major: u16) -> Vec<Command> {
    type One<'a> = (Option<&'a String>, bool, Option<&'a String>);
    let mut by_role: BTreeMap<One<'_>, Vec<&Key>> = BTreeMap::new();
    for (key, onward) in keys {
        let one = (key.by.as_ref(), *onward, key.to.as_ref());
        by_role.entry(one).or_default().push(key);
    }
    let mut commands: BTreeMap<(Option<String>, bool, String), Vec<Option<String>>> =
        BTreeMap::new();
    for ((by, onward, to), keys) in by_role {
        for whole in [true, false] {
            let what = privileges(&keys, whole, class.all(major));
            if !what.is_empty() {
                commands
                    .entry((by.cloned(), onward, what))
                    .or_default()
                    .push(to.cloned());
            }
        }
    }
    commands
        .into_iter()
        .map(|((by, onward, what), to)| Command {
            grant,
            onward,
            by,
            what,
            to,
        })
        .collect()
}

/// The privileges on the whole object, or those on columns, in Postgres's order.
fn privileges(keys: &[&Key], whole: bool, all: &[&str]) -> String {
    let mut found: BTreeMap<usize, (&str, Vec<String>)> = BTreeMap::new();
    for key in keys.iter().filter(|key| key.column.is_none() == whole) {
        let place = all
            .iter()
            .position(|may| *may == key.may)
            .unwrap_or(all.len());
        let (_, columns) = found.entry(place).or_insert_with(|| (&key.may, Vec::new()));
        columns.extend(key.column.as_deref().map(crate::sql::ident));
    }
    if whole && found.len() == all.len() && all.len() > 1 {
        return "ALL".to_owned();
    }
    let said: Vec<String> = found
        .into_values()
        .map(|(may, columns)| {
            if columns.is_empty() {
                may.to_owned()
            } else {
                format!("{may} ({})", columns.join(", "))
            }
        })
        .collect();
    said.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `column:to<by=may*`, the first and the third part where there is one.
    fn rights(list: &[&str]) -> Rights {
        let name = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        list.iter()
            .map(|text| {
                let (head, may) = text.split_once('=').unwrap_or((text, ""));
                let (column, who) = head.split_once(':').unwrap_or(("", head));
                let (to, by) = who.split_once('<').unwrap_or((who, ""));
                Right {
                    column: name(column),
                    to: name(to),
                    by: name(by),
                    may: may.trim_end_matches('*').to_owned(),
                    onward: may.ends_with('*'),
                }
            })
            .collect()
    }

    #[track_caller]
    fn says(from: &[&str], to: &[&str], expected: &[&str]) {
        let said: Vec<String> = commands(&rights(from), &rights(to), Class::Table, 15)
            .into_iter()
            .map(|command| {
                let verb = if command.grant { "+" } else { "-" };
                let star = if command.onward { "*" } else { "" };
                let by = command.by.map(|by| format!("{by}: ")).unwrap_or_default();
                let to: Vec<_> = command
                    .to
                    .into_iter()
                    .map(|to| to.unwrap_or("owner".to_owned()))
                    .collect();
                format!("{by}{verb}{}{star} {}", command.what, to.join(","))
            })
            .collect();
        assert_eq!(said, expected);
    }

    #[test]
    fn only_what_differs_is_said() {
        says(&["a=SELECT", "a=INSERT"], &["a=SELECT"], &["-INSERT a"]);
        says(&["a=SELECT*"], &["a=SELECT"], &["-SELECT* a"]);
        says(&["a=SELECT"], &["a=SELECT*"], &["+SELECT* a"]);
        says(&["=SELECT"], &[], &["-SELECT owner"]);
        says(
            &[],
            &["a=UPDATE", "b=UPDATE", "a=SELECT"],
            &["+SELECT, UPDATE a", "+UPDATE b"],
        );
    }

    #[test]
    fn columns_lose_what_their_relation_loses() {
        says(
            &["a=SELECT", "x:a=SELECT"],
            &["x:a=SELECT", "y:a=SELECT"],
            &["-SELECT a", "+SELECT (\"x\", \"y\") a"],
        );
    }

    #[test]
    fn what_was_passed_on_goes_first_and_comes_last() {
        let chain = ["a=SELECT*", "b<a=SELECT"];
        says(&chain, &[], &["a: -SELECT b", "-SELECT a"]);
        says(&[], &chain, &["+SELECT* a", "a: +SELECT b"]);
    }

    #[test]
    fn a_new_owner_swallows_its_own_entries() {
        let owned = owned_by(&rights(&["=SELECT", "a=SELECT*", "b<a=SELECT"]), "a");
        assert_eq!(owned, rights(&["=SELECT*", "b=SELECT"]));
    }
}
