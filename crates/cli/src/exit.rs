//! How a command ends: its exit code, and what made it stop.

use std::process::ExitCode;

use driftless_diagnostic::{Diagnostic, Failure};

/// `Result` of everything in the command line.
pub(crate) type Result<T> = std::result::Result<T, Stop>;

/// Exit codes; scripts rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It worked, and there is nothing to object to.
    Ok,
    /// It did not work, or `check` found something.
    Failed,
    /// Somebody has to say something first; the flags to say it with are printed.
    NeedsAnswer,
    /// The command line is wrong.
    Usage,
    /// Ctrl-C or SIGTERM.
    Interrupted,
}

/// The codes as every long help shows them.
pub(crate) const CODES: &str = "\
Exit codes:
  0    it worked, and there is nothing to object to
  1    it failed, or there is a finding
  2    an answer is needed; the flags that give it are printed
  64   the command line is wrong
  130  interrupted; what was running has been rolled back";

/// Why a command did not come to its end.
#[derive(Debug)]
pub(crate) struct Stop {
    /// How the process exits.
    pub(crate) exit: Exit,
    /// What to tell.
    pub(crate) failure: Failure,
}

impl Exit {
    /// The number.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Failed => 1,
            Self::NeedsAnswer => 2,
            Self::Usage => 64,
            Self::Interrupted => 130,
        }
    }

    /// The word in JSON.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::NeedsAnswer => "needs-answer",
            Self::Usage => "usage",
            Self::Interrupted => "interrupted",
        }
    }
}

impl Stop {
    /// Flags that make no sense together or here.
    pub(crate) fn usage(failure: impl Into<Failure>) -> Self {
        Self {
            exit: Exit::Usage,
            failure: failure.into(),
        }
    }

    /// Somebody has to decide.
    pub(crate) fn needs_answer(failure: impl Into<Failure>) -> Self {
        Self {
            exit: Exit::NeedsAnswer,
            failure: failure.into(),
        }
    }

    /// Ctrl-C, with what that means.
    pub(crate) fn interrupted(failure: impl Into<Failure>) -> Self {
        Self {
            exit: Exit::Interrupted,
            failure: failure.into(),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self {
            exit: Exit::Failed,
            failure,
        }
    }
}

impl From<Diagnostic> for Stop {
    fn from(diagnostic: Diagnostic) -> Self {
        Failure::from(diagnostic).into()
    }
}

/// A panic is a bug of ours and says so.
pub(crate) fn explain_panics() {
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        default(info);
        let text = format!(
            "\nerror[internal]: this is a bug in driftless {}, not a mistake of yours\n  \
             = help: please report it with the lines above at {}/issues\n",
            env!("CARGO_PKG_VERSION"),
            env!("CARGO_PKG_REPOSITORY"),
        );
        // Nothing is left to do when stderr is gone as well.
        let _ = std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes());
    }));
}
