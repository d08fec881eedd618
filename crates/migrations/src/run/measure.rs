//! What statements do to a database, measured by running them in a throwaway copy of its schema:
//! which locks they hold, which tables they write anew or read through.

use super::prepare::{self, Prepared};
use crate::ledger::MigrationFile;
use driftless_diagnostic::Result;
use driftless_postgres::{Place, QueryError, Session, literal};
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// One statement as it was run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Measured {
    /// Line in its file, from 1.
    pub line: usize,
    /// Its first words.
    pub summary: String,
    /// The strongest lock that it takes on each relation that was there before its file, by name,
    /// beyond what statements before it in the file hold already. Nothing is known of a statement
    /// that runs in no transaction.
    pub locks: BTreeMap<String, String>,
    /// Tables whose rows it writes anew.
    pub rewrites: Vec<String>,
    /// Tables whose rows it reads through while it holds its lock.
    pub scans: Vec<String>,
    /// Indexes it builds, as tables and names.
    pub builds: Vec<String>,
    /// Whether it runs in no transaction.
    pub alone: bool,
    /// How long it took on empty tables, in milliseconds.
    pub milliseconds: u128,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MeasuredFile {
    /// Its tag.
    pub tag: String,
    /// Its statements in order.
    pub statements: Vec<Measured>,
}

/// Runs files in a scratch database that has everything before them, each in its transaction.
///
/// # Errors
/// Whatever is wrong with a file, and the server's words to a statement, in its file.
pub async fn measure(session: &mut Session, files: &[MigrationFile]) -> Result<Vec<MeasuredFile>> {
    let all: Vec<usize> = (0..files.len()).collect();
    let mut measured = Vec::new();
    for one in prepare::all(files, &all)? {
        measured.push(MeasuredFile {
            tag: one.file.tag.clone(),
            statements: file(session, &one).await?,
        });
    }
    Ok(measured)
}

async fn file(session: &mut Session, one: &Prepared<'_>) -> Result<Vec<Measured>> {
    let failed = |error: QueryError| error.diagnostic("measuring in scratch");
    let before = relations(session).await.map_err(failed)?;
    let mut measured = Vec::new();
    let mut held = BTreeMap::new();
    if !one.no_transaction {
        session.execute("BEGIN").await.map_err(failed)?;
    }
    for statement in &one.statements {
        let (line, summary) = one.describe(statement);
        let mut keys = Vec::new();
        let mut seen = Measured {
            line,
            summary,
            locks: BTreeMap::new(),
            rewrites: Vec::new(),
            scans: Vec::new(),
            builds: Vec::new(),
            alone: statement.alone.is_some(),
            milliseconds: 0,
        };
        let files = if seen.alone {
            BTreeMap::new()
        } else {
            file_nodes(session).await.map_err(failed)?
        };
        session.execute(LOUD).await.map_err(failed)?;
        let started = Instant::now();
        let outcome = session
            .run(one.sql(statement), &mut |notice| {
                if notice.severity == "DEBUG" {
                    seen.hear(&notice.message, &mut keys);
                }
            })
            .await;
        seen.milliseconds = Duration::as_millis(&started.elapsed());
        outcome.map_err(|error| {
            error.diagnostic_at(&Place {
                source: &one.file.source,
                range: statement.range.clone(),
            })
        })?;
        session.execute(QUIET).await.map_err(failed)?;
        seen.scans
            .extend(tables_of(session, &keys).await.map_err(failed)?);
        if !one.no_transaction {
            let now = locks(session, &before).await.map_err(failed)?;
            for (relation, mode) in &now {
                if held.get(relation) != Some(mode) {
                    seen.locks.insert(before[relation].clone(), mode.clone());
                }
            }
            held = now;
            let after = file_nodes(session).await.map_err(failed)?;
            for (relation, node) in files {
                let name = before.get(&relation);
                if let (Some(name), Some(now)) = (name, after.get(&relation))
                    && *now != node
                    && !seen.rewrites.contains(name)
                {
                    seen.rewrites.push(name.clone());
                }
            }
        }
        measured.push(seen);
    }
    if !one.no_transaction {
        session.execute("COMMIT").await.map_err(failed)?;
    }
    Ok(measured)
}

/// Postgres says at this level what it reads through and what it builds.
const LOUD: &str = "SET client_min_messages = debug1";
const QUIET: &str = "SET client_min_messages = notice";

impl Measured {
    /// `verifying table "users"`, `building index "a" on table "b" serially`, and `validating
    /// foreign key constraint "c"`, which does not name its table; rewriting is seen by the
    /// table's file.
    fn hear(&mut self, message: &str, keys: &mut Vec<String>) {
        let quoted: Vec<&str> = message.split('"').skip(1).step_by(2).collect();
        match (message.split(' ').next(), quoted.as_slice()) {
            (Some("verifying"), [table, ..]) => self.scans.push((*table).to_owned()),
            (Some("validating"), [key, ..]) => keys.push((*key).to_owned()),
            // Those of catalogs and of toast tables are nobody's business.
            (Some("building"), [index, table, ..]) if !table.starts_with("pg_") => {
                self.builds.push(format!("{index} on {table}"));
            }
            _ => {}
        }
    }
}

