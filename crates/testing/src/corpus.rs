//! Schema pairs run through the command line: `from.ts`, then `to.ts`, then `pg_dump` decides.
//!
//! A case passes when a database that was migrated from the one to the other equals a database
//! that was migrated to the other from empty, and the rows of `seed.sql` are still there. The
//! witness is `pg_dump`, not a reader of ours.

mod compare;
mod database;

use std::path::{Path, PathBuf};
use std::process::Command;

pub use compare::difference;
pub use database::Databases;

/// One pair of schemas.
#[derive(Debug, Clone, Default)]
pub struct Case {
    /// Its name in reports.
    pub name: String,
    /// The first `schema.ts`.
    pub from: String,
    /// The second `schema.ts`.
    pub to: String,
    /// Flags for the second `generate`: `--rename`, `--create`.
    pub flags: Vec<String>,
    /// `casing` of the config.
    pub casing: Option<String>,
    /// What has to be in the database before: roles, tables that the schema only links to.
    pub setup: String,
    /// Rows for the first schema.
    pub seed: String,
    /// A query for the second schema that shows them.
    pub rows: String,
    /// SQL of another tool that leads to the second schema, for the names it ends with.
    pub peer: Option<String>,
}

/// What became of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It passes: the SQL of the plan, and what `rows` showed.
    Pass {
        /// Text of the migration files, boundaries as blank lines.
        sql: String,
        /// Output of `rows`.
        rows: String,
    },
    /// Driftless refused the schema, with these words.
    Refused(String),
    /// Postgres refused what the schema says, with these words.
    Rejected(String),
    /// It does not pass, and why.
    Fail(String),
}

/// Runs cases with one binary against one cluster.
pub struct Runner<'a> {
    /// The `driftless` binary.
    pub binary: PathBuf,
    /// Where databases are made.
    pub databases: &'a Databases,
}

impl Case {
    /// Reads a folder with `from.ts`, `to.ts` and, where they are there, `flags`, `seed.sql`,
    /// `rows.sql` and `setup.sql`.
    ///
    /// # Errors
    /// A folder without `from.ts` or `to.ts`.
    pub fn read(folder: &Path) -> std::io::Result<Self> {
        let file = |name: &str| std::fs::read_to_string(folder.join(name));
        Ok(Self {
            name: folder
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            from: file("from.ts")?,
            to: file("to.ts")?,
            flags: file("flags")
                .unwrap_or_default()
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            seed: file("seed.sql").unwrap_or_default(),
            rows: file("rows.sql").unwrap_or_default(),
            setup: file("setup.sql").unwrap_or_default(),
            ..Self::default()
        })
    }
}

impl Runner<'_> {
    /// Runs one case from an empty database to its end.
    pub fn run(&self, case: &Case) -> Outcome {
        self.try_run(case).unwrap_or_else(|outcome| outcome)
    }

    fn try_run(&self, case: &Case) -> Result<Outcome, Outcome> {
        let folder = tempfile::tempdir().map_err(failed)?;
        let project = Project {
            runner: self,
            case,
            folder: folder.path(),
        };
        self.databases.forget_all().map_err(Outcome::Fail)?;

        let migrated = self.databases.create("migrated").map_err(Outcome::Fail)?;
        self.databases
            .run(&migrated, &case.setup)
            .map_err(Outcome::Fail)?;
        project.generate("from", &case.from, &[])?;
        project.migrate(&migrated)?;
        self.databases
            .run(&migrated, &case.seed)
            .map_err(|e| Outcome::Fail(format!("seed: {e}")))?;
        project.generate("to", &case.to, &case.flags)?;
        let sql = project.written("to");
        project
            .migrate(&migrated)
            .map_err(|outcome| with_sql(outcome, &sql))?;
        let ours = self.databases.dump(&migrated).map_err(Outcome::Fail)?;
        let names = self.databases.names(&migrated).map_err(Outcome::Fail)?;
        let rows = self
            .databases
            .run(&migrated, &case.rows)
            .map_err(|e| Outcome::Fail(format!("rows: {e}\n{sql}")))?;

        self.databases.forget_all().map_err(Outcome::Fail)?;
        let fresh = self.databases.create("fresh").map_err(Outcome::Fail)?;
        self.databases
            .run(&fresh, &case.setup)
            .map_err(Outcome::Fail)?;
        let again = tempfile::tempdir().map_err(failed)?;
        let project = Project {
            runner: self,
            case,
            folder: again.path(),
        };
        project.generate("to", &case.to, &[])?;
        project.migrate(&fresh)?;
        let wanted = self.databases.dump(&fresh).map_err(Outcome::Fail)?;
        if let Some(difference) = difference(&ours, &wanted) {
            return Err(Outcome::Fail(format!("{difference}\n{sql}")));
        }

        if let Some(peer) = &case.peer {
            self.databases.forget_all().map_err(Outcome::Fail)?;
            let other = self.databases.create("peer").map_err(Outcome::Fail)?;
            self.databases
                .run(&other, &format!("{}\n{peer}", case.setup))
                .map_err(|e| Outcome::Fail(format!("the peer's SQL: {e}")))?;
            let theirs = self.databases.names(&other).map_err(Outcome::Fail)?;
            if let Some(difference) = difference(&names, &theirs) {
                return Err(Outcome::Fail(format!("names differ: {difference}\n{sql}")));
            }
        }
        Ok(Outcome::Pass { sql, rows })
    }
}

