//! What of a migration's text is a statement: tokens without comments and whitespace.
//!
//! A stored hash of them tells an edited comment or line ending from a changed statement.

use crate::hash;
use squawk_lexer::{TokenKind, tokenize};

/// Where drizzle-orm and Driftless cut a file into statements.
pub const BREAKPOINT: &str = "--> statement-breakpoint";

/// How two texts of one migration differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// Only `\r\n` became `\n` or the other way round.
    LineEndings,
    /// Comments, whitespace or a byte order mark; the statements are the same.
    Comments,
    /// The statements differ, or nothing is known that says otherwise.
    Statements,
}

impl Edit {
    /// How `text` differs from the text that had these hashes. Only call it when `hash` differs.
    pub fn since(hash: &str, token_hash: Option<&str>, text: &str) -> Self {
        let unix = text.replace("\r\n", "\n");
        if hash::sha256(unix.as_bytes()) == hash
            || hash::sha256(unix.replace('\n', "\r\n").as_bytes()) == hash
        {
            Self::LineEndings
        } else if token_hash.is_some_and(|recorded| recorded == self::token_hash(text)) {
            Self::Comments
        } else {
            Self::Statements
        }
    }

    /// As half a sentence: "only comments or whitespace changed".
    pub fn describe(self) -> &'static str {
        match self {
            Self::LineEndings => "only line endings changed",
            Self::Comments => "only comments or whitespace changed",
            Self::Statements => "statements changed",
        }
    }
}

/// sha256 over the tokens, in lower-case hex.
///
/// A statement breakpoint counts, though it is a comment: it decides what is sent together.
/// Adjacent operator characters are one token, so that `<>` and `< >` differ. Line endings inside
/// strings and function bodies do not count.
pub fn token_hash(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut tokens = String::with_capacity(text.len());
    let mut at = 0;
    let mut in_operator = false;
    for token in tokenize(text) {
        let end = at + token.len as usize;
        let word = &text[at..end];
        at = end;
        match token.kind {
            TokenKind::Eof => break,
            TokenKind::LineComment if word.starts_with(BREAKPOINT) => {
                tokens.push('\0');
                tokens.push_str(BREAKPOINT);
                in_operator = false;
            }
            TokenKind::Whitespace
            | TokenKind::LineComment
            | TokenKind::BlockComment { terminated: true } => in_operator = false,
            kind => {
                let operator = is_operator(kind);
                if !(operator && in_operator) {
                    tokens.push('\0');
                }
                // `\r` cannot stand in a token but inside quotes, where an editor may add it.
                tokens.extend(word.split("\r\n").flat_map(|line| ["\n", line]).skip(1));
                in_operator = operator;
            }
        }
    }
    hash::sha256(tokens.as_bytes())
}

fn is_operator(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Slash
            | TokenKind::Minus
            | TokenKind::Colon
            | TokenKind::Eq
            | TokenKind::Gt
            | TokenKind::And
            | TokenKind::Lt
            | TokenKind::Bang
            | TokenKind::Plus
            | TokenKind::Tilde
            | TokenKind::Pound
            | TokenKind::Question
            | TokenKind::Or
            | TokenKind::Percent
            | TokenKind::Caret
            | TokenKind::Star
            | TokenKind::Backtick
            | TokenKind::At
            | TokenKind::Dot
    )
}

#[cfg(test)]
mod tests;
