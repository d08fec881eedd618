//! What speaks against a run, and what only deserves a word.

use crate::ledger::{Comparison, Edit, Ledger, LedgerNames, MigrationFile, Replacing, State};
use driftless_diagnostic::{Diagnostic, Result};
use driftless_postgres::{QueryError, Session, identifier};

/// Code of what `migrate` does all the same when it is told to.
pub(super) const OLDER: &str = "older-than-applied";
/// Likewise.
pub(super) const ELSEWHERE: &str = "ledger-of-another-folder";

/// Everything that `migrate` stops at.
pub(super) fn errors(files: &[MigrationFile], comparison: &Comparison) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (file, state) in files.iter().zip(&comparison.states) {
        match state {
            State::Edited(row, edit) if *edit != Edit::LineEndings => {
                found.push(edited(file, &row.hash, *edit));
            }
            State::Older(youngest) => found.push(older(files, file, *youngest)),
            State::Replacing(there) if !there.is_whole() => found.push(replacing(file, there)),
            _ => {}
        }
    }
    let is_unknown = |state: &State| matches!(state, State::Pending | State::Older(_));
    let none_is_known = !files.is_empty() && comparison.states.iter().all(is_unknown);
    if !comparison.unknown.is_empty() && none_is_known {
        found.push(elsewhere(comparison.unknown.len()));
    }
    found
}

/// Two projects took one database, or one the database of the other.
fn elsewhere(rows: usize) -> Diagnostic {
    Diagnostic::error(
        ELSEWHERE,
        format!(
            "the database has {}, and none of them is in this folder: it seems to be another project's",
            count(rows, "migration")
        ),
    )
    .help("correct the database URL, or the migrations folder")
    .help("where two projects share a database on purpose, give each a ledger of its own (`migrations.table` of the config), or pass --allow-out-of-order")
}

/// Everything that it tells and passes.
pub(super) fn warnings(files: &[MigrationFile], comparison: &Comparison) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let line_endings: Vec<_> = files
        .iter()
        .zip(&comparison.states)
        .filter(|(_, state)| matches!(state, State::Edited(_, Edit::LineEndings)))
        .map(|(file, _)| format!("`{}`", file.tag))
        .collect();
    if !line_endings.is_empty() {
        found.push(
            Diagnostic::warning(
                "line-endings-changed",
                format!(
                    "the line endings of {} are not those that were applied; the statements are the same",
                    line_endings.join(", ")
                ),
            )
            .help("put `*.sql text eol=lf` into .gitattributes and check the files out again"),
        );
    }
    for (file, state) in files.iter().zip(&comparison.states) {
        if let State::Applied(row) = state
            && row.created_at != Some(file.when)
        {
            found.push(
                Diagnostic::warning(
                    "journal-time-changed",
                    format!("`{}` is applied, but the journal dates it otherwise than the ledger", file.tag),
                )
                .note(format!(
                    "journal: {}, ledger: {}",
                    file.when,
                    row.created_at.map_or("none".to_owned(), |when| when.to_string())
                ))
                .help("drizzle-orm's own migrator goes by these times; put the ledger's into the journal"),
            );
        }
    }
    if !comparison.unknown.is_empty() {
        let rows: Vec<_> = comparison
            .unknown
            .iter()
            .map(|row| match (&row.name, row.created_at) {
                (Some(name), _) => format!("`{name}`"),
                (None, Some(when)) => {
                    format!("{when} ({}...)", &row.hash[..row.hash.len().min(12)])
                }
                (None, None) => row.hash.clone(),
            })
            .collect();
        found.push(
            Diagnostic::warning(
                "unknown-in-folder",
                format!(
                    "the database has {} that the folder does not have",
                    count(comparison.unknown.len(), "migration")
                ),
            )
            .note(format!(
                "ledger rows, by created_at and hash: {}",
                rows.join(", ")
            ))
            .help(
                "a newer version of the project may have been deployed, or files are missing here",
            ),
        );
    }
    for (i, row) in &comparison.duplicates {
        found.push(
            Diagnostic::warning(
                "applied-twice",
                format!(
                    "`{}` was applied more than once, says the ledger",
                    files[*i].tag
                ),
            )
            .note(format!(
                "row {} repeats it; drizzle-orm takes no lock, so two of its migrators can do that",
                row.id
            ))
            .help("look whether its statements left anything double, then delete the row"),
        );
    }
    found
}

fn edited(file: &MigrationFile, applied: &str, edit: Edit) -> Diagnostic {
    let text = file.source.text();
    let line = text.lines().next().map_or(0, str::len);
    Diagnostic::error(
        "applied-migration-edited",
        format!(
            "`{}` was edited after it was applied to this database",
            file.tag
        ),
    )
    .at(&file.source, 0..line, "")
    .note(format!("applied: sha256 {applied}"))
    .note(format!("now:     sha256 {}", file.hash()))
    .note(edit.describe())
    .help("restore the file (`git checkout`), and write the change as a new migration")
}

