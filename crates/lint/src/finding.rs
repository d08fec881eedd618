//! What a rule says about a statement, before level and waivers are known.

use std::ops::Range;

use driftless_diagnostic::Diagnostic;
use squawk_syntax::SyntaxNode;

use crate::file::Statement;

/// One finding.
#[derive(Debug)]
pub(crate) struct Finding {
    /// Number of the statement, whose waivers count.
    pub(crate) statement: usize,
    /// Bytes in the file.
    pub(crate) range: Range<usize>,
    pub(crate) message: String,
    pub(crate) notes: Vec<String>,
    pub(crate) help: Vec<String>,
    /// Whether it only says that what would decide was not measured.
    pub(crate) unmeasured: bool,
}

impl Finding {
    /// About a whole statement.
    pub(crate) fn at(statement: &Statement<'_>, message: impl Into<String>) -> Self {
        Self {
            statement: statement.index,
            range: statement.range.clone(),
            message: message.into(),
            notes: Vec::new(),
            help: Vec::new(),
            unmeasured: false,
        }
    }

    /// About a part of it.
    pub(crate) fn on(
        statement: &Statement<'_>,
        node: &SyntaxNode,
        message: impl Into<String>,
    ) -> Self {
        Self {
            range: statement.place(node),
            ..Self::at(statement, message)
        }
    }

    /// Says that a question stays open because nothing was measured.
    pub(crate) fn open(
        statement: &Statement<'_>,
        node: &SyntaxNode,
        question: impl Into<String>,
    ) -> Self {
        Self {
            unmeasured: true,
            ..Self::on(statement, node, question)
        }
        .help("run `driftless lint --measure`, which tries it in a throwaway Postgres")
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    pub(crate) fn fill(self, mut diagnostic: Diagnostic) -> Diagnostic {
        diagnostic.message = self.message;
        diagnostic.notes = self.notes;
        diagnostic.help = self.help;
        diagnostic
    }
}
