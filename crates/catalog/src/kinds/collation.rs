//! Collations. Their versions belong to the machine and are not looked at.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag, names};
use crate::id::{Id, Space, qualified};
use crate::sql::literal;
use crate::step::Step;

/// A collation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Collation {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// `icu`, `libc` or `builtin`.
    pub provider: String,
    /// `LC_COLLATE` of libc.
    pub collate: Option<String>,
    /// `LC_CTYPE` of libc.
    pub ctype: Option<String>,
    /// Locale of the other providers.
    pub locale: Option<String>,
    /// Whether equal strings have equal bytes.
    pub deterministic: bool,
    /// Rules of ICU on top of the locale.
    pub rules: Option<String>,
}

impl Collation {
    fn sql_name(&self) -> String {
        qualified(&self.schema, &self.name)
    }
}

impl Kind for Collation {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "collation";
    const QUERY: &'static str = include_str!("collation.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_schema(Tag::Collation, &self.schema, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Schema, &self.schema))
    }

    fn reference(&self) -> String {
        format!("COLLATION {}", self.sql_name())
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Schema(&mut self.schema));
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let mut options = vec![format!("PROVIDER = {}", self.provider)];
        let mut say = |name: &str, value: &Option<String>| {
            if let Some(value) = value {
                options.push(format!("{name} = {}", literal(value)));
            }
        };
        if self.collate == self.ctype {
            say("LOCALE", &self.collate);
        } else {
            say("LC_COLLATE", &self.collate);
            say("LC_CTYPE", &self.ctype);
        }
        say("LOCALE", &self.locale);
        say("RULES", &self.rules);
        if !self.deterministic {
            options.push("DETERMINISTIC = false".to_owned());
        }
        let sql = format!(
            "CREATE COLLATION {} ({});",
            self.sql_name(),
            options.join(", ")
        );
        vec![Step::create(self.id(), sql)]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = format!("DROP COLLATION {};", self.sql_name());
        vec![Step::drop(self.id(), sql)]
    }

    fn alter(&self, _: &Self, _: &Cx<'_>) -> Change {
        Change::Replace
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        names::rename("COLLATION", qualified, &self.id(), &new.id())
    }
}