/// It stands for migrations that were run in part, or otherwise than they were when it replaced them.
fn replacing(file: &MigrationFile, there: &Replacing) -> Diagnostic {
    let path = file.source.path();
    let diagnostic =
        |code, message: String| Diagnostic::error(code, message).at(&file.source, 0..0, "");
    if there.missing.is_empty() {
        let tags = there.edited.iter().map(|(one, _)| format!("`{}`", one.tag));
        let tags: Vec<_> = tags.collect();
        return diagnostic(
            "replaced-migration-edited",
            format!(
                "`{}` replaces {}, of which this database has run another text",
                file.tag,
                tags.join(", ")
            ),
        )
        .help("`driftless check --database-url` tells whether the schema is the same all the same")
        .help(format!(
            "where it is, `driftless repair --accept-hash {}` takes what was run for what was replaced",
            file.tag
        ));
    }
    let missing: Vec<_> = there.missing.iter().map(|tag| format!("`{tag}`")).collect();
    diagnostic(
        "replaced-in-part",
        format!(
            "`{}` replaces migrations of which this database has only some: it lacks {}",
            file.tag,
            missing.join(", ")
        ),
    )
    .note("nothing was run: the one file cannot be run in part")
    .help(format!(
        "migrate this database with the folder as it was before the squash: `git log -- {path}` finds the \
         commit, `git worktree add` gives a copy of what came before it"
    ))
}

fn older(files: &[MigrationFile], file: &MigrationFile, youngest: i64) -> Diagnostic {
    let newest = files.iter().find(|other| other.when == youngest);
    let than = newest.map_or_else(
        || format!("a migration of {youngest} that the folder does not have"),
        |newest| format!("`{}`", newest.tag),
    );
    Diagnostic::error(
        OLDER,
        format!(
            "`{}` was never applied, and {than}, which is younger, was",
            file.tag
        ),
    )
    .note(format!(
        "journal: `when` is {}, the youngest applied is {youngest}",
        file.when
    ))
    .note("drizzle-orm's own migrator skips such a migration for ever, and says nothing")
    .help("if nobody else has applied it yet, generate it again so that it comes last")
    .help("where it does not matter, `driftless migrate --allow-out-of-order` runs it now")
}

/// Refuses a connection whose statements may go to several server processes.
pub(super) fn refuse_pooler(session: &Session, allowed: bool) -> Result<()> {
    if allowed || !session.is_pooled() {
        return Ok(());
    }
    let server = session.server();
    Err(Diagnostic::error(
        "pooled-connection",
        "this URL leads to a pooler, through which neither the migration lock nor settings hold",
    )
    .note(format!(
        "at the login process {} was announced, but process {} answers",
        server.announced_pid.unwrap_or_default().cast_unsigned(),
        server.pid
    ))
    .help("give the URL of the server itself: Neon without `-pooler` in the host, Supabase and PgBouncer by the server's own port")
    .help("pass --allow-pooler if it keeps one server process for each client: PgBouncer in session mode")
    .into())
}

/// Refuses a server that takes no writes.
pub(super) fn refuse_read_only(session: &Session) -> Result<()> {
    let server = session.server();
    if server.standby {
        return Err(Diagnostic::error(
            "read-only-server",
            format!("{} is a standby: it takes no writes", session.shown()),
        )
        .help("give the URL of the primary, or several hosts and `target_session_attrs=read-write`")
        .into());
    }
    if server.read_only {
        return Err(Diagnostic::error(
            "read-only-server",
            format!(
                "`{}` only reads: `default_transaction_read_only` is on",
                server.user
            ),
        )
        .help("migrate as a role that writes")
        .into());
    }
    Ok(())
}

/// The ledger could not be created.
pub(super) fn no_ledger(
    session: &Session,
    names: &LedgerNames,
    ledger: &Ledger,
    error: &QueryError,
) -> Diagnostic {
    let server = session.server();
    let (user, schema) = (&server.user, identifier(&names.schema));
    if error.code() != Some("42501") {
        return error.diagnostic(&format!("creating the ledger {}", names.qualified()));
    }
    let (what, grant) = if ledger.schema_exists {
        (
            format!("the table {}", names.qualified()),
            format!(
                "GRANT USAGE, CREATE ON SCHEMA {schema} TO {}",
                identifier(user)
            ),
        )
    } else {
        (
            format!("the schema {schema}"),
            format!(
                "GRANT CREATE ON DATABASE {} TO {}",
                identifier(&server.database),
                identifier(user)
            ),
        )
    };
    Diagnostic::error(
        "no-create-right",
        format!("nothing was migrated: `{user}` may not create {what}, where applied migrations are recorded"),
    )
    .note(format!("SQLSTATE 42501: {}", error.message()))
    .help(format!("as an owner: {grant}"))
}

pub(super) fn no_such_tag(files: &[MigrationFile], to: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "no-such-migration",
        format!("the folder has no migration `{to}`"),
    );
    match files.iter().find(|file| file.tag.starts_with(to)) {
        Some(near) => diagnostic.help(format!("did you mean `{}`?", near.tag)),
        None => diagnostic.help("`driftless status` lists them"),
    }
}

pub(super) fn count(n: usize, what: &str) -> String {
    match n {
        1 => format!("1 {what}"),
        _ => format!("{n} {what}s"),
    }
}
