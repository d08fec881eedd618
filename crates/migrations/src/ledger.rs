//! Which migrations a database has: drizzle-orm's table, read and written as drizzle-orm does.

mod replaced;

use crate::folder::Folder;
use crate::hash::sha256;
use crate::record::Replaced;
pub use crate::tokens::Edit;
use driftless_diagnostic::{Diagnostic, Result, SourceFile};
use driftless_postgres::{QueryError, Session, identifier, literal};
pub use replaced::Replacing;
use std::collections::BTreeSet;

/// Schema and table of the ledger, from `migrations` in the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerNames {
    /// `drizzle` unless configured.
    pub schema: String,
    /// `__drizzle_migrations` unless configured.
    pub table: String,
}

/// One file of the folder, in journal order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationFile {
    /// As in the journal, e.g. `0003_add_invoices`.
    pub tag: String,
    /// `when` of the journal entry: what the ledger keeps as `created_at`.
    pub when: i64,
    /// Path as shown and text as read, a byte order mark included: the ledger's hash is over it.
    pub source: SourceFile,
    /// What `_driftless.json` remembers of the file when it was written.
    pub recorded: Option<Recorded>,
}

/// Hashes of a migration's text as it once was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// sha256 of the text.
    pub hash: String,
    /// [`token_hash`](crate::tokens::token_hash) of the text.
    pub tokens: String,
    /// Migrations whose place it took.
    pub replaces: Vec<Replaced>,
}

/// The ledger as found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Whether the schema is there.
    pub schema_exists: bool,
    /// Whether the table is there.
    pub exists: bool,
    /// drizzle-orm 1.x added `name` and `applied_at` to the table.
    pub has_names: bool,
    /// In the order of `created_at`.
    pub rows: Vec<LedgerRow>,
}

/// One row of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// `id`.
    pub id: i64,
    /// sha256 of the file that was run.
    pub hash: String,
    /// `when` of the journal entry that was run.
    pub created_at: Option<i64>,
    /// drizzle-orm 1.x: the migration's name.
    pub name: Option<String>,
    /// drizzle-orm 1.x: when it was run.
    pub applied_at: Option<String>,
}

/// Folder and ledger side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// One per file, in the same order.
    pub states: Vec<State>,
    /// Rows that no file of the folder stands for.
    pub unknown: Vec<LedgerRow>,
    /// Rows that repeat another row: the file number and the row.
    pub duplicates: Vec<(usize, LedgerRow)>,
}

/// What the ledger says about one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It was run as it is.
    Applied(LedgerRow),
    /// It was run with another text.
    Edited(LedgerRow, Edit),
    /// Migrations that it replaces were run: all of them, or some.
    Replacing(Replacing),
    /// It will be run next, in its turn.
    Pending,
    /// It was never run, and a younger one was: drizzle-orm skips it for ever. Holds the youngest
    /// `created_at` in the ledger.
    Older(i64),
}

impl Default for LedgerNames {
    fn default() -> Self {
        Self {
            schema: "drizzle".to_owned(),
            table: "__drizzle_migrations".to_owned(),
        }
    }
}

impl LedgerNames {
    /// The table with its schema, quoted: no `search_path` leads elsewhere.
    pub fn qualified(&self) -> String {
        format!("{}.{}", identifier(&self.schema), identifier(&self.table))
    }

    /// Every table that a runner keeps, with its schema, quoted.
    pub fn tables(&self) -> Vec<String> {
        vec![
            self.qualified(),
            crate::runs::qualified(self),
            crate::seeds::qualified(self),
        ]
    }
}

impl MigrationFile {
    /// A script that is no migration, or none yet: it goes by its path.
    pub fn of_script(source: SourceFile) -> Self {
        Self {
            tag: source.path().to_owned(),
            when: 0,
            source,
            recorded: None,
        }
    }

    /// The hash that drizzle-orm keeps: sha256 of the whole text.
    pub fn hash(&self) -> String {
        sha256(self.source.text().as_bytes())
    }
}

impl State {
    /// Whether the file was run in some form.
    pub fn is_applied(&self) -> bool {
        match self {
            Self::Applied(_) | Self::Edited(..) => true,
            Self::Replacing(found) => found.missing.is_empty(),
            Self::Pending | Self::Older(_) => false,
        }
    }
}

