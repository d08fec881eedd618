//! Names in TypeScript: a constant for each object, a key for each column.

use super::Casing;
use driftless_catalog::Id;
use std::collections::{BTreeMap, BTreeSet};

/// Names that are given out.
pub(super) struct Names {
    casing: Casing,
    constants: BTreeMap<Id, String>,
    taken: BTreeSet<String>,
}

impl Names {
    pub(super) fn new(casing: Casing, imported: &[&str]) -> Self {
        let taken = imported.iter().chain(RESERVED);
        Self {
            casing,
            constants: BTreeMap::new(),
            taken: taken.map(|&word| word.to_owned()).collect(),
        }
    }

    /// Gives an object its constant; `word` makes it another where its name is taken: `orderTable`.
    pub(super) fn give(&mut self, id: &Id, word: &str) {
        let plain = constant(self.casing, &id.name);
        let with_schema = constant(self.casing, &format!("{}_{}", id.schema, id.name));
        let mut choices = vec![plain.clone()];
        if !id.schema.is_empty() && id.schema != "public" {
            choices.push(with_schema.clone());
        }
        choices.push(self.with_word(&plain, word));
        let free = choices.into_iter().find(|name| !self.taken.contains(name));
        let name = free.unwrap_or_else(|| self.numbered(&self.with_word(&with_schema, word)));
        self.taken.insert(name.clone());
        self.constants.insert(id.clone(), name);
    }

    /// A constant for what is no object.
    pub(super) fn make(&mut self, text: &str) -> String {
        let plain = constant(self.casing, text);
        let name = if self.taken.contains(&plain) {
            self.numbered(&self.with_word(&plain, "type"))
        } else {
            plain
        };
        self.taken.insert(name.clone());
        name
    }

    fn with_word(&self, name: &str, word: &str) -> String {
        constant(self.casing, &format!("{name}_{word}"))
    }

    fn numbered(&self, name: &str) -> String {
        if !self.taken.contains(name) {
            return name.to_owned();
        }
        let mut numbers = 2..;
        let next = numbers.find(|number| !self.taken.contains(&format!("{name}{number}")));
        format!("{name}{}", next.unwrap_or_default())
    }

    /// The constant of an object that has one.
    pub(super) fn get(&self, id: &Id) -> Option<&str> {
        self.constants.get(id).map(String::as_str)
    }

    /// Keys for the columns of one table, in their order.
    pub(super) fn keys<'n>(
        &self,
        columns: impl Iterator<Item = &'n str>,
    ) -> BTreeMap<&'n str, String> {
        let mut keys = BTreeMap::new();
        let mut taken: BTreeSet<String> = MEMBERS.iter().map(|&word| word.to_owned()).collect();
        for name in columns {
            let mut key = match self.casing {
                Casing::Camel => camel(name).unwrap_or_else(|| name.to_owned()),
                Casing::Preserve => name.to_owned(),
            };
            if taken.contains(&key) {
                name.clone_into(&mut key);
            }
            // Numbers come first among the members of an object, and the order of columns counts.
            while taken.contains(&key) || key.starts_with(|c: char| c.is_ascii_digit()) {
                key.insert(0, '_');
            }
            taken.insert(key.clone());
            keys.insert(name, key);
        }
        keys
    }
}

fn constant(casing: Casing, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '_' || c == '$' {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut name = match casing {
        Casing::Camel => camel(&plain).unwrap_or(plain),
        Casing::Preserve => plain,
    };
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, '_');
    }
    name
}

/// `created_at` and `Created At` become `createdAt`; nothing where no letter would be left.
fn camel(name: &str) -> Option<String> {
    let mut out = String::new();
    let words = name.split(|c: char| !c.is_alphanumeric() && c != '$');
    for word in words.filter(|word| !word.is_empty()) {
        let loud = word.chars().all(|c| !c.is_lowercase());
        let word = if loud {
            word.to_lowercase()
        } else {
            word.to_owned()
        };
        let mut chars = word.chars();
        let first = chars.next()?;
        if out.is_empty() {
            out.extend(first.to_lowercase());
        } else {
            out.extend(first.to_uppercase());
        }
        out.push_str(chars.as_str());
    }
    (!out.is_empty()).then_some(out)
}

/// Words that are no names in a module.
const RESERVED: &[&str] = &[
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "undefined",
    "var",
    "void",
    "while",
    "with",
    "yield",
    "arguments",
    "eval",
    "t",
];

/// What a table of Drizzle has besides its columns.
const MEMBERS: &[&str] = &[
    "_",
    "$inferSelect",
    "$inferInsert",
    "enableRLS",
    "getSQL",
    "shouldOmitSQLParens",
    "__proto__",
    "constructor",
    "as",
];

#[cfg(test)]
mod tests {
    use super::*;
    use driftless_catalog::Tag;

    #[test]
    fn constants_are_given_once() {
        let mut names = Names::new(Casing::Camel, &["date"]);
        let id = |schema: &str, name: &str| Id::in_schema(Tag::Table, schema, name);
        let given = [
            (id("public", "user_accounts"), "userAccounts"),
            (id("auth", "user_accounts"), "authUserAccounts"),
            (id("public", "UserAccounts"), "userAccountsTable"),
            (id("public", "date"), "dateTable"),
            (id("public", "new"), "newTable"),
            (id("public", "2024 sales"), "_2024Sales"),
            (id("public", "größe"), "grE"),
        ];
        for (id, expected) in given {
            names.give(&id, "table");
            assert_eq!(names.get(&id), Some(expected));
        }
    }

    #[test]
    fn keys_of_one_table_differ() {
        let keys = |casing: Casing, columns: &[&'static str]| -> Vec<String> {
            let names = Names::new(casing, &[]);
            let keys = names.keys(columns.iter().copied());
            columns.iter().map(|name| keys[name].clone()).collect()
        };
        let columns = [
            "user_id",
            "userId",
            "ID",
            "first name",
            "1",
            "enableRLS",
            "größe",
        ];
        assert_eq!(
            keys(Casing::Camel, &columns),
            [
                "userId",
                "_userId",
                "id",
                "firstName",
                "_1",
                "_enableRLS",
                "größe"
            ]
        );
        assert_eq!(
            keys(Casing::Preserve, &columns),
            [
                "user_id",
                "userId",
                "ID",
                "first name",
                "_1",
                "_enableRLS",
                "größe"
            ]
        );
    }
}
