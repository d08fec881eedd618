//! Extensions of the engine: only those that a project names are unpacked, for each costs time at
//! every start.

use oliphaunt_wasix::Extension;

/// Every extension that can be created, by its name in SQL. `plpgsql` is always there.
pub const AVAILABLE: &[&str] = &[
    "btree_gin",
    "btree_gist",
    "citext",
    "cube",
    "earthdistance",
    "fuzzystrmatch",
    "hstore",
    "intarray",
    "ltree",
    "pg_trgm",
    "pgcrypto",
    "tablefunc",
    "unaccent",
    "uuid-ossp",
    "vector",
];

/// The engine's handles for these names; names it does not have are left out, and `CREATE
/// EXTENSION` then says so.
pub(crate) fn resolve(names: &[String]) -> Vec<Extension> {
    AVAILABLE
        .iter()
        .filter(|name| names.iter().any(|wanted| wanted == *name))
        .filter_map(|name| match *name {
            "vector" => Some(oliphaunt_extension_vector::VECTOR),
            name => Extension::by_sql_name(name),
        })
        .collect()
}

/// Names of the extensions that occur in SQL texts as whole words: more than are created, perhaps,
/// never fewer.
pub fn named_in<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut found = Vec::new();
    for text in texts {
        let text = text.to_ascii_lowercase();
        if !text.contains("extension") {
            continue;
        }
        for name in AVAILABLE {
            let is_word = |at: usize| {
                let inside = |c: char| c.is_alphanumeric() || c == '_';
                let before = text[..at].chars().next_back();
                let after = text[at + name.len()..].chars().next();
                !before.is_some_and(inside) && !after.is_some_and(inside)
            };
            if text.match_indices(name).any(|(at, _)| is_word(at))
                && !found.iter().any(|known| known == name)
            {
                found.push((*name).to_owned());
            }
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_of_files_that_speak_of_extensions_count() {
        for (text, expected) in [
            (
                "CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\";",
                vec!["uuid-ossp"],
            ),
            (
                "create extension CITEXT; create extension vector",
                vec!["citext", "vector"],
            ),
            ("create table t (v vector(3))", vec![]),
            ("create extension my_vector", vec![]),
        ] {
            assert_eq!(named_in([text]), expected, "{text}");
        }
    }

    #[test]
    fn everything_that_is_offered_is_there() {
        let names: Vec<String> = AVAILABLE.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(resolve(&names).len(), AVAILABLE.len());
    }
}
