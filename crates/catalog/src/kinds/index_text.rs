//! How the key of an index is written: what Postgres takes as it is, and what in parentheses.

use squawk_lexer::{TokenKind, tokenize};

/// SQL text of a key as CREATE INDEX takes it.
///
/// People write more than an expression: an operator class, an order, several keys at once. Text of
/// that form is left as it is.
pub(super) fn key(text: &str) -> String {
    if tokens(text).is_some_and(|tokens| tokens.split(|t| t.text == ",").all(is_key)) {
        text.to_owned()
    } else {
        format!("({text})")
    }
}

/// A token, or everything between parentheses as one.
struct Token<'a> {
    text: &'a str,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A name; one without quotes may be a keyword.
    Name,
    Group,
    Other,
}

impl Token<'_> {
    fn is(&self, keyword: &str) -> bool {
        self.kind == Kind::Name && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Whether it names a column, a function, a collation or an operator class.
    fn is_name(&self) -> bool {
        self.kind == Kind::Name && !KEYWORDS.iter().any(|word| self.is(word))
    }
}

/// Words of expressions, and of what follows one in a key.
const KEYWORDS: [&str; 30] = [
    "all", "and", "any", "array", "asc", "at", "between", "case", "collate", "desc", "distinct",
    "else", "end", "exists", "false", "ilike", "in", "is", "isnull", "like", "not", "notnull",
    "null", "nulls", "operator", "or", "similar", "some", "then", "true",
];

/// The tokens outside of parentheses; nothing where these do not match.
fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut found = Vec::new();
    let (mut at, mut depth, mut opened) = (0, 0, 0);
    for token in tokenize(text) {
        let (start, end) = (at, at + token.len as usize);
        at = end;
        let kind = match token.kind {
            TokenKind::Whitespace => continue,
            // The rest of a line would be lost.
            TokenKind::LineComment | TokenKind::BlockComment { .. } => return None,
            TokenKind::OpenParen => {
                if depth == 0 {
                    opened = start;
                }
                depth += 1;
                continue;
            }
            TokenKind::CloseParen => {
                depth -= 1;
                match depth {
                    0 => {
                        let text = &text[opened..end];
                        let kind = Kind::Group;
                        found.push(Token { text, kind });
                        continue;
                    }
                    ..0 => return None,
                    _ => continue,
                }
            }
            TokenKind::Ident | TokenKind::QuotedIdent { .. } => Kind::Name,
            _ => Kind::Other,
        };
        if depth == 0 {
            let text = &text[start..end];
            found.push(Token { text, kind });
        }
    }
    (depth == 0).then_some(found)
}

/// `{ column | function(...) | (expression) } [COLLATE name] [class [(...)]] [ASC | DESC]
/// [NULLS { FIRST | LAST }]`
fn is_key(tokens: &[Token<'_>]) -> bool {
    let mut rest = match tokens {
        [group, rest @ ..] if group.kind == Kind::Group => rest,
        tokens => match name(tokens) {
            Some((_, [group, rest @ ..])) if group.kind == Kind::Group => rest,
            // A column of a table by its name is an expression.
            Some((1, rest)) => rest,
            _ => return false,
        },
    };
    if let [word, after @ ..] = rest
        && word.is("collate")
    {
        let Some((_, after)) = name(after) else {
            return false;
        };
        rest = after;
    }
    if let Some((_, after)) = name(rest) {
        rest = match after {
            [group, after @ ..] if group.kind == Kind::Group => after,
            after => after,
        };
    }
    if let [word, after @ ..] = rest
        && (word.is("asc") || word.is("desc"))
    {
        rest = after;
    }
    match rest {
        [] => true,
        [nulls, place] => nulls.is("nulls") && (place.is("first") || place.is("last")),
        _ => false,
    }
}

/// A name with its parts, how many these are, and what follows.
fn name<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<(usize, &'t [Token<'a>])> {
    let [first, rest @ ..] = tokens else {
        return None;
    };
    first.is_name().then_some(())?;
    match rest {
        [dot, rest @ ..] if dot.text == "." => name(rest).map(|(parts, rest)| (parts + 1, rest)),
        rest => Some((1, rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_left_as_they_are() {
        for text in [
            "\"name\"",
            "\"name\" text_pattern_ops",
            "\"name\" gin_trgm_ops",
            "\"at\" DESC NULLS LAST",
            "embedding vector_cosine_ops",
            "data jsonb_path_ops",
            "lower(\"name\")",
            "lower(\"name\") desc",
            "my.lower(a, b) app.ops (siglen = 32) asc nulls first",
            "(a || b)",
            "(a || ' ' || b) gin_trgm_ops",
            "(j ->> 'x') ASC",
            "\"name\" collate \"C\"",
            "\"name\" COLLATE pg_catalog.\"C\" text_pattern_ops",
            "\"a\", lower(b), (c) desc",
            "coalesce(a, ',')",
        ] {
            assert_eq!(key(text), text);
        }
    }

    #[test]
    fn expressions_are_put_in_parentheses() {
        for text in [
            "a || b",
            "(a)::text",
            "(a) || (b)",
            "lower(a) || lower(b)",
            "a::text",
            "a is null",
            "a isnull",
            "not a",
            "t.a",
            "case when a then b end",
            "a at time zone 'UTC'",
            "a -> 'x'",
            "1",
            "a, b + 1",
            "a)(",
            "a -- because",
        ] {
            assert_eq!(key(text), format!("({text})"));
        }
    }
}
