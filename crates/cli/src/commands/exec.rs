//! `driftless exec`: SQL files in one transaction.

use std::cell::Cell;
use std::io::Read;

use camino::Utf8Path;
use driftless_diagnostic::{Diagnostic, SourceFile};
use driftless_migrations::run;
use driftless_report::count;

use super::migrate::{advised, applied, show};
use super::time;
use crate::args::{Exec, Global};
use crate::database::{Connection, Ended, block_on_to_the_end, interruptible};
use crate::exit::{Exit, Result, Stop};
use crate::settings::{self, Settings};
use crate::ui::Ui;

pub(crate) fn run(args: &Exec, global: &Global, ui: &mut Ui) -> Result<Exit> {
    ui.tell_events();
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    let sources = args
        .files
        .iter()
        .map(|path| source(&settings, path))
        .collect::<Result<Vec<_>>>()?;
    let target = settings.target(&args.database)?;
    block_on_to_the_end(async {
        let texts: Vec<_> = sources.iter().collect();
        let mut connection = Connection::open(&settings, target, &texts, ui).await?;
        let progress = ui.progress();
        let idle = Cell::new(false);
        let ended = {
            let canceller = connection.canceller();
            let mut events = |event| show(event, &progress, ui, &idle);
            let limit = args.lock_timeout.0;
            let work = run::exec(&mut connection.session, &sources, limit, &mut events);
            interruptible(canceller, &idle, work).await
        };
        progress.clear();
        connection.close().await;
        let summary = match ended {
            // It may have been done before the signal had an effect.
            Ended::Itself(result) => result.map_err(|failure| {
                advised(
                    failure,
                    "correct the file and run the command again: nothing took effect",
                )
            })?,
            Ended::Interrupted(Some(Ok(summary))) => summary,
            Ended::Interrupted(_) => return Err(interrupted()),
        };
        ui.field("ran", applied(&summary.applied));
        let statements = summary.applied.iter().map(|file| file.statements).sum();
        ui.out(&format!(
            "ran {} of {} in {}",
            count(statements, "statement"),
            count(summary.applied.len(), "file"),
            time(summary.took)
        ));
        Ok(Exit::Ok)
    })
}

fn source(settings: &Settings, path: &Utf8Path) -> Result<SourceFile> {
    if path != "-" {
        return settings::read_source(&settings.dir, path);
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).map_err(|error| {
        Diagnostic::error("unreadable-file", format!("stdin cannot be read: {error}"))
    })?;
    settings::source("stdin", bytes)
}

fn interrupted() -> Stop {
    Stop::interrupted(
        Diagnostic::error(
            "interrupted",
            "interrupted: nothing of the files took effect",
        )
        .help("run the command again"),
    )
}
