//! `-- driftless: allow RULE: because …` on a line before a statement.

use std::ops::Range;

use driftless_diagnostic::{Diagnostic, SourceFile};
use squawk_lexer::{TokenKind, tokenize};

use crate::file::File;
use crate::{RULES, nearest};

/// One rule that one statement may break.
#[derive(Debug)]
pub(crate) struct Waiver {
    /// Number of its statement; none where it stands before no statement.
    statement: Option<usize>,
    pub(crate) rule: &'static str,
    range: Range<usize>,
    used: bool,
}

/// The waivers of a file.
#[derive(Debug, Default)]
pub(crate) struct Waivers {
    pub(crate) all: Vec<Waiver>,
    /// Those that cannot be understood, or give no reason.
    pub(crate) problems: Vec<Diagnostic>,
}

impl Waivers {
    pub(crate) fn of(file: &File<'_>) -> Self {
        let mut waivers = Self::default();
        let text = file.source.text();
        let mut end = 0;
        for statement in &file.statements {
            let own = Some(statement.index);
            waivers.between(file.source, end..statement.range.start, own);
            end = statement.range.end;
        }
        waivers.between(file.source, end..text.len(), None);
        waivers
    }

    /// Whether a statement may break a rule.
    pub(crate) fn allow(&mut self, statement: usize, rule: &str) -> bool {
        let mut allowed = false;
        for waiver in &mut self.all {
            if waiver.statement == Some(statement) && waiver.rule == rule {
                waiver.used = true;
                allowed = true;
            }
        }
        allowed
    }

    /// Waivers that waived nothing, of rules that were asked.
    pub(crate) fn unused(
        &self,
        source: &SourceFile,
        asked: impl Fn(&str) -> bool,
    ) -> Vec<Diagnostic> {
        let unused = self.all.iter().filter(|one| !one.used && asked(one.rule));
        let finding = |one: &Waiver| {
            let finding = Diagnostic::warning(
                "unused-waiver",
                format!("the statement after it does not break `{}`", one.rule),
            )
            .at(source, one.range.clone(), "");
            match one.statement {
                Some(_) => finding.help("remove it"),
                None => finding.help("write it on the line before its statement, or remove it"),
            }
        };
        unused.map(finding).collect()
    }

    fn between(&mut self, source: &SourceFile, gap: Range<usize>, statement: Option<usize>) {
        let text = &source.text()[gap.clone()];
        let (mut at, mut new_line) = (gap.start, gap.start == 0);
        for token in tokenize(text) {
            let range = at..at + token.len as usize;
            at = range.end;
            let piece = &source.text()[range.clone()];
            if token.kind == TokenKind::LineComment {
                // Behind a statement it is not before the next one.
                self.comment(source, piece, range, statement.filter(|_| new_line));
            }
            new_line |= piece.contains('\n');
        }
    }

    fn comment(
        &mut self,
        source: &SourceFile,
        comment: &str,
        range: Range<usize>,
        statement: Option<usize>,
    ) {
        let words = comment.trim_start_matches('-').trim();
        let Some(words) = words.strip_prefix("driftless:").map(str::trim) else {
            return;
        };
        let verb = words.split_whitespace().next().unwrap_or_default();
        let Some(waived) = words.strip_prefix("allow").filter(|_| verb == "allow") else {
            // A slip of the pen would waive nothing, without a word.
            if !["no-transaction", "hazard"].contains(&verb) {
                self.problems.push(
                    Diagnostic::error(
                        "unknown-header",
                        format!("`{verb}` is nothing that Driftless knows"),
                    )
                    .at(source, range, "")
                    .help("write `-- driftless: allow RULE: because ...`, or `-- driftless: no-transaction`"),
                );
            }
            return;
        };
        let (names, reason) = waived.split_once(':').unwrap_or((waived, ""));
        for name in names.split(',').map(str::trim) {
            let Some(rule) = RULES.iter().find(|rule| rule.name == name) else {
                self.problems
                    .push(unknown(name).at(source, range.clone(), ""));
                continue;
            };
            if !is_reason(reason) {
                self.problems.push(
                    Diagnostic::error(
                        "waiver-without-reason",
                        format!("nobody knows why `{name}` does not count here"),
                    )
                    .at(source, range.clone(), "")
                    .help(format!(
                        "say why: -- driftless: allow {name}: because the table is small"
                    )),
                );
            }
            self.all.push(Waiver {
                statement,
                rule: rule.name,
                range: range.clone(),
                used: false,
            });
        }
    }
}

/// Whether words say more than that a reason follows.
fn is_reason(words: &str) -> bool {
    let words = words.trim();
    let rest = words.strip_prefix("because").unwrap_or(words);
    rest.chars().any(char::is_alphanumeric)
}

/// A name that no rule has.
pub(crate) fn unknown(name: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error("unknown-rule", format!("no lint rule is called `{name}`"));
    match nearest(name) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help("`driftless explain` lists the rules"),
    }
}
