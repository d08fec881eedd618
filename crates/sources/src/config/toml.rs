//! `driftless.toml`: what `drizzle.config` has no word for.
//!
//! The file is optional. A key that is not known is an error: a misspelt one would be passed over
//! in silence.

mod read;
mod schema;
mod tenant;

pub use schema::{Schema, out, schema, seeds, setup};
pub use tenant::{Accept, Tenant};

use camino::{Utf8Path, Utf8PathBuf};
use driftless_diagnostic::{Diagnostic, Failure, Result, SourceFile};
use std::collections::BTreeMap;
use std::ops::Range;

/// The file's name.
pub const NAME: &str = "driftless.toml";

/// The file as plain data. Paths are relative to the project's directory, as in `drizzle.config`.
#[derive(Debug, Clone)]
pub struct DriftlessToml {
    /// The file, for diagnostics.
    pub source: SourceFile,
    /// `schema`: files, folders and globs of SQL; TypeScript as in `drizzle.config`.
    pub schema: Vec<Spanned<String>>,
    /// `out`: the migrations folder.
    pub out: Option<Spanned<String>>,
    /// `[env.NAME]`: databases by name.
    pub environments: BTreeMap<String, Environment>,
    /// `[seed]`: what a database is filled in with.
    pub seed: Seed,
    /// `[reset] max_rows`: a database with more rows is not emptied without its name being given.
    pub reset_max_rows: Option<Spanned<u64>>,
    /// `[scratch]`: where SQL is tried out.
    pub scratch: Scratch,
    /// `[database] exclude_schemas`: schemas of a live database that are none of ours.
    pub exclude_schemas: Vec<Spanned<String>>,
    /// `[database] role`: whom every session of a database becomes after its login.
    pub role: Option<Spanned<String>>,
    /// `[database] accept_unmodelled`: objects that nothing is known of, and that somebody looks
    /// after, as the finding names them.
    pub accept_unmodelled: Vec<Spanned<String>>,
    /// `[lint]`: rules of the linter and their levels, as written.
    pub lint: Vec<(Spanned<String>, Spanned<String>)>,
    /// `[tenant]`: whose rows are whose.
    pub tenant: Option<Tenant>,
}

/// A value and its bytes in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Bytes in the file.
    pub range: Range<usize>,
}

/// `[env.NAME]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// `url`.
    pub url: Spanned<Url>,
    /// `protected`: what empties or fills in a database wants its name first.
    pub protected: Option<Spanned<bool>>,
}

/// `[seed]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seed {
    /// `files`: SQL files, folders and globs, run in this order.
    pub files: Vec<Spanned<String>>,
    /// `command`: run by the shell after the files, with `DATABASE_URL` set.
    pub command: Option<Spanned<String>>,
}

/// `[scratch]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scratch {
    /// `url`: a server in which databases may be made.
    pub url: Option<Spanned<Url>>,
    /// `engine`.
    pub engine: Engine,
    /// `setup`: SQL files that make what is there before any migration, such as what a provider makes.
    pub setup: Vec<Spanned<String>>,
}

/// `engine` of `[scratch]`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Engine {
    /// What there is.
    #[default]
    Auto,
    /// Binaries on this machine.
    Native,
    /// The one in this program.
    Embedded,
}

/// A database's URL. `Debug` never shows a literal one: it may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub enum Url {
    /// As written.
    Literal(String),
    /// `$NAME`: what this environment variable holds.
    Variable(String),
}

impl Url {
    /// The URL, with the environment as given; nothing where the variable is not set.
    pub fn resolve<'a>(&'a self, env: &'a BTreeMap<String, String>) -> Option<&'a str> {
        match self {
            Self::Literal(url) => Some(url),
            Self::Variable(name) => {
                let value = env.get(name).map(|value| value.trim());
                value.filter(|value| !value.is_empty())
            }
        }
    }
}

impl std::fmt::Debug for Url {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Literal(_) => f.write_str("Literal(..)"),
            Self::Variable(name) => write!(f, "Variable({name:?})"),
        }
    }
}

impl DriftlessToml {
    /// A finding at a value of the file.
    pub fn at<T>(&self, diagnostic: Diagnostic, value: &Spanned<T>) -> Diagnostic {
        diagnostic.at(&self.source, value.range.clone(), "")
    }

    /// The environment of this name.
    ///
    /// # Errors
    /// `unknown-environment`, with the names that there are.
    pub fn environment(&self, name: &str) -> Result<&Environment> {
        self.environments.get(name).ok_or_else(|| {
            let names: Vec<_> = self.environments.keys().map(String::as_str).collect();
            let diagnostic = Diagnostic::error(
                "unknown-environment",
                format!("{} has no environment `{name}`", self.source.path()),
            );
            let diagnostic = if names.is_empty() {
                diagnostic
            } else {
                diagnostic.note(format!("it has {}", names.join(", ")))
            };
            diagnostic
                .help(format!("add `[env.{name}]` with a `url`"))
                .into()
        })
    }
}

/// Reads the file beside a config file, or in the project's directory; nothing where there is none.
///
/// # Errors
/// What is wrong with it, all of it.
pub fn load(dir: &Utf8Path, config: Option<&Utf8Path>) -> Result<Option<DriftlessToml>> {
    let beside =
        config.and_then(|config| dir.join(config).parent().map(|folder| folder.join(NAME)));
    let Some(file) = beside
        .into_iter()
        .chain([dir.join(NAME)])
        .find(|file| file.is_file())
    else {
        return Ok(None);
    };
    let shown = shown(dir, &file);
    let text = fs_err::read_to_string(&file).map_err(|error| {
        Diagnostic::error(
            "unreadable-file",
            format!("{shown} cannot be read: {}", error.kind()),
        )
        .help("make it readable, as UTF-8 text")
    })?;
    parse(&shown, &text).map(Some)
}

/// Reads the text of a file.
///
/// # Errors
/// `invalid-toml`, `unknown-config-key`, `config-type`.
pub fn parse(path: &str, text: &str) -> Result<DriftlessToml> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let source = SourceFile::new(path, masked(text));
    let (parsed, problems) = read::file(&source, text);
    if problems.is_empty() {
        Ok(parsed)
    } else {
        Err(Failure::new(problems))
    }
}

/// The text without the passwords of URLs, byte for byte as long: it is what diagnostics show.
fn masked(text: &str) -> String {
    let mut out = text.to_owned();
    for (at, _) in text.match_indices("://") {
        let start = at + 3;
        let end = text[start..]
            .find('\n')
            .map_or(text.len(), |end| start + end);
        let authority = &text[start..end];
        if let (Some(colon), Some(sign)) = (authority.find(':'), authority.rfind('@'))
            && colon < sign
        {
            out.replace_range(
                start + colon + 1..start + sign,
                &"*".repeat(sign - colon - 1),
            );
        }
    }
    out
}

fn shown(dir: &Utf8Path, file: &Utf8Path) -> String {
    let file: Utf8PathBuf = file.components().collect();
    file.strip_prefix(dir).unwrap_or(&file).to_string()
}

#[cfg(test)]
mod tests;
