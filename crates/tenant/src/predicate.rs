//! What a policy's expression says, as far as it can be told from Postgres's own text of it.
//!
//! Postgres puts every AND, OR and NOT into parentheses of its own when it writes an expression, so
//! its text splits without a grammar. What is not recognised counts as not isolating: that is told,
//! and the probe has the last word.

use squawk_lexer::{TokenKind, tokenize};

/// An expression, split where it is certain.
#[derive(Debug, Clone)]
pub(crate) enum Predicate {
    And(Vec<Predicate>),
    Or(Vec<Predicate>),
    Not(Box<Predicate>),
    /// Anything else.
    Atom(Vec<Token>),
}

/// A token without the white space around it.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    kind: TokenKind,
    /// Identifiers as Postgres reads them, anything else as it is written.
    text: String,
    /// Whether it follows the one before without a space.
    close: bool,
}

/// What makes a comparison one with the tenant.
#[derive(Debug, Clone)]
pub(crate) struct Key<'a> {
    pub(crate) column: &'a str,
    /// Schema and name of each function that says whose request it is.
    pub(crate) functions: Vec<(&'a str, &'a str)>,
}

/// How an atom names the tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    /// `f()`.
    Bare,
    /// `(SELECT f())`, which is asked once for a query.
    Wrapped,
}

impl Predicate {
    pub(crate) fn parse(text: &str) -> Self {
        let mut tokens = Vec::new();
        let (mut at, mut close) = (0, false);
        for token in tokenize(text) {
            let said = &text[at..at + token.len as usize];
            at += token.len as usize;
            match token.kind {
                TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. } => {
                    close = false;
                    continue;
                }
                TokenKind::Eof => break,
                _ => {}
            }
            let text = match token.kind {
                TokenKind::QuotedIdent { .. } => said
                    .trim_start_matches('"')
                    .strip_suffix('"')
                    .unwrap_or(said)
                    .replace("\"\"", "\""),
                _ => said.to_owned(),
            };
            tokens.push(Token {
                kind: token.kind,
                text,
                close,
            });
            close = true;
        }
        split(&tokens)
    }

    /// Whether no row passes that is not the tenant's.
    pub(crate) fn isolates(&self, key: &Key<'_>) -> bool {
        match self {
            Self::And(parts) => parts.iter().any(|part| part.isolates(key)),
            Self::Or(parts) => parts.iter().all(|part| part.isolates(key)),
            Self::Not(part) => part.is_true(),
            Self::Atom(tokens) => is_word(tokens, "false") || compares(tokens, key).is_some(),
        }
    }

    /// Whether it says nothing but whose row it is.
    pub(crate) fn is_only_tenant(&self, key: &Key<'_>) -> bool {
        matches!(self, Self::Atom(tokens) if compares(tokens, key).is_some())
    }

    /// Whether it asks for the tenant again for each row.
    pub(crate) fn calls_bare(&self, key: &Key<'_>) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|part| part.calls_bare(key)),
            Self::Not(part) => part.calls_bare(key),
            Self::Atom(tokens) => compares(tokens, key) == Some(Call::Bare),
        }
    }

    /// Whether every row passes, seen at a glance: `true`, `1 = 1`, `id = id`, `… OR true`.
    pub(crate) fn is_true(&self) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(Self::is_true),
            Self::Or(parts) => parts.iter().any(Self::is_true),
            Self::Not(part) => matches!(&**part, Self::Atom(tokens) if is_word(tokens, "false")),
            Self::Atom(tokens) => {
                is_word(tokens, "true")
                    || equality(tokens).is_some_and(|(left, right)| same(left, right))
            }
        }
    }

    /// Whether a part of it lets every row pass where another part decides.
    pub(crate) fn has_hole(&self) -> bool {
        match self {
            Self::And(parts) => parts.iter().any(Self::has_hole),
            Self::Or(parts) => parts.iter().any(|part| part.is_true() || part.has_hole()),
            Self::Not(_) | Self::Atom(_) => self.is_true(),
        }
    }
}

/// Whether a text names something, wherever in it.
pub(crate) fn mentions(text: &str, name: &str) -> bool {
    let (found, _) = driftless_catalog::identifiers(text);
    found.iter().any(|mention| mention.name == name)
}

