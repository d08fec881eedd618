//! A migration's text cut into statements, each with its place in the file.
//!
//! drizzle-orm cuts at every `--> statement-breakpoint`, also inside a string, and sends the pieces
//! as they are. Here the text is read by its tokens: a marker is one only where a comment may stand.

pub use crate::tokens::{BREAKPOINT, token_hash};

use driftless_catalog::identifiers;
use driftless_diagnostic::{Diagnostic, SourceFile};
use squawk_lexer::{LiteralKind, TokenKind, tokenize};
use std::ops::Range;

/// A file cut into statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// What is sent to the server, one by one.
    pub statements: Vec<Statement>,
    /// The file begins with `-- driftless: no-transaction`.
    pub no_transaction: bool,
    /// Markers inside a string, a dollar quote or a comment: drizzle-orm's own migrator would cut
    /// the statement there.
    pub hidden_breakpoints: Vec<Range<usize>>,
    /// Byte ranges of what keeps the file from being run at all, with the reason.
    pub refused: Vec<Diagnostic>,
}

/// One command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Bytes in the file, from its first token to its last, without the semicolon.
    pub range: Range<usize>,
    /// Why Postgres refuses it inside a transaction, if it does.
    pub alone: Option<&'static str>,
    /// The word that changes rows (`INSERT`), if it is a statement of that kind.
    pub rows: Option<&'static str>,
    /// The role that it creates.
    pub role: Option<String>,
}

/// Cuts a file into statements and finds what cannot be run.
pub fn split(source: &SourceFile) -> Split {
    let text = source.text();
    let mut splitter = Splitter {
        source,
        split: Split {
            statements: Vec::new(),
            no_transaction: false,
            hidden_breakpoints: Vec::new(),
            refused: Vec::new(),
        },
        tokens: Vec::new(),
        parentheses: 0,
        atomic: Atomic::Outside,
    };
    let mut offset = 0;
    'chunk: loop {
        for token in tokenize(&text[offset..]) {
            let range = offset..offset + token.len as usize;
            if splitter.breakpoint(token.kind, &range) {
                // What follows the marker on its line is SQL again, as drizzle-orm has it.
                offset = range.start + BREAKPOINT.len();
                continue 'chunk;
            }
            offset = range.end;
            splitter.take(token.kind, range);
        }
        break;
    }
    splitter.end_statement();
    splitter.split
}

struct Splitter<'a> {
    source: &'a SourceFile,
    split: Split,
    /// Tokens of the statement so far, without white space and comments.
    tokens: Vec<(TokenKind, Range<usize>)>,
    parentheses: usize,
    atomic: Atomic,
}

/// Where we are in `CREATE FUNCTION ... BEGIN ATOMIC statement; ... END`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Atomic {
    Outside,
    /// Inside, with so many `CASE`s that need an `END` of their own.
    Inside(usize),
}

