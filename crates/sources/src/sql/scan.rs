//! What a statement defines and which names it mentions, as far as its words tell.
//!
//! This makes a first order and nothing more: the server has the last word.

use super::words::{Sign, Word, words};

/// What the words of a statement tell.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    pub(super) defines: Vec<Definition>,
    pub(super) mentions: Vec<Mention>,
}

/// A name that exists after the statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Definition {
    pub(super) class: Class,
    pub(super) schema: Option<String>,
    pub(super) name: String,
}

/// How others speak of what was defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// By its name: tables, views, sequences, types and most else.
    Named,
    /// By a call.
    Function,
    /// After `TO`, `FROM`, `ROLE` and the like.
    Role,
    /// Before a dot.
    Schema,
    /// After the word for its kind alone: triggers, policies, rules, indexes, constraints.
    Part,
    /// A primary or unique key of the table with this name: `REFERENCES` needs it.
    Key,
    /// More columns or values for what has this name.
    Shape,
}

/// A name that has to exist before the statement, perhaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) schema: Option<String>,
    pub(super) name: String,
    /// A parenthesis follows.
    pub(super) called: bool,
    /// A dot follows.
    pub(super) qualifies: bool,
    /// The bare word before it, or `,`.
    pub(super) after: String,
}

/// Words between CREATE and the kind.
const MODIFIERS: [&str; 13] = [
    "or",
    "replace",
    "global",
    "local",
    "temp",
    "temporary",
    "unlogged",
    "unique",
    "constraint",
    "recursive",
    "trusted",
    "procedural",
    "default",
];

/// Kinds by their words.
const KINDS: [(&[&str], Class); 30] = [
    (&["table"], Class::Named),
    (&["foreign", "table"], Class::Named),
    (&["view"], Class::Named),
    (&["materialized", "view"], Class::Named),
    (&["sequence"], Class::Named),
    (&["type"], Class::Named),
    (&["domain"], Class::Named),
    (&["collation"], Class::Named),
    (&["conversion"], Class::Named),
    (&["language"], Class::Named),
    (&["server"], Class::Named),
    (&["foreign", "data", "wrapper"], Class::Named),
    (&["access", "method"], Class::Named),
    (&["operator", "class"], Class::Named),
    (&["operator", "family"], Class::Named),
    (&["text", "search", "configuration"], Class::Named),
    (&["text", "search", "dictionary"], Class::Named),
    (&["text", "search", "parser"], Class::Named),
    (&["text", "search", "template"], Class::Named),
    (&["publication"], Class::Named),
    (&["statistics"], Class::Named),
    (&["function"], Class::Function),
    (&["procedure"], Class::Function),
    (&["aggregate"], Class::Function),
    (&["schema"], Class::Schema),
    (&["index"], Class::Part),
    (&["event", "trigger"], Class::Part),
    (&["trigger"], Class::Part),
    (&["policy"], Class::Part),
    (&["rule"], Class::Part),
];

impl Mention {
    /// Whether it may mean what is defined, seen from a statement whose unqualified names are
    /// looked up in any schema.
    pub(super) fn means(&self, definition: &Definition) -> bool {
        if self.name != definition.name {
            return false;
        }
        let in_schema = match (&self.schema, &definition.schema) {
            (Some(mine), Some(theirs)) => mine == theirs,
            (Some(mine), None) => mine == "public",
            (None, _) => true,
        };
        let after = |words: &[&str]| words.contains(&self.after.as_str());
        match definition.class {
            Class::Named | Class::Shape => in_schema && !self.qualifies,
            Class::Function => {
                in_schema
                    && (self.called || after(&["function", "procedure", "routine", "aggregate"]))
            }
            Class::Role => after(&[
                ",",
                "to",
                "from",
                "role",
                "user",
                "group",
                "authorization",
                "by",
                "admin",
                "for",
            ]),
            Class::Schema => self.qualifies || after(&["schema", ","]),
            Class::Part => after(&["trigger", "policy", "rule", "index", "constraint"]),
            Class::Key => in_schema && after(&["references"]),
        }
    }
}

/// Reads one statement.
pub(super) fn scan(words: &[Word]) -> Scanned {
    let mut scanned = Scanned::default();
    let is_do = words.first().is_some_and(|word| word.is("do"));
    for (at, word) in words.iter().enumerate() {
        if word.is("create") {
            scanned.defines.extend(definition(words, at));
        }
        if is_do && word.sign == Sign::Text {
            // A block such as `IF NOT EXISTS (...) THEN CREATE ROLE ...`.
            let inner = scan(&self::words(&word.text));
            scanned.defines.extend(inner.defines);
            scanned.mentions.extend(inner.mentions);
        }
    }
    scanned.defines.extend(altered(words));
    mentions(words, &mut scanned.mentions);
    scanned
}

