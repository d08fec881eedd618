//! `driftless baseline`: a database that has the schema gets the ledger that says so.

use driftless_diagnostic::Diagnostic;
use driftless_migrations::run::{self, MigrateOptions};
use driftless_postgres::{ConnectOptions, connect};
use driftless_report::count;

use super::migrate::show;
use crate::args::{Baseline, Database, Global};
use crate::database::block_on;
use crate::drift::{differing, refused};
use crate::exit::{Exit, Result};
use crate::project;
use crate::settings::{Settings, Target};
use crate::sides;
use crate::ui::Ui;

pub(crate) fn run(args: &Baseline, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    let folder = project::folder(&settings)?;
    let (_, told) = driftless_checks::before_running(&folder);
    ui.tell_all(&told);
    let files = sides::history(&folder, args.tag.as_deref())?;
    if files.is_empty() {
        return Err(Diagnostic::error(
            "nothing-to-record",
            format!("the folder {} holds no migration to record", folder.shown),
        )
        .help("write the first one for what the database has: bring schema.ts in line with it, then run `driftless generate`")
        .into());
    }
    let later = folder.migrations.len() - files.len();
    let what = "to record the migrations in";
    let server = server(args.database_url.as_ref(), what, &settings, ui)?;
    let options = MigrateOptions {
        dry_run: args.dry_run,
        lock_wait: args.wait.0,
        ledger: settings.ledger(),
        allow_pooler: args.allow_pooler,
        ..MigrateOptions::default()
    };
    block_on(async {
        let mut session = connect(&server).await?;
        ui.tell_all(session.warnings());
        if run::is_recorded(&session, &files, &options.ledger).await? {
            session.close().await;
            return Ok(tell(&[], files.len(), later, args, ui));
        }
        let differing = differing(&args.scratch, &settings, session, &files, ui).await?;
        if !differing.is_empty() {
            const HELP: &str = "run that SQL, or bring the migrations in line with the database; an earlier TAG may be what it has";
            return Err(refused(differing, "nothing was recorded", HELP).into());
        }
        session = connect(&server).await?;
        let progress = ui.progress();
        let idle = std::cell::Cell::new(false);
        let recorded = run::baseline(&mut session, &files, &options, &mut |event| {
            show(event, &progress, ui, &idle);
        })
        .await;
        progress.clear();
        session.close().await;
        Ok(tell(&recorded?, files.len(), later, args, ui))
    })
}

/// The server of the database; one that is kept in `.driftless/` has had its ledger from the start.
pub(super) fn server(
    url: Option<&String>,
    what: &str,
    settings: &Settings,
    ui: &mut Ui,
) -> Result<ConnectOptions> {
    let database = Database {
        database_url: url.cloned(),
        ..Database::default()
    };
    match settings.target(&database)? {
        Target::Server { options, origin } => {
            ui.status(&format!("database: {options} (from {origin})"));
            ui.field("database", options.to_string());
            Ok(*options)
        }
        Target::Embedded { why } => {
            let why = why.unwrap_or_else(|| "no database URL is given".to_owned());
            Err(Diagnostic::error(
                "database-url-missing",
                format!("which database {what} is not known: {why}"),
            )
            .help("pass --database-url, or set DATABASE_URL")
            .into())
        }
    }
}

/// The result in words and as data.
fn tell(recorded: &[String], all: usize, later: usize, args: &Baseline, ui: &mut Ui) -> Exit {
    ui.field("dry_run", args.dry_run);
    ui.field("recorded", recorded);
    ui.field("pending", later);
    let number = recorded.len();
    ui.out(&match recorded {
        [] => format!(
            "nothing to do: {} recorded already",
            super::all(all, "migration")
        ),
        _ if args.dry_run => {
            format!("the database is what the migrations make: {number} would be recorded, nothing was changed")
        }
        _ => format!("the database is what the migrations make: {number} recorded, nothing was run"),
    });
    if later > 0 {
        let later = count(later, "later migration");
        ui.hint(&format!("{later} pending: run `driftless migrate`"));
    }
    Exit::Ok
}
