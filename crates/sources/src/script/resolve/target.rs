//! What an import can mean, and why it may mean nothing.

use super::served::Dialect;
use camino::Utf8PathBuf;

/// What an import specifier stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A file that is evaluated, by its real path.
    File(Utf8PathBuf),
    /// One of our own modules.
    Served(&'static str),
    /// A stand-in whose values carry this name.
    Stub(String),
    /// A `.d.ts` file: types only, an empty module.
    Types,
}

impl Target {
    /// The name of the module in the engine.
    pub(crate) fn id(&self) -> String {
        match self {
            Self::File(path) => path.to_string(),
            Self::Served(name) => format!("{SERVED}{name}"),
            Self::Stub(specifier) => format!("{STUB}{specifier}"),
            Self::Types => TYPES.to_owned(),
        }
    }
}

/// Prefix of the names of our own modules, as the user's code sees them.
pub(crate) const SERVED: &str = "driftless:served/";
/// Prefix of the names of stand-ins.
pub(crate) const STUB: &str = "driftless:stub/";
/// The name of the one module that stands for every `.d.ts`.
pub(crate) const TYPES: &str = "driftless:types";

/// Why an import specifier stands for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Miss {
    /// No rule found a file; what was looked for, in words.
    Unresolved {
        /// Sentences that say where it was looked for.
        tried: Vec<String>,
        /// What to do, where that is more than to correct the specifier.
        advice: Option<String>,
    },
    /// The file exists, but does not belong to the project.
    Outside(Utf8PathBuf),
    /// A module of Drizzle for another database.
    WrongDialect(Dialect),
}

impl Miss {
    pub(super) fn unresolved(tried: Vec<String>) -> Self {
        Self::Unresolved {
            tried,
            advice: None,
        }
    }
}