/// What `CREATE` at this word makes.
fn definition(words: &[Word], create: usize) -> Option<Definition> {
    let mut at = create + 1;
    while words
        .get(at)
        .is_some_and(|word| MODIFIERS.iter().any(|known| word.is(known)))
    {
        at += 1;
    }
    let starts = |at: usize, kind: &[&str]| {
        kind.iter()
            .enumerate()
            .all(|(i, keyword)| words.get(at + i).is_some_and(|word| word.is(keyword)))
    };
    if ["role", "user", "group"]
        .iter()
        .any(|kind| starts(at, &[kind]))
        && !starts(at, &["user", "mapping"])
    {
        return Some(Definition {
            class: Class::Role,
            schema: None,
            name: words.get(at + 1)?.text.clone(),
        });
    }
    let (kind, class) = KINDS.iter().find(|(kind, _)| starts(at, kind))?;
    at += kind.len();
    for skipped in [
        &["concurrently"][..],
        &["if", "not", "exists"],
        &["authorization"],
    ] {
        if starts(at, skipped) {
            at += skipped.len();
        }
    }
    let (schema, name, _) = name(words, at)?;
    if *class == Class::Part && name == "on" {
        return None;
    }
    Some(Definition {
        class: *class,
        schema,
        name,
    })
}

/// A name with its schema, and where it ends.
fn name(words: &[Word], at: usize) -> Option<(Option<String>, String, usize)> {
    let first = words.get(at).filter(|word| word.is_name())?;
    if words.get(at + 1).is_some_and(|word| word.sign == Sign::Dot)
        && let Some(second) = words.get(at + 2).filter(|word| word.is_name())
    {
        return Some((Some(first.text.clone()), second.text.clone(), at + 3));
    }
    Some((None, first.text.clone(), at + 1))
}

/// Keys, columns and values that the statement adds to something that is there.
fn altered(words: &[Word]) -> Vec<Definition> {
    let is = |at: usize, keyword: &str| words.get(at).is_some_and(|word| word.is(keyword));
    let mut found = Vec::new();
    if is(0, "create") && is(1, "unique") && is(2, "index") {
        let on = words.iter().position(|word| word.is("on"));
        let at = on.map_or(words.len(), |on| on + 1 + usize::from(is(on + 1, "only")));
        if let Some((schema, name, _)) = name(words, at) {
            found.push(Definition {
                class: Class::Key,
                schema,
                name,
            });
        }
    }
    let kind = words.get(1).map_or("", |word| word.text.as_str());
    if !is(0, "alter") || !matches!(kind, "table" | "type" | "foreign") {
        return found;
    }
    let mut at = if kind == "foreign" { 3 } else { 2 };
    for skipped in ["if", "exists", "only"] {
        at += usize::from(is(at, skipped));
    }
    let Some((schema, name, mut at)) = name(words, at) else {
        return found;
    };
    let mut add = |class, name: &str| {
        let schema = schema.clone();
        found.push(Definition {
            class,
            schema,
            name: name.to_owned(),
        });
    };
    while at < words.len() {
        if is(at, "constraint") && is(at - 1, "add") {
            if let Some(constraint) = words.get(at + 1) {
                add(Class::Part, &constraint.text);
            }
        } else if (is(at, "primary") && is(at + 1, "key")) || is(at, "unique") {
            add(Class::Key, &name);
        } else if is(at - 1, "add")
            && !["check", "foreign", "exclude"]
                .iter()
                .any(|keyword| is(at, keyword))
        {
            add(Class::Shape, &name);
        }
        at += 1;
    }
    found
}

/// What the names inside of a parenthesis are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// Anything.
    Free,
    /// Columns with their types: what follows a parenthesis or a comma is a name of its own.
    Items,
    /// Columns, unless they are called, qualified or types of casts.
    Columns,
}

fn mentions(words: &[Word], found: &mut Vec<Mention>) {
    let mut inside: Vec<Inside> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        match word.sign {
            Sign::Open => {
                let kind = opened(words, at, inside.last().copied());
                inside.push(kind);
            }
            Sign::Close => {
                inside.pop();
            }
            Sign::Text => in_string(words, at, found),
            Sign::Bare | Sign::Quoted => {
                let mention = mention(words, at);
                let before = at.checked_sub(1).map(|before| words[before].sign);
                let first = matches!(before, Some(Sign::Open | Sign::Comma));
                let constraint = [
                    "constraint",
                    "primary",
                    "unique",
                    "check",
                    "foreign",
                    "exclude",
                ]
                .iter()
                .any(|keyword| word.is(keyword));
                let skipped = match inside.last() {
                    Some(Inside::Items) => first && !constraint,
                    Some(Inside::Columns) => {
                        !(mention.called || mention.schema.is_some() || before == Some(Sign::Colon))
                    }
                    Some(Inside::Free) | None => false,
                };
                if !skipped {
                    found.push(mention);
                }
            }
            _ => {}
        }
    }
}

