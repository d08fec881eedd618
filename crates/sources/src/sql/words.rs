//! A statement as words: what its tokens are, without white space and comments.

use driftless_catalog::stored_name;
use squawk_lexer::{LiteralKind, TokenKind, tokenize};
use std::ops::Range;

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) sign: Sign,
    /// A bare word in lower case, a quoted name without its quotes, the inside of a string.
    pub(super) text: String,
    /// Bytes in the text that was cut up.
    pub(super) range: Range<usize>,
}

/// What sort of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// A keyword or a name without quotes.
    Bare,
    /// A name in quotes.
    Quoted,
    /// A string of any kind.
    Text,
    Open,
    Close,
    Comma,
    Dot,
    Colon,
    Other,
}

impl Word {
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.sign == Sign::Bare && self.text == keyword
    }

    pub(super) fn is_name(&self) -> bool {
        matches!(self.sign, Sign::Bare | Sign::Quoted)
    }
}

/// Cuts SQL into words.
pub(super) fn words(sql: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    for token in tokenize(sql) {
        let range = at..at + token.len as usize;
        at = range.end;
        let text = &sql[range.clone()];
        let (sign, text) = match token.kind {
            TokenKind::Whitespace
            | TokenKind::LineComment
            | TokenKind::BlockComment { .. }
            | TokenKind::Eof => continue,
            TokenKind::Ident => (Sign::Bare, stored_name(&text.to_lowercase()).to_owned()),
            TokenKind::QuotedIdent { .. } => (Sign::Quoted, unquoted(text)),
            TokenKind::Literal { kind } => literal(kind, text),
            TokenKind::OpenParen => (Sign::Open, String::new()),
            TokenKind::CloseParen => (Sign::Close, String::new()),
            TokenKind::Comma => (Sign::Comma, String::new()),
            TokenKind::Dot => (Sign::Dot, String::new()),
            TokenKind::Colon => (Sign::Colon, String::new()),
            _ => (Sign::Other, text.to_owned()),
        };
        words.push(Word { sign, text, range });
    }
    words
}

fn unquoted(text: &str) -> String {
    let inner = text.strip_prefix('"').unwrap_or(text);
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    stored_name(&inner.replace("\"\"", "\"")).to_owned()
}

fn literal(kind: LiteralKind, text: &str) -> (Sign, String) {
    match kind {
        LiteralKind::DollarQuotedString { .. } => {
            let tag = text[1..].find('$').map_or(text.len(), |end| end + 2);
            let inner = text.get(tag..text.len().saturating_sub(tag));
            (Sign::Text, inner.unwrap_or_default().to_owned())
        }
        LiteralKind::Str { .. } | LiteralKind::EscStr { .. } => {
            let inner = text.trim_start_matches(['e', 'E']);
            let inner = inner.strip_prefix('\'').unwrap_or(inner);
            let inner = inner.strip_suffix('\'').unwrap_or(inner);
            (Sign::Text, inner.replace("''", "'"))
        }
        _ => (Sign::Other, text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_strings_without_their_quotes() {
        let found: Vec<_> = words(r#"Create "A""b" E'it''s' $x$ $$ $x$ 1 -- c"#)
            .into_iter()
            .map(|word| (word.sign, word.text))
            .collect();
        let expected = [
            (Sign::Bare, "create"),
            (Sign::Quoted, "A\"b"),
            (Sign::Text, "it's"),
            (Sign::Text, " $$ "),
            (Sign::Other, "1"),
        ];
        let found: Vec<_> = found
            .iter()
            .map(|(sign, text)| (*sign, text.as_str()))
            .collect();
        assert_eq!(found, expected);
    }
}
