//! SQL text as tokens: quoting, and the names that a piece of SQL mentions.
//!
//! Tokens tell which names *may* be meant. That orders steps in the declared grade, where no
//! server can be asked; it never decides what is equal or what is dropped.

use squawk_lexer::{LiteralKind, TokenKind, tokenize};

/// A quoted identifier. Always quoted: no list of reserved words can be out of date.
pub fn ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A name as Postgres stores it: cut at 63 bytes (`NAMEDATALEN` - 1), never inside a character.
pub fn stored_name(name: &str) -> &str {
    &name[..name.floor_char_boundary(63)]
}

/// A string literal.
pub fn literal(text: &str) -> String {
    if text.contains('\\') {
        format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// One identifier in a piece of SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The name as Postgres reads it: unquoted ones in lower case.
    pub name: String,
    /// Name before the dot that precedes it, if any.
    pub qualifier: Option<String>,
    /// Byte range in the text.
    pub start: usize,
    /// End of the range.
    pub end: usize,
}

/// Every identifier that SQL text mentions, and whether it says `*`.
///
/// The text of a string literal counts where it names an object: `'seq'::regclass`, `nextval('seq')`.
pub fn identifiers(sql: &str) -> (Vec<Mention>, bool) {
    let mut mentions: Vec<Mention> = Vec::new();
    let mut star = false;
    let mut at = 0;
    let mut qualifier: Option<String> = None;
    let mut last_name: Option<String> = None;
    let mut last_string: Option<(usize, usize)> = None;
    let mut colons = 0;
    let mut call: Option<String> = None;
    for token in tokenize(sql) {
        let (start, end) = (at, at + token.len as usize);
        at = end;
        let text = &sql[start..end];
        match token.kind {
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. } => {}
            TokenKind::Ident | TokenKind::QuotedIdent { .. } => {
                let name = unquote(text);
                if colons == 2
                    && name == "regclass"
                    && let Some((from, to)) = last_string
                {
                    named_by_string(sql, from, to, &mut mentions);
                }
                colons = 0;
                mentions.push(Mention {
                    name: name.clone(),
                    qualifier: qualifier.take(),
                    start,
                    end,
                });
                last_name = Some(name);
                last_string = None;
            }
            TokenKind::Dot => qualifier = last_name.take(),
            TokenKind::Colon => colons += 1,
            TokenKind::OpenParen => {
                call = last_name.take();
                colons = 0;
            }
            TokenKind::Literal {
                kind: LiteralKind::Str { .. },
            } => {
                if matches!(call.as_deref(), Some("nextval" | "currval" | "setval")) {
                    named_by_string(sql, start, end, &mut mentions);
                }
                last_string = Some((start, end));
                colons = 0;
                call = None;
            }
            kind => {
                star |= kind == TokenKind::Star;
                qualifier = None;
                last_name = None;
                last_string = None;
                colons = 0;
                call = None;
            }
        }
    }
    (mentions, star)
}

/// Replaces each mention that `replacement` answers for, keeping everything else as written.
pub(crate) fn replace_identifiers(
    sql: &str,
    replacement: impl Fn(&Mention) -> Option<String>,
) -> Option<String> {
    let (mentions, _) = identifiers(sql);
    let mut out = String::new();
    let mut done = 0;
    for mention in &mentions {
        if mention.start >= done
            && let Some(name) = replacement(mention)
        {
            out.push_str(&sql[done..mention.start]);
            // A bare word stays bare where it can, so that untouched spellings stay equal.
            let bare = !sql[mention.start..].starts_with('"') && is_bare(&name);
            out.push_str(&if bare { name } else { ident(&name) });
            done = mention.end;
        }
    }
    if done == 0 {
        return None;
    }
    out.push_str(&sql[done..]);
    Some(out)
}

fn is_bare(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn unquote(text: &str) -> String {
    let name = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .map_or_else(|| text.to_lowercase(), |inner| inner.replace("\"\"", "\""));
    stored_name(&name).to_owned()
}

/// The names inside a string such as `'public.orders_id_seq'`.
fn named_by_string(sql: &str, start: usize, end: usize, mentions: &mut Vec<Mention>) {
    let Some(inner) = sql.get(start + 1..end.saturating_sub(1)) else {
        return;
    };
    let (inner, _) = identifiers(inner);
    mentions.extend(inner.into_iter().map(|mention| Mention {
        start: mention.start + start + 1,
        end: mention.end + start + 1,
        ..mention
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn mentions(sql: &str, expected: &[&str]) {
        let found: Vec<_> = identifiers(sql)
            .0
            .into_iter()
            .map(|m| {
                m.qualifier
                    .map_or(m.name.clone(), |q| format!("{q}.{}", m.name))
            })
            .collect();
        assert_eq!(found, expected, "{sql}");
    }

    #[test]
    fn names_are_read_as_postgres_reads_them() {
        mentions(r#""users"."Age" > 18 -- age"#, &["users", "users.Age"]);
        mentions("lower(Name) = 'name'", &["lower", "name"]);
        mentions("nextval('app.\"S q\"')", &["nextval", "app", "app.S q"]);
        mentions("nextval('s'::regclass)", &["nextval", "s", "s", "regclass"]);
        mentions("'a'::status", &["status"]);
        mentions("$$ select x $$", &[]);
        mentions(r#""we""ird""#, &["we\"ird"]);
        let (long, kept) = ("x".repeat(70), "x".repeat(63));
        mentions(&format!("{long} > 0"), &[&kept]);
    }

    #[test]
    fn replacing_keeps_the_rest_and_the_style() {
        let to = |name: &'static str| move |m: &Mention| (m.name == "age").then(|| name.to_owned());
        let after = |sql, name| replace_identifiers(sql, to(name));
        assert_eq!(
            after("age > 1 /* age */", "years").as_deref(),
            Some("years > 1 /* age */")
        );
        assert_eq!(
            after("\"age\" > 1", "years").as_deref(),
            Some("\"years\" > 1")
        );
        assert_eq!(after("age > 1", "Years").as_deref(), Some("\"Years\" > 1"));
        assert_eq!(after("'age' = x", "years"), None);
    }

    #[test]
    fn names_are_stored_cut_between_characters() {
        assert_eq!(stored_name("users"), "users");
        assert_eq!(stored_name(&"a".repeat(64)), "a".repeat(63));
        assert_eq!(stored_name(&"ä".repeat(32)), "ä".repeat(31));
    }

    #[test]
    fn literals_survive_backslashes_and_quotes() {
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal(r"a\b"), r"E'a\\b'");
        assert_eq!(ident("a\"b"), "\"a\"\"b\"");
    }
}
