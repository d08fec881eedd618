//! What a run tells while it runs.

use driftless_diagnostic::Diagnostic;
use driftless_postgres::{Holder, Notice, Waiting};
use std::fmt;
use std::time::Duration;

/// What happens, as it happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Another migrator has the lock.
    Waiting(Waiting),
    /// Worth telling, stops nothing.
    Warning(Diagnostic),
    /// Every file that was run before is as it was.
    Verified {
        /// How many.
        applied: usize,
        /// How many will be run now.
        pending: usize,
    },
    /// A file begins.
    MigrationStarted {
        /// Its tag.
        tag: String,
        /// Its number among those that run now, from 1.
        number: usize,
        /// How many run now.
        of: usize,
        /// Statements in it.
        statements: usize,
    },
    /// A statement begins.
    StatementStarted {
        /// Tag of its file.
        tag: String,
        /// Its number, from 1.
        number: usize,
        /// Statements in the file.
        of: usize,
        /// Line in the file.
        line: usize,
        /// Its first words.
        summary: String,
    },
    /// It is done; outside of a no-transaction file, not for good yet.
    StatementFinished {
        /// Tag of its file.
        tag: String,
        /// Its number, from 1.
        number: usize,
        /// Statements in the file.
        of: usize,
        /// Rows that it read or wrote; zero for a statement that has none.
        rows: u64,
        /// How long it took.
        took: Duration,
    },
    /// A statement waits for locks that others hold; told every second.
    Blocked {
        /// Tag of its file.
        tag: String,
        /// Who holds them.
        by: Vec<Holder>,
        /// How long the statement runs so far.
        after: Duration,
    },
    /// The server says something.
    Notice {
        /// Tag of the file whose statement runs.
        tag: String,
        /// What it says.
        notice: Notice,
    },
    /// A lock was not to be had, or two transactions stood in each other's way: rolled back, and
    /// run again after a pause.
    Retrying {
        /// Tag of the file.
        tag: String,
        /// The server's sentence.
        reason: String,
        /// How often it has been tried.
        attempt: u32,
        /// How long the pause is.
        pause: Duration,
    },
    /// A file is done and recorded.
    MigrationFinished {
        /// Its tag.
        tag: String,
        /// How long it took.
        took: Duration,
    },
}

/// One line for a log.
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting(waiting) => {
                f.write_str("waiting for another migrator")?;
                if let Some(holder) = &waiting.holder {
                    write!(f, " (process {})", holder.pid)?;
                }
                write!(f, " to finish: {} s so far", waiting.waited.as_secs())
            }
            Self::Warning(diagnostic) => write!(f, "warning: {}", diagnostic.message),
            Self::Verified { applied, pending } => {
                write!(f, "{applied} applied before, {pending} to apply")
            }
            Self::MigrationStarted {
                tag, number, of, ..
            } => write!(f, "{tag} ({number} of {of})"),
            Self::StatementStarted {
                tag,
                number,
                of,
                line,
                summary,
            } => write!(f, "{tag} {number}/{of}, line {line}: {summary}"),
            Self::StatementFinished {
                tag,
                number,
                of,
                rows,
                took,
            } => {
                write!(f, "{tag} {number}/{of} took {took:.1?}")?;
                match rows {
                    0 => Ok(()),
                    rows => write!(f, ", {rows} rows"),
                }
            }
            Self::Blocked { tag, by, after } => {
                let holders: Vec<_> = by.iter().map(ToString::to_string).collect();
                let seconds = after.as_secs();
                let holders = holders.join("; ");
                write!(
                    f,
                    "{tag}: waiting for a lock held by {holders}: {seconds} s so far"
                )
            }
            Self::Notice { tag, notice } => {
                let severity = notice.severity.to_lowercase();
                write!(f, "{severity}: {tag}: {}", notice.message)
            }
            Self::Retrying {
                tag,
                reason,
                attempt,
                pause,
            } => write!(
                f,
                "{tag}: {reason}; rolled back, attempt {} in {pause:.1?}",
                attempt + 1
            ),
            Self::MigrationFinished { tag, took } => write!(f, "{tag} done in {took:.1?}"),
        }
    }
}
