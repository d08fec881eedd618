//! What `migrate` may look at before it begins: rows in the way, a database that drifted.

use driftless_diagnostic::{Diagnostic, Failure};
use driftless_migrations::ledger::MigrationFile;
use driftless_postgres::{Session, connect};

use crate::args;
use crate::drift::{differing, refused};
use crate::exit::{Result, Stop};
use crate::preflight;
use crate::scratch::Choice;
use crate::settings::{Settings, Target};
use crate::sides;
use crate::ui::Ui;

/// Refuses to go on where rows are in the way of the pending migrations.
pub(super) async fn refuse_rows(
    scratch: &args::Scratch,
    settings: &Settings,
    files: &[MigrationFile],
    session: &mut Session,
    ui: &mut Ui,
) -> Result<()> {
    let (applied, pending) = sides::by_ledger(settings, files, session).await?;
    if pending.is_empty() {
        return Ok(());
    }
    let major = session.server().major();
    let choice = Choice::new(settings, scratch, Some(major))?;
    let before = sides::replayed(applied, settings, &choice, ui).await?;
    let after = sides::replayed(files, settings, &choice, ui).await?;
    let (found, told) = preflight::look(session, &before.catalog, &after.catalog).await?;
    ui.tell_all(&told);
    if found.is_empty() {
        return Ok(());
    }
    Err(Failure::new(found.iter().map(preflight::finding).collect()).into())
}

/// Refuses to go on where the database is not what the migrations it has make of it.
pub(super) async fn refuse_drift(
    scratch: &args::Scratch,
    settings: &Settings,
    files: &[MigrationFile],
    target: &Target,
    ui: &mut Ui,
) -> Result<()> {
    let Target::Server { options, .. } = target else {
        let message = "the Postgres in .driftless/ cannot be verified: it is nobody else's";
        return Err(Stop::usage(
            Diagnostic::error("verify-not-possible", message).help("leave --verify away"),
        ));
    };
    let session = connect(options).await?;
    let (applied, _) = sides::by_ledger(settings, files, &session).await?;
    let found = differing(scratch, settings, session, applied, ui).await?;
    if found.is_empty() {
        return Ok(());
    }
    let help =
        "run that SQL, or bring the change into a migration with `driftless generate --custom`";
    Err(refused(found, "nothing was migrated", help).into())
}
