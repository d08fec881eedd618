//! What only a person can know, said to ledger and record: that a migration is there, that it is
//! not, that its edited text is what was applied. What was said before stays in the record.

use super::findings;
use super::hygiene::Hygiene;
use super::transaction::at_once;
use crate::ledger::{self, Ledger, LedgerNames, MigrationFile, State};
use crate::runs::{Note, Runs};
use driftless_diagnostic::{Diagnostic, Result};
use driftless_postgres::{Session, literal, lock};

/// What is said of one migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repair {
    /// Its statements are in the database, whoever ran them: it is recorded, and not run.
    MarkApplied,
    /// None of its statements is in the database: it will be run from its beginning.
    MarkRolledBack,
    /// The text as it is now is what the database has.
    AcceptHash,
}

/// Settles one migration under the migration lock, in one transaction; `reason` is kept in
/// `__driftless_runs`. Gives a sentence that says what was done.
///
/// # Errors
/// `no-such-migration`, and `nothing-to-repair` where the ledger says so already; the server's
/// refusals, after which nothing was changed.
pub async fn repair(
    session: &mut Session,
    files: &[MigrationFile],
    names: &LedgerNames,
    (tag, repair): (&str, Repair),
    reason: &str,
) -> Result<String> {
    findings::refuse_pooler(session, false)?;
    findings::refuse_read_only(session)?;
    let Some(at) = files.iter().position(|file| file.tag == tag) else {
        return Err(findings::no_such_tag(files, tag).into());
    };
    Hygiene::begin(session, None).await?;
    let key = super::lock_key(session, names);
    lock(session, key, None, &mut |_| {}).await?;
    let settled = settle(session, files, names, at, repair, reason).await;
    let unlocked = super::give_back(session, key).await;
    let said = settled?;
    unlocked?;
    Ok(said)
}

async fn settle(
    session: &mut Session,
    files: &[MigrationFile],
    names: &LedgerNames,
    at: usize,
    repair: Repair,
    reason: &str,
) -> Result<String> {
    let found = ledger::read(session, names).await?;
    let state = ledger::compare(files, &found).states.swap_remove(at);
    let file = &files[at];
    let tag = &file.tag;
    let (record, said) = match (repair, state) {
        (Repair::MarkApplied, State::Pending | State::Older(_)) => (
            ledger::insert(names, &found, file),
            format!("`{tag}` is recorded as applied, and was not run"),
        ),
        (Repair::AcceptHash, State::Edited(row, _)) => (
            format!(
                "UPDATE {} SET hash = {} WHERE id = {};",
                names.qualified(),
                literal(&file.hash()),
                row.id
            ),
            format!("the text of `{tag}` as it is now is taken for what was applied"),
        ),
        (Repair::AcceptHash, State::Replacing(found))
            if found.missing.is_empty() && !found.edited.is_empty() =>
        {
            let accept = found.edited.iter().map(|(replaced, row)| {
                format!(
                    "UPDATE {} SET hash = {} WHERE id = {};",
                    names.qualified(),
                    literal(&replaced.hash),
                    row.id
                )
            });
            (
                accept.collect(),
                format!("what was run is taken for what `{tag}` replaces"),
            )
        }
        (Repair::MarkRolledBack, State::Applied(row) | State::Edited(row, _)) => {
            refuse_buried(files, &found, row.created_at, tag)?;
            (
                format!("DELETE FROM {} WHERE id = {};", names.qualified(), row.id),
                format!("`{tag}` is recorded as not applied: `migrate` will run it"),
            )
        }
        (Repair::MarkRolledBack, _) => (
            String::new(),
            format!("`{tag}` will be run from its beginning"),
        ),
        (_, state) => return Err(settled_already(tag, repair, &state).into()),
    };
    let create = ledger::create(names, &found);
    let mut runs = Runs::new(names);
    let past = runs.read(session).await;
    if let (Repair::MarkRolledBack, true) = (repair, record.is_empty()) {
        let last = past.iter().rev().find(|run| run.migration == *tag);
        if !last.is_some_and(|run| run.finished_at.is_none() && run.statement > 0) {
            return Err(settled_already(tag, repair, &State::Pending).into());
        }
    }
    if !create.is_empty() {
        let made = at_once(session, &create).await;
        made.map_err(|error| findings::no_ledger(session, names, &found, &error))?;
    }
    if let Some(refused) = runs.create(session).await? {
        return Err(refused.into());
    }
    let what = match repair {
        Repair::MarkApplied => "marked as applied",
        Repair::MarkRolledBack => "marked as rolled back",
        Repair::AcceptHash => "hash accepted",
    };
    let note = runs.note(&Note {
        file,
        text: format!("{what}: {reason}"),
        is_done: repair != Repair::MarkRolledBack,
    });
    at_once(session, &format!("{} {note} {record}", runs.take_notes()))
        .await
        .map_err(|error| error.diagnostic("recording what was said"))?;
    Ok(said)
}

/// Only what was applied last can be taken for undone: what came after it was built upon it.
fn refuse_buried(
    files: &[MigrationFile],
    ledger: &Ledger,
    when: Option<i64>,
    tag: &str,
) -> Result<()> {
    let later = ledger.rows.iter().filter(|row| row.created_at > when);
    let names: Vec<String> = later
        .map(|row| {
            let file = files.iter().find(|file| Some(file.when) == row.created_at);
            file.map_or_else(|| row.hash.clone(), |file| format!("`{}`", file.tag))
        })
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    Err(Diagnostic::error(
        "not-the-last",
        format!("`{tag}` is not what was applied last"),
    )
    .note(format!("applied after it: {}", names.join(", ")))
    .help("mark those first, the last one before the others")
    .into())
}

fn settled_already(tag: &str, repair: Repair, state: &State) -> Diagnostic {
    let is = match state {
        State::Applied(_) => "applied, with the text that it has now",
        State::Edited(..) => "applied, with another text",
        State::Replacing(_) => "applied, as the migrations that it replaces",
        State::Pending | State::Older(_) => "not applied, and not half run",
    };
    let diagnostic = Diagnostic::error(
        "nothing-to-repair",
        format!("the ledger says already that `{tag}` is {is}"),
    );
    match (repair, state) {
        (Repair::MarkApplied, State::Edited(..)) => diagnostic.help(format!(
            "`driftless repair --accept-hash {tag}` takes the text as it is now"
        )),
        _ => diagnostic.help("`driftless status` shows what it says of each"),
    }
}
