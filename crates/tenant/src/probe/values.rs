//! Values to try for a column, the likeliest first. Postgres decides which it takes.

use squawk_lexer::{LiteralKind, TokenKind, tokenize};

use super::shape::{Check, Column, Shape};

/// A value in an INSERT.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    /// As Postgres would write it.
    Text(String),
    Null,
    Default,
}

impl Value {
    pub(super) fn sql(&self) -> String {
        match self {
            Self::Text(text) => driftless_postgres::literal(text),
            Self::Null => "NULL".to_owned(),
            Self::Default => "DEFAULT".to_owned(),
        }
    }
}

/// What to try for a column. `salt` makes values differ from row to row.
pub(super) fn candidates(shape: &Shape, column: &Column, salt: u32) -> Vec<Value> {
    let hints = shape
        .all_checks()
        .filter(|check| check.columns.contains(&column.name));
    let mut all = of_type(column, salt);
    let rest = all.split_off(all.len().min(1));
    for check in hints {
        all.extend(hinted(column, check, salt));
    }
    all.extend(rest);
    let mut seen = Vec::new();
    for text in all {
        let text = fitting(column, text);
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen.into_iter().map(Value::Text).collect()
}

/// Cut to what the column takes; what tells rows apart is at the end.
fn fitting(column: &Column, text: String) -> String {
    match column.length {
        Some(length) if text.chars().count() > length => {
            let skip = text.chars().count() - length;
            text.chars().skip(skip).collect()
        }
        _ => text,
    }
}

fn of_type(column: &Column, salt: u32) -> Vec<String> {
    let list = |texts: &[&str]| {
        texts
            .iter()
            .map(|&text| text.to_owned())
            .collect::<Vec<_>>()
    };
    if column.kind == "e" {
        return column.labels.clone();
    }
    if column.kind == "r" || column.kind == "m" {
        return if column.kind == "m" {
            list(&["{}"])
        } else {
            list(&["empty", "[1,2)", "[2001-01-01,2001-01-02)"])
        };
    }
    let hex = |n: u32| format!("{n:08x}");
    match column.base.as_str() {
        "uuid" => vec![format!("{}-0000-4000-8000-{:012x}", hex(salt), salt)],
        "boolean" => list(&["false", "true"]),
        "bytea" => [32, 1, 16, 20, 64, 12]
            .iter()
            .map(|&bytes| bytes_of(salt, bytes))
            .collect(),
        "json" | "jsonb" => list(&["{}", "[]", "{\"a\": 1}", "[1]", "1", "\"a\"", "null"]),
        "date" => vec![
            format!("20{:02}-01-{:02}", 1 + salt / 28 % 90, 1 + salt % 28),
            "2001-01-01".to_owned(),
            "2001-06-01".to_owned(),
            "2099-01-01".to_owned(),
        ],
        "timestamp with time zone" | "timestamp without time zone" => vec![
            format!("2001-01-01 00:{:02}:{:02}", salt / 60 % 60, salt % 60),
            "2020-01-01 00:00:00".to_owned(),
            "2099-01-01 00:00:00".to_owned(),
        ],
        "time without time zone" | "time with time zone" => vec![
            format!("10:{:02}:{:02}", salt / 60 % 60, salt % 60),
            "00:00:00".to_owned(),
        ],
        "interval" => list(&["1 day", "1 hour", "00:00:01", "0"]),
        "inet" => vec![format!("192.0.{}.{}", salt / 250 % 250, 1 + salt % 250)],
        "cidr" => vec![format!("10.{}.{}.0/24", salt / 250 % 250, salt % 250)],
        "macaddr" => vec![format!(
            "08:00:2b:01:{:02x}:{:02x}",
            salt / 256 % 256,
            salt % 256
        )],
        "macaddr8" => list(&["08:00:2b:01:02:03:04:05"]),
        "point" => vec![format!("({salt},0)")],
        "box" => list(&["(1,1),(0,0)"]),
        "circle" => list(&["<(0,0),1>"]),
        "line" => list(&["{1,1,1}"]),
        "lseg" | "path" | "polygon" => list(&["((0,0),(1,1))"]),
        "tsvector" | "tsquery" => vec![format!("a{salt}")],
        "xml" => vec![format!("<a>{salt}</a>")],
        "bit" => vec!["0".repeat(column.length.unwrap_or(1))],
        "bit varying" => list(&["0", "1"]),
        "\"char\"" => list(&["a"]),
        "oid" | "xid" | "cid" => vec![salt.to_string()],
        "pg_lsn" => vec![format!("0/{salt:X}")],
        "money" => list(&["1", "0"]),
        _ => match column.category.as_str() {
            "N" => numbers(salt),
            "S" => texts(salt),
            "A" => list(&["{}", "{1}", "{a}", "{a@b.example}"]),
            "B" => list(&["false", "true"]),
            "C" => list(&["()", "(,)", "(,,)", "(,,,)"]),
            _ => {
                let mut all = list(&["", "1", "a", "{}", "[1]"]);
                all.extend(texts(salt));
                all
            }
        },
    }
}

fn bytes_of(salt: u32, bytes: usize) -> String {
    let tail = format!("{salt:08x}");
    let hex = format!("{}{tail}", "ab".repeat(bytes));
    format!("\\x{}", &hex[hex.len() - 2 * bytes..])
}

fn numbers(salt: u32) -> Vec<String> {
    // smallint holds 32767 at most.
    let own = 1 + salt % 30_000;
    let mut all = vec![own.to_string()];
    all.extend(["1", "0", "2", "10", "100", "-1", "0.5"].map(str::to_owned));
    all
}

fn texts(salt: u32) -> Vec<String> {
    vec![
        format!("a{salt}"),
        format!("A{salt}"),
        format!("{salt}"),
        format!("a{salt}@example.com"),
        format!("https://example.com/{salt}"),
        format!("+1555{:07}", salt % 10_000_000),
        format!("a-{salt}"),
        format!("a_{salt}"),
        format!("/a{salt}"),
        format!("a{salt}.example.com"),
        "en".to_owned(),
        "EN".to_owned(),
        "EUR".to_owned(),
        "eur".to_owned(),
        "en-US".to_owned(),
        "UTC".to_owned(),
        "Europe/Berlin".to_owned(),
        format!("#{:06x}", salt % 0xff_ffff),
        "1.0.0".to_owned(),
        format!("{salt:05}"),
        "2001-01-01".to_owned(),
        "12:00".to_owned(),
        "127.0.0.1".to_owned(),
        "{}".to_owned(),
        format!("{salt:08x}-0000-4000-8000-{salt:012x}"),
        format!("{salt:064x}"),
        format!("{salt:040x}"),
        format!("{salt:032x}"),
        "Aa1!aaaa".to_owned(),
        "a".to_owned(),
        "A".to_owned(),
        String::new(),
    ]
}

/// What a check says that a value may be: its literals, and lengths made of its numbers.
fn hinted(column: &Column, check: &Check, salt: u32) -> Vec<String> {
    let mut all = Vec::new();
    let mut at = 0;
    for token in tokenize(&check.text) {
        let text = &check.text[at..at + token.len as usize];
        at += token.len as usize;
        let TokenKind::Literal { kind } = token.kind else {
            continue;
        };
        match kind {
            LiteralKind::Str { .. } => {
                let inner = text.trim_matches('\'').replace("''", "'");
                if column.category == "S" && inner.contains(['%', '_']) {
                    all.push(inner.replace('%', &format!("a{salt}")).replace('_', "a"));
                    all.push(inner.replace('%', "").replace('_', "a"));
                }
                if column.category == "A" {
                    all.push(format!("{{\"{}\"}}", inner.replace('"', "")));
                }
                all.push(inner);
            }
            LiteralKind::Int { .. } | LiteralKind::Numeric { .. } => {
                let Ok(number) = text.parse::<i64>() else {
                    all.push(text.to_owned());
                    continue;
                };
                let few = usize::try_from(number)
                    .ok()
                    .filter(|n| (1..=4096).contains(n));
                match (column.category.as_str(), few) {
                    ("N", _) => {
                        all.extend([number, number + 1, number - 1].map(|n| n.to_string()));
                    }
                    ("S", Some(length)) => {
                        let tail = salt.to_string();
                        let padded = format!("{}{tail}", "a".repeat(length));
                        all.push(padded[padded.len() - length..].to_owned());
                        let digits = format!("{}{tail}", "0".repeat(length));
                        all.push(digits[digits.len() - length..].to_owned());
                        all.push("A".repeat(length));
                    }
                    (_, Some(length)) if column.base == "bytea" => {
                        all.push(bytes_of(salt, length));
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    // What a check does not name may be what it excludes: an enum's other labels are there already.
    let fits = |text: &String| match column.category.as_str() {
        "N" => text.parse::<f64>().is_ok(),
        "S" | "D" | "A" | "T" => true,
        _ => column.base == "bytea" && text.starts_with("\\x"),
    };
    all.retain(fits);
    all
}
