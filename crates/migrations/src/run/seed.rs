//! Fills a database in: each seed once, all of a run or none.

use super::transaction::scripts;
use super::{Applied, Event, Hygiene, MigrateOptions, locked, prepare};
use crate::hash::sha256;
use crate::{ledger, seeds};
use driftless_diagnostic::{Result, SourceFile};
use driftless_postgres::Session;

/// What became of seeds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seeded {
    /// Run now, in order.
    pub ran: Vec<Applied>,
    /// Run before, by name.
    pub already: Vec<String>,
    /// Of those, the ones whose text is another now.
    pub changed: Vec<String>,
}

/// Something that fills in a database and is told apart by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedName {
    /// A path, or a command.
    pub name: String,
    /// Hash of its text.
    pub hash: String,
}

impl SeedName {
    /// The seed with this name and text.
    pub fn new(name: &str, text: &str) -> Self {
        Self {
            name: name.to_owned(),
            hash: sha256(text.as_bytes()),
        }
    }
}

/// Runs the files that were not run before, in one transaction with the note that they were; all of
/// them with `force`. Of the options, those of the session, the lock and the ledger count.
///
/// # Errors
/// As of [`super::exec`] and the lock; nothing took effect then.
pub async fn seed(
    session: &mut Session,
    files: &[SourceFile],
    force: bool,
    options: &MigrateOptions,
    events: &mut (impl FnMut(Event) + ?Sized),
) -> Result<Seeded> {
    let key = locked::take(session, options, events).await?;
    let result = under_lock(session, files, force, options, events).await;
    locked::end(session, key, result).await
}

/// Whether a seed that is no SQL was run before, and whether its text is another since.
///
/// # Errors
/// The server's.
pub async fn is_seeded(
    session: &Session,
    seed: &SeedName,
    options: &MigrateOptions,
) -> Result<Option<bool>> {
    let known = seeds::read(session, &options.ledger).await?;
    Ok(known.get(&seed.name).map(|hash| *hash != seed.hash))
}

/// Keeps that a seed that is no SQL was run.
///
/// # Errors
/// The server's.
pub async fn record_seed(
    session: &mut Session,
    seed: &SeedName,
    options: &MigrateOptions,
) -> Result<()> {
    let names = &options.ledger;
    let sql = make_room(session, options).await? + &seeds::record(names, &seed.name, &seed.hash);
    super::transaction::at_once(session, &sql)
        .await
        .map_err(|error| error.diagnostic("recording the seed").into())
}

async fn under_lock(
    session: &mut Session,
    files: &[SourceFile],
    force: bool,
    options: &MigrateOptions,
    events: &mut (impl FnMut(Event) + ?Sized),
) -> Result<Seeded> {
    let hygiene = Hygiene::begin(session, options.lock_timeout).await?;
    let known = seeds::read(session, &options.ledger).await?;
    let mut seeded = Seeded::default();
    let mut due = Vec::new();
    for file in files {
        let seed = SeedName::new(file.path(), file.text());
        match known.get(&seed.name) {
            Some(hash) if !force => {
                if *hash != seed.hash {
                    seeded.changed.push(seed.name.clone());
                }
                seeded.already.push(seed.name);
            }
            _ => due.push((file.clone(), seed)),
        }
    }
    if due.is_empty() {
        return Ok(seeded);
    }
    let records: Vec<String> = due
        .iter()
        .map(|(_, seed)| seeds::record(&options.ledger, &seed.name, &seed.hash))
        .collect();
    let files: Vec<SourceFile> = due.into_iter().map(|(file, _)| file).collect();
    let prepared = prepare::scripts(&files)?;
    let room = make_room(session, options).await?;
    seeded.ran = scripts(session, &hygiene, &prepared, &room, &records, events).await?;
    Ok(seeded)
}

/// SQL that makes the record, and the ledger's schema where it is missing.
async fn make_room(session: &Session, options: &MigrateOptions) -> Result<String> {
    let found = ledger::read(session, &options.ledger).await?;
    Ok(ledger::create(&options.ledger, &found) + &seeds::create(&options.ledger))
}
