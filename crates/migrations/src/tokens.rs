//! What of a migration's text is a statement: tokens without comments and whitespace.
//!
//! A stored hash of them tells an edited comment or line ending from a changed statement.

use crate::hash;
use squawk_lexer::{TokenKind, tokenize};

/// Where drizzle-orm and Driftless cut a file into statements.
pub const BREAKPOINT: &str = "--> statement-breakpoint";

/// How a migration's text differs from what it was when it was recorded or run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// Only in line endings, byte order mark or the final newline.
    LineEndings,
    /// Only in comments or whitespace.
    Comments,
    /// In its statements.
    Statements,
    /// Nobody remembers the tokens of the old text.
    Unknown,
}

impl Edit {
    /// How `text` differs from the text with this hash and, where they are remembered, these
    /// tokens. Only call it when the hashes differ.
    pub fn since(hash: &str, tokens: Option<&str>, text: &str) -> Self {
        if same_but_for_line_endings(hash, text) {
            return Self::LineEndings;
        }
        match tokens {
            Some(tokens) if tokens == token_hash(text) => Self::Comments,
            Some(_) => Self::Statements,
            None => Self::Unknown,
        }
    }

    /// As a whole clause: "only comments or whitespace differ".
    pub fn describe(self) -> &'static str {
        match self {
            Self::LineEndings => "only line endings differ",
            Self::Comments => "only comments or whitespace differ",
            Self::Statements => "its statements differ",
            Self::Unknown => "nobody remembers the old text, so its statements may differ",
        }
    }
}

/// Whether some spelling of line ends, byte order mark and final newline gives the hash.
fn same_but_for_line_endings(hash: &str, text: &str) -> bool {
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let unix = bare.replace("\r\n", "\n");
    let windows = unix.replace('\n', "\r\n");
    ["", "\u{feff}"].iter().any(|mark| {
        [("\n", unix.as_str()), ("\r\n", &windows), ("\n", bare)]
            .iter()
            .any(|(newline, body)| {
                let trimmed = body.trim_end_matches(['\n', '\r']);
                [
                    format!("{mark}{body}"),
                    format!("{mark}{trimmed}"),
                    format!("{mark}{trimmed}{newline}"),
                ]
                .iter()
                .any(|variant| hash::sha256(variant.as_bytes()) == hash)
            })
    })
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
    'chunk: loop {
        let mut in_operator = false;
        for token in tokenize(&text[at..]) {
            let word = &text[at..at + token.len as usize];
            let operator = is_operator(token.kind);
            match token.kind {
                TokenKind::LineComment if word.starts_with(BREAKPOINT) => {
                    tokens.push('\0');
                    tokens.push_str(BREAKPOINT);
                    // drizzle-orm takes what follows on the same line for SQL again.
                    at += BREAKPOINT.len();
                    continue 'chunk;
                }
                TokenKind::Whitespace
                | TokenKind::LineComment
                | TokenKind::BlockComment { terminated: true }
                | TokenKind::Eof => {}
                _ => {
                    if !(operator && in_operator) {
                        tokens.push('\0');
                    }
                    tokens.push_str(&word.replace("\r\n", "\n"));
                }
            }
            in_operator = operator;
            at += word.len();
        }
        return hash::sha256(tokens.as_bytes());
    }
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