impl Splitter<'_> {
    fn take(&mut self, kind: TokenKind, range: Range<usize>) {
        let piece = &self.source.text()[range.clone()];
        self.note_hidden_breakpoints(piece, &range);
        if kind == TokenKind::LineComment
            && self.split.statements.is_empty()
            && self.tokens.is_empty()
        {
            self.header(piece, &range);
        }
        self.refuse_unterminated(kind, &range);
        if is_space(kind) {
            return;
        }
        match kind {
            TokenKind::OpenParen => self.parentheses += 1,
            TokenKind::CloseParen => self.parentheses = self.parentheses.saturating_sub(1),
            TokenKind::Semi if self.parentheses == 0 && self.atomic == Atomic::Outside => {
                self.end_statement();
                return;
            }
            TokenKind::Ident => self.follow_atomic(piece),
            TokenKind::Unknown if piece == "\\" => self.refuse_psql(&range),
            _ => {}
        }
        self.tokens.push((kind, range));
    }

    /// A comment that is the marker ends the statement, finished or not.
    fn breakpoint(&mut self, kind: TokenKind, range: &Range<usize>) -> bool {
        let marker = kind == TokenKind::LineComment
            && self.source.text()[range.clone()].starts_with(BREAKPOINT)
            // A body that is not finished is not cut: drizzle-orm would send half of it.
            && self.atomic == Atomic::Outside;
        if marker {
            self.end_statement();
        }
        marker
    }

    fn note_hidden_breakpoints(&mut self, piece: &str, range: &Range<usize>) {
        for (at, marker) in piece.match_indices(BREAKPOINT) {
            let start = range.start + at;
            self.split
                .hidden_breakpoints
                .push(start..start + marker.len());
        }
    }

    /// `-- driftless: no-transaction`, before the first statement.
    fn header(&mut self, comment: &str, range: &Range<usize>) {
        let words = comment.trim_start_matches('-').trim();
        let Some(rest) = words.strip_prefix("driftless:") else {
            return;
        };
        let plain: String = rest
            .chars()
            .filter(char::is_ascii_alphabetic)
            .collect::<String>()
            .to_ascii_lowercase();
        if rest.trim() == "no-transaction" {
            self.split.no_transaction = true;
        } else if matches!(plain.as_str(), "notransaction" | "notransactions" | "notx") {
            self.split.refused.push(
                Diagnostic::error(
                    "unknown-header",
                    format!("`{}` is not a header that Driftless knows", rest.trim()),
                )
                .at(self.source, range.clone(), "")
                .help("write `-- driftless: no-transaction`"),
            );
        }
    }

    /// `BEGIN ATOMIC` opens a body whose semicolons do not end the statement; `CASE ... END` nests.
    fn follow_atomic(&mut self, word: &str) {
        let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
        match &mut self.atomic {
            Atomic::Outside => {
                if is("ATOMIC")
                    && self
                        .last_word()
                        .is_some_and(|w| w.eq_ignore_ascii_case("BEGIN"))
                {
                    self.atomic = Atomic::Inside(0);
                }
            }
            Atomic::Inside(cases) if is("CASE") => *cases += 1,
            Atomic::Inside(0) if is("END") => self.atomic = Atomic::Outside,
            Atomic::Inside(cases) if is("END") => *cases -= 1,
            Atomic::Inside(_) => {}
        }
    }

    fn last_word(&self) -> Option<&str> {
        let (kind, range) = self.tokens.last()?;
        (*kind == TokenKind::Ident).then(|| &self.source.text()[range.clone()])
    }

    fn end_statement(&mut self) {
        self.parentheses = 0;
        self.atomic = Atomic::Outside;
        let tokens = std::mem::take(&mut self.tokens);
        let (Some((_, first)), Some((_, last))) = (tokens.first(), tokens.last()) else {
            return;
        };
        let range = first.start..last.end;
        let words = all_words(self.source.text(), &tokens);
        let commits = commits(self.source.text(), &words, &tokens);
        if let Some(diagnostic) = refusal(self.source, &range, &words) {
            self.split.refused.push(diagnostic);
        }
        self.split.statements.push(Statement {
            alone: runs_alone(&words).or(commits.then_some("DO with COMMIT")),
            rows: changes_rows(&words),
            role: created_role(&self.source.text()[range.clone()], &words),
            range,
        });
    }

    fn refuse_psql(&mut self, range: &Range<usize>) {
        let text = &self.source.text()[range.start..];
        let command: String = text
            .chars()
            .skip(1)
            .take_while(|c| !c.is_whitespace())
            .collect();
        self.split.refused.push(
            Diagnostic::error(
                "psql-command",
                format!("`\\{command}` is a command of psql, which the server does not know"),
            )
            .at(
                self.source,
                range.start..range.start + 1 + command.len(),
                "",
            )
            .help("write it as SQL; data for COPY as INSERT statements"),
        );
    }

    fn refuse_unterminated(&mut self, kind: TokenKind, range: &Range<usize>) {
        let what = match kind {
            TokenKind::BlockComment { terminated: false } => "this comment",
            TokenKind::QuotedIdent {
                terminated: false, ..
            } => "this quoted name",
            TokenKind::Literal {
                kind: LiteralKind::DollarQuotedString { terminated: false },
            } => "this dollar-quoted string",
            TokenKind::Literal {
                kind:
                    LiteralKind::Str { terminated: false }
                    | LiteralKind::EscStr { terminated: false }
                    | LiteralKind::BitStr { terminated: false }
                    | LiteralKind::ByteStr { terminated: false }
                    | LiteralKind::NationalStr { terminated: false }
                    | LiteralKind::UnicodeEscStr { terminated: false },
            } => "this string",
            _ => return,
        };
        let line = self.source.text()[range.clone()]
            .lines()
            .next()
            .map_or(0, str::len);
        self.split.refused.push(
            Diagnostic::error("unterminated", format!("{what} never ends")).at(
                self.source,
                range.start..range.start + line,
                "begins here",
            ),
        );
    }
}

fn is_space(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. }
    )
}

/// Every token as one word: keywords in capitals, all else (names in quotes, strings) as a dot.
fn all_words(text: &str, tokens: &[(TokenKind, Range<usize>)]) -> Vec<String> {
    tokens
        .iter()
        .map(|(kind, range)| match kind {
            TokenKind::Ident => text[range.clone()].to_ascii_uppercase(),
            TokenKind::OpenParen => "(".to_owned(),
            TokenKind::CloseParen => ")".to_owned(),
            _ => ".".to_owned(),
        })
        .collect()
}

/// What would take the transaction out of our hands, or needs data that a file cannot hold.
fn refusal(source: &SourceFile, range: &Range<usize>, words: &[String]) -> Option<Diagnostic> {
    let word = |i: usize| words.get(i).map_or("", String::as_str);
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    let line = source.text()[range.clone()]
        .lines()
        .next()
        .map_or(0, str::len);
    let place = range.start..range.start + line;
    let transaction = match (word(0), word(1)) {
        ("BEGIN" | "COMMIT" | "END" | "ABORT", _) | ("START" | "PREPARE", "TRANSACTION") => true,
        // `ROLLBACK TO savepoint` stays inside.
        ("ROLLBACK", _) => !has("TO"),
        _ => false,
    };
    if transaction {
        return Some(
            Diagnostic::error(
                "transaction-control",
                format!("`{}` has no place in a migration: Driftless runs each file in a transaction of its own, together with its row in the ledger", word(0)),
            )
            .at(source, place, "")
            .help("take it out; for statements that cannot run in a transaction begin the file with `-- driftless: no-transaction`"),
        );
    }
    if word(0) == "COPY" && (has("STDIN") || has("STDOUT")) {
        return Some(
            Diagnostic::error(
                "copy-without-data",
                "`COPY` from STDIN or to STDOUT cannot be run from a migration: its data would travel outside of SQL",
            )
            .at(source, place, "")
            .help("write the rows as INSERT statements"),
        );
    }
    None
}

