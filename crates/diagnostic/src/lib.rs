//! What is wrong and where, as plain data. Rendering lives in `report`; nothing here prints.

mod source;

pub use source::{Position, SourceFile};
use std::fmt;

/// The `Result` of every library crate here.
pub type Result<T> = std::result::Result<T, Failure>;

/// One finding: what happened, where, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable identifier in kebab case, e.g. `unresolved-import`; scripts match on it.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence without a final period: the consequence first, the object by name.
    pub message: String,
    /// Places in files, the most important first.
    pub labels: Vec<Label>,
    /// Facts that explain the finding.
    pub notes: Vec<String>,
    /// What to do next, as an instruction or a command line.
    pub help: Vec<String>,
}

/// A place in a file, with a few words about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The file that holds the place.
    pub source: SourceFile,
    /// Byte offsets into the file's text, `start..end`.
    pub start: usize,
    /// End of the range; equal to `start` for a point.
    pub end: usize,
    /// May be empty where the place speaks for itself.
    pub message: String,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing, changes no exit code.
    Info,
    /// Something was left out or looks wrong, changes no exit code.
    Warning,
    /// The command fails.
    Error,
}

/// Why something did not work: one or more diagnostics, at least one of them an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(Vec<Diagnostic>);

impl Diagnostic {
    /// An error without a place yet.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A warning without a place yet.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// A piece of information without a place yet.
    pub fn info(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Info, code, message)
    }

    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Adds a place; the first one added is the one that a one-line format shows.
    #[must_use]
    pub fn at(
        mut self,
        source: &SourceFile,
        range: std::ops::Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        self.labels.push(Label {
            source: source.clone(),
            start: range.start,
            end: range.end,
            message: message.into(),
        });
        self
    }

    /// Adds a fact that explains the finding.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }
}

impl Failure {
    /// A failure with several diagnostics.
    ///
    /// An empty list is a bug of the caller; it becomes an `internal` error rather than a panic.
    pub fn new(diagnostics: Vec<Diagnostic>) -> Self {
        if diagnostics.is_empty() {
            return Diagnostic::error("internal", "a failure without a reason").into();
        }
        Self(diagnostics)
    }

    /// Every diagnostic, in the order found.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.0
    }

    /// Takes the diagnostics out.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.0
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, diagnostic) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            f.write_str(&diagnostic.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