fn split(tokens: &[Token]) -> Predicate {
    let tokens = bare(tokens);
    for (word, join) in [
        ("OR", Predicate::Or as fn(Vec<Predicate>) -> Predicate),
        ("AND", Predicate::And),
    ] {
        let parts = at_top(tokens, word);
        if parts.len() > 1 {
            return join(parts.into_iter().map(split).collect());
        }
    }
    match tokens {
        [first, rest @ ..] if is(first, "NOT") => Predicate::Not(Box::new(split(rest))),
        _ => Predicate::Atom(tokens.to_vec()),
    }
}

fn is(token: &Token, word: &str) -> bool {
    token.kind == TokenKind::Ident && token.text.eq_ignore_ascii_case(word)
}

fn is_word(tokens: &[Token], word: &str) -> bool {
    matches!(without_casts(bare(tokens)), [one] if is(one, word))
}

/// How deep each token is in parentheses; those themselves count as outside.
fn depths(tokens: &[Token]) -> impl Iterator<Item = (usize, &Token)> {
    let mut depth = 0usize;
    tokens.iter().map(move |token| match token.kind {
        TokenKind::OpenParen | TokenKind::OpenBracket => {
            depth += 1;
            (depth - 1, token)
        }
        TokenKind::CloseParen | TokenKind::CloseBracket => {
            depth = depth.saturating_sub(1);
            (depth, token)
        }
        _ => (depth, token),
    })
}

/// Without parentheses around all of it.
fn bare(mut tokens: &[Token]) -> &[Token] {
    while let [first, inner @ .., last] = tokens
        && first.kind == TokenKind::OpenParen
        && last.kind == TokenKind::CloseParen
    {
        let closes = depths(tokens)
            .enumerate()
            .skip(1)
            .find(|(_, (depth, token))| *depth == 0 && token.kind == TokenKind::CloseParen);
        if closes.is_none_or(|(at, _)| at + 1 != tokens.len()) {
            break;
        }
        tokens = inner;
    }
    tokens
}

/// The parts between words at the top. CASE holds its own, in parentheses.
fn at_top<'t>(tokens: &'t [Token], word: &str) -> Vec<&'t [Token]> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, (depth, token)) in depths(tokens).enumerate() {
        if depth == 0 && is(token, word) {
            parts.push(&tokens[start..at]);
            start = at + 1;
        }
    }
    parts.push(&tokens[start..]);
    parts
}

/// Both sides of `a = b`, and of nothing else that has such a sign in it.
fn equality(tokens: &[Token]) -> Option<(&[Token], &[Token])> {
    let signs: Vec<usize> = depths(tokens)
        .enumerate()
        .filter(|(_, (depth, token))| *depth == 0 && token.kind == TokenKind::Eq)
        .map(|(at, _)| at)
        .collect();
    let [at] = signs[..] else {
        return None;
    };
    let (left, right) = (&tokens[..at], tokens.get(at + 1..)?);
    // `<=` and the like are one sign; `IS DISTINCT FROM` and CASE are no comparison of two values.
    let joined = tokens[at].close && left.last().is_some_and(is_sign)
        || right
            .first()
            .is_some_and(|next| next.close && is_sign(next));
    let words = ["CASE", "IS", "ANY", "ALL", "SOME"];
    let other =
        depths(tokens).any(|(depth, token)| depth == 0 && words.iter().any(|word| is(token, word)));
    (!joined && !other && !left.is_empty() && !right.is_empty()).then_some((left, right))
}

fn is_sign(token: &Token) -> bool {
    token.text.len() == 1 && "<>!~+-*/%^&|#@?=".contains(&token.text)
}

fn same(left: &[Token], right: &[Token]) -> bool {
    let texts = |tokens: &[Token]| -> Vec<String> {
        let tokens = without_casts(bare(tokens));
        tokens.iter().map(|token| token.text.clone()).collect()
    };
    texts(left) == texts(right)
}

fn compares(tokens: &[Token], key: &Key<'_>) -> Option<Call> {
    let (left, right) = equality(tokens)?;
    if is_column(left, key.column) {
        call(right, key)
    } else if is_column(right, key.column) {
        call(left, key)
    } else {
        None
    }
}

fn is_column(tokens: &[Token], column: &str) -> bool {
    let tokens = without_casts(bare(tokens));
    // `t.account_id` where a query is around it.
    let named = tokens.iter().enumerate().all(|(at, token)| match at % 2 {
        0 => is_name(token),
        _ => token.kind == TokenKind::Dot,
    });
    named && tokens.last().is_some_and(|last| last.text == column)
}

fn is_name(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Ident | TokenKind::QuotedIdent { .. })
}