/// Tables that have foreign keys of these names.
async fn tables_of(
    session: &Session,
    keys: &[String],
) -> std::result::Result<Vec<String>, QueryError> {
    let mut tables = Vec::new();
    for key in keys {
        let rows = session
            .texts(&format!(
                "SELECT DISTINCT c.relname FROM pg_catalog.pg_constraint k \
                 JOIN pg_catalog.pg_class c ON c.oid = k.conrelid \
                 WHERE k.contype = 'f' AND k.conname = {}",
                literal(key)
            ))
            .await?;
        tables.extend(rows.into_iter().flatten().flatten());
    }
    Ok(tables)
}

/// Tables, indexes and the like that are the user's, by number.
async fn relations(session: &Session) -> std::result::Result<BTreeMap<String, String>, QueryError> {
    let rows = session
        .texts(
            "SELECT c.oid, CASE WHEN n.nspname = 'public' THEN pg_catalog.quote_ident(c.relname) \
             ELSE pg_catalog.format('%I.%I', n.nspname, c.relname) END \
             FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f') AND n.nspname !~ '^pg_' \
             AND n.nspname <> 'information_schema'",
        )
        .await?;
    Ok(pairs(rows))
}

/// The strongest lock that we hold on each of these.
async fn locks(
    session: &Session,
    relations: &BTreeMap<String, String>,
) -> std::result::Result<BTreeMap<String, String>, QueryError> {
    let rows = session
        .texts(
            "SELECT l.relation, l.mode FROM pg_catalog.pg_locks l \
             WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted",
        )
        .await?;
    let mut strongest: BTreeMap<String, String> = BTreeMap::new();
    for (relation, mode) in rows.into_iter().filter_map(pair) {
        if !relations.contains_key(&relation) {
            continue;
        }
        let held = strongest.entry(relation).or_default();
        if strength(&mode) > strength(held) {
            *held = mode;
        }
    }
    Ok(strongest)
}

/// Place of a lock mode in the order of strength; 0 where it is none.
pub fn strength(mode: &str) -> usize {
    const MODES: [&str; 8] = [
        "AccessShareLock",
        "RowShareLock",
        "RowExclusiveLock",
        "ShareUpdateExclusiveLock",
        "ShareLock",
        "ShareRowExclusiveLock",
        "ExclusiveLock",
        "AccessExclusiveLock",
    ];
    MODES
        .iter()
        .position(|one| *one == mode)
        .map_or(0, |at| at + 1)
}

async fn file_nodes(
    session: &Session,
) -> std::result::Result<BTreeMap<String, String>, QueryError> {
    let rows = session
        .texts("SELECT oid, relfilenode FROM pg_catalog.pg_class WHERE relkind IN ('r', 'm') AND oid >= 16384")
        .await?;
    Ok(pairs(rows))
}

/// How large a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableSize {
    /// Rows as statistics estimate them; nothing where nobody has counted yet.
    pub rows: Option<i64>,
    /// Bytes, those of its indexes too.
    pub bytes: i64,
}

/// Sizes of tables by name; those that are not there are left out.
///
/// # Errors
/// The server's.
pub async fn sizes(session: &Session, tables: &[&str]) -> Result<BTreeMap<String, TableSize>> {
    let names: Vec<String> = tables
        .iter()
        .map(|name| format!("({})", literal(name)))
        .collect();
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = session
        .texts(&format!(
            "SELECT x.name, nullif(c.reltuples, -1)::bigint, pg_catalog.pg_total_relation_size(c.oid) \
             FROM (VALUES {}) x (name) \
             JOIN pg_catalog.pg_class c ON c.oid = pg_catalog.to_regclass(x.name)",
            names.join(", ")
        ))
        .await
        .map_err(|error| error.diagnostic("reading the sizes of tables"))?;
    let size = |row: Vec<Option<String>>| {
        let [name, rows, bytes] = row.try_into().ok()?;
        let rows = rows.and_then(|rows| rows.parse().ok());
        let bytes = bytes?.parse().ok()?;
        Some((name?, TableSize { rows, bytes }))
    };
    Ok(rows.into_iter().filter_map(size).collect())
}

fn pair(row: Vec<Option<String>>) -> Option<(String, String)> {
    let mut row = row.into_iter().flatten();
    Some((row.next()?, row.next()?))
}

fn pairs(rows: Vec<Vec<Option<String>>>) -> BTreeMap<String, String> {
    rows.into_iter().filter_map(pair).collect()
}