/// The files of a folder that are there, in journal order.
pub fn files(folder: &Folder) -> Vec<MigrationFile> {
    folder
        .migrations
        .iter()
        .filter_map(|migration| {
            Some(MigrationFile {
                tag: migration.tag().to_owned(),
                when: migration.entry.when(),
                source: migration.script.as_ref()?.source.clone(),
                recorded: migration.record.as_ref().map(|line| Recorded {
                    hash: line.facts.hash.clone(),
                    tokens: line.facts.tokens.clone(),
                    replaces: line.facts.replaces.clone(),
                }),
            })
        })
        .collect()
}

/// Reads the ledger; a missing one is empty.
pub async fn read(session: &Session, names: &LedgerNames) -> Result<Ledger> {
    let failed = |error: QueryError| unreadable(session, names, &error);
    let columns = session
        .texts(&format!(
            "SELECT a.attname, a.attrelid IS NOT NULL \
             FROM pg_catalog.pg_namespace n \
             LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = {} \
             LEFT JOIN pg_catalog.pg_attribute a \
               ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
             WHERE n.nspname = {}",
            literal(&names.table),
            literal(&names.schema),
        ))
        .await
        .map_err(failed)?;
    let mut ledger = Ledger {
        schema_exists: !columns.is_empty(),
        ..Ledger::default()
    };
    let columns: BTreeSet<String> = columns
        .into_iter()
        .filter_map(|row| row.into_iter().next().flatten())
        .collect();
    if columns.is_empty() {
        return Ok(ledger);
    }
    for needed in ["id", "hash", "created_at"] {
        if !columns.contains(needed) {
            return Err(foreign(names, needed).into());
        }
    }
    ledger.exists = true;
    ledger.has_names = columns.contains("name");
    let optional = |name: &str| {
        if columns.contains(name) {
            format!("{}::pg_catalog.text", identifier(name))
        } else {
            "NULL".to_owned()
        }
    };
    let rows = session
        .texts(&format!(
            "SELECT id, hash, created_at, {}, {} FROM {} ORDER BY created_at, id",
            optional("name"),
            optional("applied_at"),
            names.qualified(),
        ))
        .await
        .map_err(failed)?;
    for row in rows {
        let mut row = row.into_iter();
        let mut next = || row.next().flatten();
        ledger.rows.push(LedgerRow {
            id: next().and_then(|id| id.parse().ok()).unwrap_or_default(),
            hash: next().unwrap_or_default(),
            created_at: next().and_then(|when| when.parse().ok()),
            name: next(),
            applied_at: next(),
        });
    }
    Ok(ledger)
}

/// SQL that creates what is missing of schema and table, exactly as drizzle-orm would.
pub(crate) fn create(names: &LedgerNames, ledger: &Ledger) -> String {
    let mut sql = String::new();
    if !ledger.schema_exists {
        sql += &format!("CREATE SCHEMA {};", identifier(&names.schema));
    }
    if !ledger.exists {
        sql += &format!(
            "CREATE TABLE {} (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint);",
            names.qualified()
        );
    }
    sql
}

/// SQL that records a migration as run.
pub(crate) fn insert(names: &LedgerNames, ledger: &Ledger, file: &MigrationFile) -> String {
    let (columns, values) = if ledger.has_names {
        (", \"name\"", format!(", {}", literal(&file.tag)))
    } else {
        ("", String::new())
    };
    format!(
        "INSERT INTO {} (\"hash\", \"created_at\"{columns}) VALUES ({}, {}{values});",
        names.qualified(),
        literal(&file.hash()),
        file.when,
    )
}