fn opened(words: &[Word], at: usize, outer: Option<Inside>) -> Inside {
    let back = |n: usize| at.checked_sub(n).and_then(|i| words.get(i));
    let is = |n: usize, keyword: &str| back(n).is_some_and(|word| word.is(keyword));
    let start = |keyword: &str| words.iter().take(5).any(|word| word.is(keyword));
    if is(1, "inherits") {
        return Inside::Free;
    }
    if is(1, "key") || is(1, "unique") || is(2, "references") || is(4, "references") {
        return Inside::Columns;
    }
    match outer {
        Some(Inside::Items | Inside::Columns) => Inside::Columns,
        None if words[0].is("create") && start("index") => Inside::Columns,
        None if words[0].is("create") && (start("table") || start("type")) => Inside::Items,
        Some(Inside::Free) | None => Inside::Free,
    }
}

fn mention(words: &[Word], at: usize) -> Mention {
    let sign = |at: usize| words.get(at).map(|word| word.sign);
    let qualified = at >= 2 && sign(at - 1) == Some(Sign::Dot) && words[at - 2].is_name();
    let start = if qualified { at - 2 } else { at };
    let after = match start.checked_sub(1).map(|before| &words[before]) {
        Some(word) if word.sign == Sign::Bare => word.text.clone(),
        Some(word) if word.sign == Sign::Comma => ",".to_owned(),
        _ => String::new(),
    };
    Mention {
        schema: qualified.then(|| words[at - 2].text.clone()),
        name: words[at].text.clone(),
        called: sign(at + 1) == Some(Sign::Open),
        qualifies: sign(at + 1) == Some(Sign::Dot),
        after,
    }
}

/// `'app.seq'::regclass` and `nextval('app.seq')`.
fn in_string(words: &[Word], at: usize, found: &mut Vec<Mention>) {
    let is = |at: usize, keyword: &str| words.get(at).is_some_and(|word| word.is(keyword));
    let cast = words
        .get(at + 1)
        .is_some_and(|word| word.sign == Sign::Colon)
        && words
            .get(at + 3)
            .is_some_and(|word| word.text.starts_with("reg"));
    let sequence = at >= 2
        && ["nextval", "currval", "setval"]
            .iter()
            .any(|function| is(at - 2, function));
    if cast || sequence {
        let inner = self::words(&words[at].text);
        found.extend(
            (0..inner.len())
                .filter(|i| inner[*i].is_name())
                .map(|i| mention(&inner, i)),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(later: &str, earlier: &str) -> bool {
        let (later, earlier) = (scan(&words(later)), scan(&words(earlier)));
        let mut pairs = later.mentions.iter().flat_map(|mention| {
            earlier
                .defines
                .iter()
                .map(move |defined| (mention, defined))
        });
        pairs.any(|(mention, defined)| mention.means(defined))
    }

    #[test]
    fn what_needs_what() {
        for (later, earlier) in [
            (
                "create table a (b int references app.b (id))",
                "create table app.b (id int)",
            ),
            (
                "create table a (m mood default 'x')",
                "create type mood as enum ('x')",
            ),
            (
                "create table a (m numeric(1) default f())",
                "create or replace function f() returns int",
            ),
            (
                "create table a (check (app.f(x)))",
                "create function app.f(int) returns bool",
            ),
            (
                "create table a () inherits (b)",
                "create unlogged table if not exists \"b\" ()",
            ),
            (
                "create table a (x int default nextval('app.s'))",
                "create sequence app.s",
            ),
            (
                "create table a (x int references b)",
                "alter table only b add constraint k primary key (id)",
            ),
            ("create table app.a (x int)", "create schema app"),
            (
                "create view v as select * from public.t",
                "create table t ()",
            ),
            (
                "create policy p on t to app_user using (true)",
                "create role app_user",
            ),
            (
                "grant select on t to a, b",
                "do $$ begin create role b; end $$",
            ),
            ("alter table t owner to o", "create role o"),
            (
                "create trigger x before insert on t execute function f()",
                "create function f() returns trigger",
            ),
            (
                "comment on trigger x on t is ''",
                "create trigger x before insert on t execute function f()",
            ),
            ("create index on t (f(x))", "create function f(int)"),
            (
                "create view v as select c from t",
                "alter table t add column c int",
            ),
        ] {
            assert!(needs(later, earlier), "{later} | {earlier}");
        }
    }

    #[test]
    fn what_has_only_a_name_in_common() {
        for (one, other) in [
            ("create table a (b int, c int)", "create table b ()"),
            (
                "create table a (x int, primary key (b))",
                "create table b ()",
            ),
            ("create index i on a (b)", "create table b ()"),
            (
                "create view v as select total from a",
                "create function total() returns int",
            ),
            ("create view v as select b.x from a", "create schema x"),
            ("create table x.a (y int)", "create table z.a (y int)"),
            (
                "create table a (x int references app.b (c))",
                "create table c ()",
            ),
            (
                "create function f() returns int as $$ select * from t $$",
                "create table t ()",
            ),
        ] {
            assert!(!needs(one, other), "{one} | {other}");
        }
    }
}