/// The name behind `CREATE ROLE` and its other words, as Postgres reads it.
fn created_role(sql: &str, words: &[String]) -> Option<String> {
    let [create, kind, name, ..] = words else {
        return None;
    };
    let is_role = matches!(kind.as_str(), "ROLE" | "USER" | "GROUP") && name != "MAPPING";
    let (mentions, _) = identifiers(sql);
    let named = mentions.into_iter().nth(2).map(|mention| mention.name);
    named.filter(|_| create == "CREATE" && is_role)
}

/// Commands that Postgres refuses inside a transaction block.
fn runs_alone(words: &[String]) -> Option<&'static str> {
    let word = |i: usize| words.get(i).map_or("", String::as_str);
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    match (word(0), word(1)) {
        ("CREATE", _) if index_words(words).is_some_and(|rest| rest == "CONCURRENTLY") => {
            Some("CREATE INDEX CONCURRENTLY")
        }
        ("DROP", "INDEX") if word(2) == "CONCURRENTLY" => Some("DROP INDEX CONCURRENTLY"),
        ("REINDEX", _) if has("CONCURRENTLY") => Some("REINDEX CONCURRENTLY"),
        ("REINDEX", _) if has("DATABASE") || has("SYSTEM") || has("SCHEMA") => {
            Some("REINDEX of a schema or database")
        }
        ("ALTER", "TABLE") if has("DETACH") && has("CONCURRENTLY") => {
            Some("DETACH PARTITION CONCURRENTLY")
        }
        ("VACUUM", _) => Some("VACUUM"),
        ("CREATE", "DATABASE") => Some("CREATE DATABASE"),
        ("DROP", "DATABASE") => Some("DROP DATABASE"),
        ("CREATE", "TABLESPACE") => Some("CREATE TABLESPACE"),
        ("DROP", "TABLESPACE") => Some("DROP TABLESPACE"),
        ("ALTER", "SYSTEM") => Some("ALTER SYSTEM"),
        ("DISCARD", "ALL") => Some("DISCARD ALL"),
        ("ALTER", "DATABASE") if has("TABLESPACE") => Some("ALTER DATABASE SET TABLESPACE"),
        // With `connect = false` or `slot_name = NONE` it could run; the server decides.
        _ => None,
    }
}

/// Whether a `DO` block ends transactions itself, which it may only where there is none around it.
fn commits(text: &str, words: &[String], tokens: &[(TokenKind, Range<usize>)]) -> bool {
    if words.first().is_none_or(|word| word != "DO") {
        return false;
    }
    let body = tokens.iter().find_map(|(kind, range)| match kind {
        TokenKind::Literal {
            kind: LiteralKind::DollarQuotedString { .. },
        } => {
            let quoted = &text[range.clone()];
            let tag = quoted[1..].find('$')? + 2;
            quoted.get(tag..quoted.len() - tag)
        }
        _ => None,
    });
    let mut at = 0;
    let body = body.unwrap_or_default();
    tokenize(body).any(|token| {
        let word = &body[at..at + token.len as usize];
        at += token.len as usize;
        let ends = ["COMMIT", "ROLLBACK"];
        token.kind == TokenKind::Ident && ends.iter().any(|end| word.eq_ignore_ascii_case(end))
    })
}

/// What a statement does to rows: by its first word, or behind the queries of a `WITH`, which may
/// change rows themselves. What a function or a `DO` block does is not seen.
fn changes_rows(words: &[String]) -> Option<&'static str> {
    const CHANGES: [&str; 4] = ["INSERT", "UPDATE", "DELETE", "MERGE"];
    let first = words.first()?.as_str();
    let one = |word: &str| CHANGES.into_iter().find(|change| *change == word);
    match first {
        "COPY" => words.iter().any(|word| word == "FROM").then_some("COPY"),
        "TRUNCATE" => Some("TRUNCATE"),
        // `FOR UPDATE` locks, and changes nothing.
        "WITH" => words
            .windows(2)
            .filter(|pair| pair[0] == ")" || pair[0] == "(")
            .find_map(|pair| one(&pair[1])),
        word => one(word),
    }
}

/// The word after `CREATE [UNIQUE] INDEX`.
fn index_words(words: &[String]) -> Option<&str> {
    let mut rest = words.iter().map(String::as_str).skip(1).peekable();
    rest.next_if_eq(&"UNIQUE");
    (rest.next() == Some("INDEX")).then(|| rest.next().unwrap_or_default())
}

#[cfg(test)]
mod tests;
