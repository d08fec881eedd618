//! The one error of this crate.

use driftless_diagnostic::{Diagnostic, Failure};
use driftless_report::Sheet;
use std::fmt;

/// The result of everything here that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something did not work: one or more [`Diagnostic`]s, at least one of them an error.
///
/// `{}` is a sentence for each, one per line. `{:#}`, and `{:?}` with which `main` shows an error,
/// are the whole of it as `driftless migrate` prints it: the place in the file, why, and what to do.
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Failure);

/// Columns of code frames.
const WIDTH: usize = 100;

impl Error {
    /// What was found, in the order found; never empty.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        self.0.diagnostics()
    }

    /// Whether a diagnostic has this code, e.g. `applied-migration-edited`.
    pub fn has_code(&self, code: &str) -> bool {
        self.diagnostics().iter().any(|found| found.code == code)
    }

    fn whole(&self) -> String {
        let findings = self
            .diagnostics()
            .iter()
            .map(|found| driftless_report::diagnostic(found, Sheet::PLAIN, WIDTH));
        findings.collect::<Vec<_>>().join("\n\n")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            f.write_str(&self.whole())
        } else {
            self.0.fmt(f)
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.whole())
    }
}

impl std::error::Error for Error {}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl From<Diagnostic> for Error {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(diagnostic.into())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        error.0
    }
}