/// Puts folder and ledger side by side.
///
/// A row belongs to the file with its `created_at` (or, in a 1.x ledger, its name); the rest are
/// matched by hash, so a file whose `when` was rewritten is still recognised. Rows of what a file
/// replaces belong to that file.
pub fn compare(files: &[MigrationFile], ledger: &Ledger) -> Comparison {
    let hashes: Vec<String> = files.iter().map(MigrationFile::hash).collect();
    let mut owner: Vec<Option<usize>> = vec![None; files.len()];
    let mut left = Vec::new();
    let mut duplicates = Vec::new();
    let replacing: Vec<Option<Replacing>> = files
        .iter()
        .zip(&hashes)
        .map(|(file, hash)| replacing(file, hash, ledger))
        .collect();
    let of_replaced: BTreeSet<i64> = replacing
        .iter()
        .flatten()
        .flat_map(|found| found.rows.iter().map(|row| row.id))
        .collect();
    for (r, row) in ledger.rows.iter().enumerate() {
        if of_replaced.contains(&row.id) {
            continue;
        }
        let same_entry = |i: &usize| {
            row.created_at == Some(files[*i].when)
                || row.name.as_deref() == Some(files[*i].tag.as_str())
        };
        let candidates: Vec<usize> = (0..files.len()).filter(same_entry).collect();
        let best = candidates
            .iter()
            .find(|i| hashes[**i] == row.hash)
            .or(candidates.first());
        match best.copied() {
            Some(i) if owner[i].is_none() => owner[i] = Some(r),
            Some(i) => {
                // Of two rows for one file, the one that fits its text stands for it.
                let kept = owner[i].unwrap_or(r);
                let fits = |r: usize| ledger.rows[r].hash == hashes[i];
                let (keep, drop) = if fits(r) && !fits(kept) {
                    (r, kept)
                } else {
                    (kept, r)
                };
                owner[i] = Some(keep);
                duplicates.push((i, ledger.rows[drop].clone()));
            }
            None => left.push(r),
        }
    }
    let mut unknown = Vec::new();
    for r in left {
        let row = &ledger.rows[r];
        let same_text = |i: &usize| owner[*i].is_none() && hashes[*i] == row.hash;
        match (0..files.len()).find(same_text) {
            Some(i) => owner[i] = Some(r),
            None => unknown.push(row.clone()),
        }
    }
    let youngest = ledger.rows.iter().filter_map(|row| row.created_at).max();
    let states = files
        .iter()
        .enumerate()
        .map(|(i, file)| match owner[i].map(|r| ledger.rows[r].clone()) {
            Some(row) if row.hash == hashes[i] => State::Applied(row),
            Some(row) => {
                let edit = edit(file, &row.hash);
                State::Edited(row, edit)
            }
            None if let Some(found) = &replacing[i] => State::Replacing(found.clone()),
            None => match youngest {
                Some(youngest) if file.when <= youngest => State::Older(youngest),
                _ => State::Pending,
            },
        })
        .collect();
    Comparison {
        states,
        unknown,
        duplicates,
    }
}

/// What the ledger has of the migrations that a file replaces; nothing where it was run itself.
fn replacing(file: &MigrationFile, hash: &str, ledger: &Ledger) -> Option<Replacing> {
    let recorded = file.recorded.as_ref()?;
    if ledger.rows.iter().any(|row| row.hash == hash) {
        return None;
    }
    Replacing::find(&recorded.replaces, &ledger.rows)
}

/// What kind of edit led away from the text with this hash.
fn edit(file: &MigrationFile, applied: &str) -> Edit {
    let recorded = file.recorded.as_ref();
    let tokens = recorded
        .filter(|recorded| recorded.hash == applied)
        .map(|recorded| recorded.tokens.as_str());
    Edit::since(applied, tokens, file.source.text())
}

fn foreign(names: &LedgerNames, missing: &str) -> Diagnostic {
    Diagnostic::error(
        "foreign-ledger",
        format!(
            "{} is not a ledger of migrations: it has no column `{missing}`",
            names.qualified()
        ),
    )
    .help("name another table with `migrations.table` and `migrations.schema` in the configuration")
}

fn unreadable(session: &Session, names: &LedgerNames, error: &QueryError) -> Diagnostic {
    let user = &session.server().user;
    if error.code() != Some("42501") {
        return error.diagnostic("reading the ledger");
    }
    error
        .diagnostic(&format!(
            "reading the ledger {} as `{user}`",
            names.qualified()
        ))
        .help(format!(
            "GRANT USAGE ON SCHEMA {} TO {user}; GRANT SELECT, INSERT ON {} TO {user}",
            identifier(&names.schema),
            names.qualified()
        ))
}
