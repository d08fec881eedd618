//! `driftless status`: which migrations a database has.

use driftless_diagnostic::{Diagnostic, Severity};
use driftless_migrations::folder::{Folder, Migration};
use driftless_migrations::ledger::{self, Edit, LedgerRow, State};
use driftless_migrations::record::Kind;
use driftless_migrations::run::{self, MigrationStatus};
use driftless_report::{Hash, Migration as Row, Origin, count};

use crate::args::{Global, Status};
use crate::database::{Connection, block_on};
use crate::exit::{Exit, Result};
use crate::project;
use crate::settings::{Settings, Target};
use crate::ui::Ui;

pub(crate) fn run(args: &Status, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    let folder = project::folder(&settings)?;
    let (mut found, told) = driftless_checks::before_running(&folder);
    found.extend(told);
    let target = settings.target(&args.database)?;
    let (known, others) = if is_new(&settings, &target) {
        ui.status("database: none yet; `driftless migrate` makes one in .driftless/");
        (Vec::new(), Vec::new())
    } else {
        let files = ledger::files(&folder);
        let status = block_on(async {
            let connection = Connection::open(&settings, target, &[], ui).await?;
            let status = run::status(&connection.session, &files, &settings.ledger()).await;
            connection.close().await;
            Ok(status?)
        })?;
        found.extend(status.findings);
        ui.field("ledger_exists", status.ledger_exists);
        (status.migrations, status.unknown)
    };
    let rows: Vec<Row> = folder
        .migrations
        .iter()
        .map(|migration| row(&folder, migration, &known, &others))
        .collect();
    ui.field("migrations", &rows);
    if !rows.is_empty() {
        ui.out(&driftless_report::status(&rows, ui.sheet()));
        ui.out("\n");
    }
    ui.tell_all(&found);
    ui.out(&sentence(&rows, &found));
    let failed = found.iter().any(|one| one.severity == Severity::Error);
    Ok(if failed { Exit::Failed } else { Exit::Ok })
}

/// An embedded database that nobody has made yet has no migrations, and is not made for that.
#[cfg(feature = "embedded")]
fn is_new(settings: &Settings, target: &Target) -> bool {
    matches!(target, Target::Embedded { .. }) && !settings.embedded_dir().join("postgres").exists()
}

#[cfg(not(feature = "embedded"))]
fn is_new(_: &Settings, _: &Target) -> bool {
    false
}

fn row(
    folder: &Folder,
    migration: &Migration,
    known: &[MigrationStatus],
    others: &[LedgerRow],
) -> Row {
    let status = known.iter().find(|one| one.tag == migration.tag());
    let hash = match status.map(|status| &status.state) {
        _ if migration.script.is_none() => Hash::Missing,
        Some(State::Applied(_)) => Hash::Same,
        Some(State::Replacing(found)) if found.is_whole() => Hash::Same,
        Some(State::Replacing(found)) if found.missing.is_empty() => Hash::Edited,
        Some(State::Replacing(_)) => Hash::InPart,
        Some(State::Edited(_, Edit::LineEndings | Edit::Comments)) => Hash::CosmeticEdit,
        Some(State::Edited(_, Edit::Statements | Edit::Unknown)) => Hash::Edited,
        Some(State::Older(_)) => Hash::Skipped,
        Some(State::Pending) | None => Hash::New,
    };
    Row {
        tag: migration.tag().to_owned(),
        origin: match folder.kind(migration.tag()) {
            Kind::Generated => Origin::Generated,
            Kind::Custom => Origin::HandWritten,
        },
        applied: status
            .and_then(|status| status.applied_at.as_deref())
            .map(readable),
        pending: match status {
            Some(status) => !status.state.is_applied(),
            // Without its file a migration is known by its time alone.
            None => !others
                .iter()
                .any(|row| row.created_at == Some(migration.entry.when())),
        },
        hash,
    }
}

/// `2026-11-23T08:15:47Z` as people read it.
fn readable(time: &str) -> String {
    time.replace('T', " ").replace('Z', " UTC")
}

fn sentence(rows: &[Row], found: &[Diagnostic]) -> String {
    let errors = found
        .iter()
        .filter(|one| one.severity == Severity::Error)
        .count();
    let pending = rows.iter().filter(|row| row.pending).count();
    match (rows.len(), pending) {
        _ if errors > 0 => format!(
            "{} to settle before `driftless migrate` goes on",
            count(errors, "finding")
        ),
        (0, _) => "the folder holds no migration: run `driftless generate`".to_owned(),
        (number, 0) => format!("{} applied", super::all(number, "migration")),
        (all, pending) if all == pending => format!(
            "{} pending: run `driftless migrate`",
            super::all(all, "migration")
        ),
        (all, pending) => format!(
            "{pending} of {} pending: run `driftless migrate`",
            count(all, "migration")
        ),
    }
}