struct Project<'a> {
    runner: &'a Runner<'a>,
    case: &'a Case,
    folder: &'a Path,
}

impl Project<'_> {
    fn driftless(&self, args: &[String]) -> Result<(Option<i32>, String, String), Outcome> {
        let output = Command::new(&self.runner.binary)
            .arg("-C")
            .arg(self.folder)
            .args(args)
            .env_remove("DATABASE_URL")
            .env("NO_COLOR", "1")
            .env("DRIFTLESS_NO_PROVE", "1")
            .output()
            .map_err(failed)?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok((
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        ))
    }

    /// Writes the schema and its migration, allowing every hazard; what is not named as a rename
    /// is new.
    fn generate(&self, name: &str, schema: &str, flags: &[String]) -> Result<(), Outcome> {
        let config = serde_json::json!({
            "dialect": "postgresql", "schema": "./schema.ts", "out": "./drizzle",
            "casing": self.case.casing,
        });
        let config = match self.case.casing {
            Some(_) => config,
            None => {
                serde_json::json!({"dialect": "postgresql", "schema": "./schema.ts", "out": "./drizzle"})
            }
        };
        std::fs::write(self.folder.join("drizzle.config.json"), config.to_string())
            .and_then(|()| std::fs::write(self.folder.join("schema.ts"), schema))
            .map_err(failed)?;
        let mut args: Vec<String> = ["generate", "--name", name, "--allow-empty"]
            .map(str::to_owned)
            .to_vec();
        args.extend(flags.iter().cloned());
        for _ in 0..4 {
            let (code, out, err) = self.driftless(&args)?;
            match code {
                Some(0) => return Ok(()),
                Some(2) => {
                    let offered = offered_flags(&format!("{out}\n{err}"));
                    if offered.is_empty() {
                        return Err(Outcome::Fail(format!("{name}: {out}{err}")));
                    }
                    args.extend(offered);
                }
                Some(1) => return Err(Outcome::Refused(err)),
                _ => return Err(Outcome::Fail(format!("{name}: {out}{err}"))),
            }
        }
        Err(Outcome::Fail(format!("{name}: the questions do not end")))
    }

    fn migrate(&self, database: &str) -> Result<(), Outcome> {
        let url = self.runner.databases.url(database);
        let args = ["migrate", "--database-url", &url].map(str::to_owned);
        let (code, out, err) = self.driftless(&args)?;
        match code {
            Some(0) => Ok(()),
            _ => Err(Outcome::Rejected(format!("{out}{err}"))),
        }
    }

    /// The SQL files of one `generate`, in order.
    fn written(&self, name: &str) -> String {
        let mut files: Vec<PathBuf> = std::fs::read_dir(self.folder.join("drizzle"))
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| {
                let stem = path.file_stem().unwrap_or_default().to_string_lossy();
                path.extension().is_some_and(|e| e == "sql")
                    && stem
                        .split_once('_')
                        .is_some_and(|(_, slug)| slug.starts_with(name))
            })
            .collect();
        files.sort();
        files
            .iter()
            .filter_map(|file| std::fs::read_to_string(file).ok())
            .collect::<Vec<_>>()
            .join("\n\n-- next file\n")
    }
}

/// Every `--create x` and `--allow x` that an answer offers.
fn offered_flags(text: &str) -> Vec<String> {
    let mut flags: Vec<String> = Vec::new();
    let words: Vec<&str> = text.split_whitespace().collect();
    for pair in words.windows(2) {
        if matches!(pair[0], "--create" | "--allow") {
            let name = pair[1].trim_matches(['\'', '`', ',']);
            if !flags.iter().any(|flag| flag == name) {
                flags.extend([pair[0].to_owned(), name.to_owned()]);
            }
        }
    }
    flags
}

fn with_sql(outcome: Outcome, sql: &str) -> Outcome {
    match outcome {
        Outcome::Rejected(text) => Outcome::Rejected(format!("{text}\n{sql}")),
        other => other,
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "used as a function for map_err"
)]
fn failed(error: std::io::Error) -> Outcome {
    Outcome::Fail(error.to_string())
}
