//! SQL files as a source: they say what is there, in any order, and Postgres says what they mean.
//!
//! Files are cut into statements ([`prepare`]), brought into an order by the names in them
//! ([`order`]), and run in an empty scratch database; what fails is tried again as long as others
//! succeed ([`run`]). Bodies of functions are looked at when everything is there ([`bodies`]).

mod belongs;
mod bodies;
mod declared;
mod files;
mod order;
mod prepare;
mod report;
mod run;
mod scan;
mod settings;
mod words;

pub use declared::statements as declared;
pub use files::SqlFile;
pub(crate) use files::matched;

use driftless_diagnostic::{Label, Result, SourceFile};
use driftless_migrations::sha256;
use driftless_postgres::Session;
use std::ops::Range;

/// Everything that is loaded into one scratch database.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The SQL files.
    pub files: Vec<SqlFile>,
    /// Statements that come first where nothing is against it: what `schema.ts` declares.
    pub before: Vec<Statement>,
    /// Which extensions other scratch engines have, to tell where one would be found.
    pub engines: Vec<Engine>,
}

/// A statement that is in no file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// One statement, with or without its semicolon.
    pub sql: String,
    /// Where it was declared.
    pub place: Option<Label>,
}

/// A scratch engine other than the one in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engine {
    /// As it is chosen: `native`, `embedded`.
    pub name: String,
    /// Names of the extensions that it has.
    pub extensions: Vec<String>,
}

/// What was done to load everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// In the order in which they succeeded.
    pub statements: Vec<Executed>,
    /// How many times statements were gone through; 1 when the first order was right.
    pub rounds: usize,
}

/// One statement that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executed {
    /// Its file.
    pub source: SourceFile,
    /// Bytes in the file, without the semicolon.
    pub range: Range<usize>,
    /// `SET` statements that were in force.
    pub settings: Vec<String>,
}

impl Executed {
    /// The statement as it was sent.
    pub fn sql(&self) -> &str {
        &self.source.text()[self.range.clone()]
    }
}

impl Sources {
    /// sha256 over everything that the outcome depends on: paths and texts of the files, and the
    /// statements before them.
    pub fn hash(&self) -> String {
        let mut text = String::new();
        let mut add = |part: &str| text.push_str(&format!("{}:{part}", part.len()));
        for statement in &self.before {
            add(&statement.sql);
        }
        add("files");
        for file in &self.files {
            add(file.source.path());
            add(file.source.text());
        }
        sha256(text.as_bytes())
    }

    /// Says what can be said without a server.
    ///
    /// # Errors
    /// `not-declarative`, `psql-command`, `unterminated`, all of them in their places.
    pub fn check(&self) -> Result<()> {
        prepare::prepare(self).map(|_| ())
    }

    /// Loads everything into the empty database of this session, which is in no transaction. After
    /// an error the database holds what succeeded.
    ///
    /// # Errors
    /// As [`Sources::check`]; then `statement-failed` for each statement that is at fault itself,
    /// not for those that only need one that is; `declared-twice`, `unknown-extension`.
    pub async fn load(&self, session: &mut Session) -> Result<Loaded> {
        run::load(self, session).await
    }
}