fn call(tokens: &[Token], key: &Key<'_>) -> Option<Call> {
    let tokens = without_casts(bare(tokens));
    if let [first, rest @ ..] = tokens
        && is(first, "SELECT")
    {
        let rest = match rest {
            [inner @ .., word, name] if is(word, "AS") && is_name(name) => inner,
            rest => rest,
        };
        return call(rest, key).map(|_| Call::Wrapped);
    }
    let [schema, dot, name, open, end] = tokens else {
        return None;
    };
    let shape = [dot.kind, open.kind, end.kind]
        == [TokenKind::Dot, TokenKind::OpenParen, TokenKind::CloseParen];
    let known = key
        .functions
        .contains(&(schema.text.as_str(), name.text.as_str()));
    (shape && known).then_some(Call::Bare)
}

/// Without `::type` behind it. A type that cuts what it is given (`varchar(3)`) stays: two values
/// may become one.
fn without_casts(mut tokens: &[Token]) -> &[Token] {
    loop {
        let colons = depths(tokens)
            .enumerate()
            .filter(|(_, (depth, token))| *depth == 0 && token.kind == TokenKind::Colon);
        let Some((at, _)) = colons.last() else {
            return tokens;
        };
        let type_name = &tokens[at + 1..];
        let plain = type_name
            .iter()
            .all(|token| is_name(token) || token.kind == TokenKind::Dot);
        if at == 0 || !plain || tokens[at - 1].kind != TokenKind::Colon {
            return tokens;
        }
        tokens = bare(&tokens[..at - 1]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key<'static> {
        Key {
            column: "account_id",
            functions: vec![("public", "current_account_id")],
        }
    }

    #[test]
    fn what_isolates() {
        for text in [
            "(account_id = ( SELECT public.current_account_id() AS current_account_id))",
            "(account_id = public.current_account_id())",
            "(public.current_account_id() = account_id)",
            "((account_id)::text = (public.current_account_id())::text)",
            "(account_id = ( SELECT (public.current_account_id())::bigint AS x))",
            "((account_id = public.current_account_id()) AND (deleted_at IS NULL))",
            "((account_id = public.current_account_id()) OR ((a > 1) AND (account_id = public.current_account_id())))",
            "(t.account_id = public.current_account_id())",
            "(\"account_id\" = public.\"current_account_id\"())",
            "false",
        ] {
            assert!(Predicate::parse(text).isolates(&key()), "{text}");
        }
    }

    #[test]
    fn what_does_not() {
        for text in [
            "true",
            "(account_id = account_id)",
            "((account_id = public.current_account_id()) OR true)",
            "((account_id = public.current_account_id()) OR (account_id IS NULL))",
            "(NOT (account_id = public.current_account_id()))",
            "(account_id <> public.current_account_id())",
            "(account_id >= public.current_account_id())",
            "(account_id = other.current_account_id())",
            "(other_id = public.current_account_id())",
            "(account_id = public.current_account_id(1))",
            "(NOT (account_id IS DISTINCT FROM public.current_account_id()))",
            "((account_id)::character varying(3) = (public.current_account_id())::text)",
            "(EXISTS ( SELECT 1 FROM a WHERE (a.account_id = public.current_account_id())))",
            "(account_id = COALESCE(public.current_account_id(), account_id))",
            "CASE WHEN a THEN (account_id = public.current_account_id()) ELSE true END",
            "(account_id OPERATOR(public.=) public.current_account_id())",
        ] {
            assert!(!Predicate::parse(text).isolates(&key()), "{text}");
        }
    }

    #[test]
    fn what_lets_everything_pass() {
        for (text, hole) in [
            ("true", true),
            ("(1 = 1)", true),
            ("(id = id)", true),
            ("(NOT false)", true),
            ("((account_id = public.current_account_id()) OR true)", true),
            ("((a = b) AND ((c = d) OR (e = e)))", true),
            ("(account_id = public.current_account_id())", false),
            ("(a <= a)", false),
            ("((a = b) OR (c = d))", false),
        ] {
            assert_eq!(Predicate::parse(text).has_hole(), hole, "{text}");
        }
    }

    #[test]
    fn a_call_for_each_row_is_told_from_one_for_the_query() {
        for (text, bare) in [
            ("(account_id = public.current_account_id())", true),
            (
                "(account_id = ( SELECT public.current_account_id() AS x))",
                false,
            ),
            (
                "((a = 1) AND (public.current_account_id() = account_id))",
                true,
            ),
        ] {
            assert_eq!(Predicate::parse(text).calls_bare(&key()), bare, "{text}");
        }
    }
}
