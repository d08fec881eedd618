//! Which statements a declared schema consists of, and what is said about the others.

use super::settings::Setting;
use super::words::{Sign, Word};
use driftless_diagnostic::{Diagnostic, SourceFile};
use std::ops::Range;

/// What is done with a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// It is run.
    Declares,
    /// It holds for the statements after it in its file.
    Sets(Setting),
    /// It changes nothing where nothing was before: `DROP ... IF EXISTS`, a timeout.
    Nothing,
}

/// Kinds of statements that declare something.
const DECLARING: [&str; 7] = [
    "create", "alter", "comment", "grant", "revoke", "security", "do",
];

/// Kinds that Postgres knows and a declared schema does not, with the reason.
const REFUSED: [(&[&str], &str); 9] = [
    (
        &[
            "insert", "update", "delete", "merge", "truncate", "copy", "select", "with", "values",
            "table", "call",
        ],
        "it works on rows, and a declared schema has none",
    ),
    (
        &[
            "begin",
            "start",
            "commit",
            "end",
            "abort",
            "rollback",
            "savepoint",
            "release",
            "prepare",
        ],
        "statements are run one by one, in an order that Driftless works out",
    ),
    (&["drop"], "a declared schema says what is there"),
    (
        &["refresh"],
        "it works on rows, and a declared schema has none",
    ),
    (
        &[
            "vacuum",
            "analyze",
            "analyse",
            "cluster",
            "reindex",
            "checkpoint",
        ],
        "it maintains a database and declares nothing",
    ),
    (
        &[
            "lock", "listen", "notify", "unlisten", "load", "discard", "show", "explain",
        ],
        "it ends with the session and declares nothing",
    ),
    (
        &["declare", "fetch", "move", "close", "execute", "deallocate"],
        "it ends with the session and declares nothing",
    ),
    (
        &["reassign"],
        "it changes whatever is there; name the owners",
    ),
    (&["import"], "what it makes is decided by another server"),
];

/// Decides about one statement.
///
/// # Errors
/// The reason why it has no place in a declared schema.
pub(super) fn role(
    source: &SourceFile,
    range: &Range<usize>,
    words: &[Word],
) -> Result<Role, Box<Diagnostic>> {
    let text = |at: usize| {
        words
            .get(at)
            .filter(|w| w.sign == Sign::Bare)
            .map_or("", |w| &w.text)
    };
    let has = |keyword: &str| words.iter().any(|word| word.is(keyword));
    let refuse = |name: &str, why: &str, help: &str| {
        let line = source.text()[range.clone()]
            .lines()
            .next()
            .map_or(0, |line| line.trim_end().len());
        let diagnostic = Diagnostic::error(
            "not-declarative",
            format!(
                "{} has no place in a declared schema: {why}",
                name.to_uppercase()
            ),
        )
        .at(source, range.start..range.start + line, "");
        Err(Box::new(if help.is_empty() {
            diagnostic
        } else {
            diagnostic.help(help)
        }))
    };
    let first = text(0);
    if let Some(setting) = Setting::read(words) {
        return setting.map_or_else(
            |(why, help)| refuse(&called(words), &why, &help),
            |setting| Ok(setting.map_or(Role::Nothing, Role::Sets)),
        );
    }
    if first == "drop" && text(1) != "schema" && text(1) != "owned" && has("if") && has("exists") {
        return Ok(Role::Nothing);
    }
    if DECLARING.contains(&first) {
        let both = (first, text(1));
        let modifier = |word: &&Word| {
            ["create", "or", "replace", "global", "local"]
                .iter()
                .any(|known| word.is(known))
        };
        let kind = words.iter().find(|word| !modifier(word));
        let temporary = kind.is_some_and(|word| word.is("temp") || word.is("temporary"));
        return match both {
            ("create", "database" | "tablespace") | ("alter", "system" | "tablespace") => refuse(
                &format!("{first} {}", text(1)),
                "it is about the server, not about one database",
                "",
            ),
            ("create", _) if temporary => refuse(
                "create temporary",
                "what it makes ends with the session",
                "",
            ),
            ("create", "subscription") if !unconnected(words) => refuse(
                "create subscription",
                "it connects to another server",
                "add `WITH (connect = false)`",
            ),
            ("alter", _) if renames(words) => refuse(
                "alter ... rename",
                "a declared schema says what is there, not how it came about",
                "write the new name where the object is created; `generate --rename old=new` keeps its rows",
            ),
            _ => Ok(Role::Declares),
        };
    }
    let Some((_, why)) = REFUSED.iter().find(|(kinds, _)| kinds.contains(&first)) else {
        // What Postgres does not know either is left to its own words.
        return Ok(Role::Declares);
    };
    refuse(&called(words), why, help(first, words))
}

/// `RENAME TO`, `RENAME COLUMN a TO b`, `RENAME a TO b`; not a column of that name.
fn renames(words: &[Word]) -> bool {
    let is = |at: usize, keyword: &str| words.get(at).is_some_and(|word| word.is(keyword));
    let what = ["to", "column", "constraint", "value", "attribute"];
    (2..words.len()).any(|at| {
        is(at, "rename") && (what.iter().any(|what| is(at + 1, what)) || is(at + 2, "to"))
    })
}

/// `CREATE SUBSCRIPTION ... WITH (connect = false)`.
fn unconnected(words: &[Word]) -> bool {
    words.windows(3).any(|three| {
        three[0].is("connect") && ["false", "off", "0"].contains(&three[2].text.as_str())
    })
}

/// The statement's first words, enough to know which is meant.
fn called(words: &[Word]) -> String {
    let bare = words.iter().take_while(|word| word.sign == Sign::Bare);
    let count = match words.first().map(|word| word.text.as_str()) {
        Some("drop" | "start" | "reassign" | "set" | "reset" | "refresh" | "import") => 2,
        _ => 1,
    };
    let named: Vec<_> = bare.take(count).map(|word| word.text.as_str()).collect();
    named.join(" ")
}

fn help(first: &str, words: &[Word]) -> &'static str {
    match first {
        "insert" | "update" | "delete" | "merge" | "truncate" | "copy" | "select" | "with"
        | "call" => "move it into a migration: `driftless generate --custom`",
        "drop"
            if words
                .get(1)
                .is_some_and(|word| word.is("schema") || word.is("owned")) =>
        {
            "take it out: what no file declares is dropped by the next migration"
        }
        "drop" => {
            "take it out: what no file declares is dropped by the next migration; `DROP ... IF EXISTS` is passed over"
        }
        _ => "take it out",
    }
}
