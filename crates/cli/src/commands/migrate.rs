//! `driftless migrate`: what the folder has and the database lacks.

mod before;
mod lines;

use std::cell::Cell;
use std::time::Duration;

use driftless_diagnostic::{Diagnostic, Failure};
use driftless_migrations::ledger::{self, MigrationFile};
use driftless_migrations::run::{self, Applied, Event, MigrateOptions, Summary};
use driftless_report::{Label, Sheet, count};
use serde::Serialize;

use super::time;
use crate::args::{Global, Migrate};
use crate::database::{Connection, Ended, block_on_to_the_end, interruptible};
use crate::exit::{Exit, Result, Stop};
use crate::project;
use crate::settings::Settings;
use crate::ui::{Progress, Ui};

pub(crate) fn run(args: &Migrate, global: &Global, ui: &mut Ui) -> Result<Exit> {
    ui.tell_events();
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    let folder = project::folder(&settings)?;
    let (fatal, told) = driftless_checks::before_running(&folder);
    ui.tell_all(&told);
    if !fatal.is_empty() {
        return Err(Failure::new(fatal).into());
    }
    let files = ledger::files(&folder);
    let options = MigrateOptions {
        to: args.to.clone(),
        dry_run: args.dry_run,
        lock_wait: args.wait.0,
        lock_timeout: args.lock_timeout.0,
        lock_retries: args.lock_retries,
        ledger: settings.ledger(),
        allow_pooler: args.allow_pooler,
        allow_out_of_order: args.allow_out_of_order,
        single_transaction: args.single_transaction,
        keep_roles: args.keep_roles,
        ..MigrateOptions::default()
    };
    let target = settings.target(&args.database)?;
    block_on_to_the_end(async {
        let texts: Vec<_> = files.iter().map(|file| &file.source).collect();
        if args.verify {
            before::refuse_drift(&args.scratch, &settings, &files, &target, ui).await?;
        }
        let mut connection = Connection::open(&settings, target, &texts, ui).await?;
        if args.preflight {
            let session = &mut connection.session;
            let looked = before::refuse_rows(&args.scratch, &settings, &files, session, ui).await;
            if let Err(stop) = looked {
                connection.close().await;
                return Err(stop);
            }
        }
        let progress = ui.progress();
        let idle = Cell::new(false);
        let finished = Cell::new(0);
        let ended = {
            let canceller = connection.canceller();
            let mut events = |event: Event| {
                if matches!(event, Event::MigrationFinished { .. }) {
                    finished.set(finished.get() + 1);
                }
                show(event, &progress, ui, &idle);
            };
            let work = run::migrate(&mut connection.session, &files, &options, &mut events);
            interruptible(canceller, &idle, work).await
        };
        progress.clear();
        connection.close().await;
        match ended {
            Ended::Itself(Err(failure)) => {
                let again = if args.single_transaction {
                    "correct the file, then run `driftless migrate` again"
                } else {
                    "correct the file, then run `driftless migrate` again: it goes on with this migration"
                };
                Err(advised(failure, again).into())
            }
            // It may have been done before a signal had an effect.
            Ended::Itself(Ok(summary)) | Ended::Interrupted(Some(Ok(summary))) => {
                Ok(tell(&summary, args, &files, ui))
            }
            Ended::Interrupted(_) => Err(interrupted(finished.get())),
        }
    })
}

/// The result in words and as data.
fn tell(summary: &Summary, args: &Migrate, files: &[MigrationFile], ui: &mut Ui) -> Exit {
    ui.field("dry_run", args.dry_run);
    ui.field("applied", applied(&summary.applied));
    ui.field("already_applied", summary.already);
    ui.field("left", &summary.left);
    let number = summary.applied.len();
    if args.dry_run {
        for file in &summary.applied {
            let statements = count(file.statements, "statement");
            ui.out(&format!("would apply {} ({statements})", file.path));
        }
    }
    ui.out(&match (number, files.len()) {
        (0, 0) => "nothing to do: the folder holds no migration".to_owned(),
        (0, _) if summary.left.is_empty() => format!(
            "nothing to do: {} applied already",
            super::all(summary.already, "migration")
        ),
        (0, _) => format!(
            "nothing to do up to {}: {} left",
            args.to.as_deref().unwrap_or_default(),
            count(summary.left.len(), "later migration")
        ),
        _ if args.dry_run => format!(
            "{} would be applied, nothing was changed",
            count(number, "migration")
        ),
        _ => format!(
            "applied {} in {}",
            count(number, "migration"),
            time(summary.took)
        ),
    });
    Exit::Ok
}

/// A file of a summary, for programs.
#[derive(Serialize)]
pub(super) struct File<'a> {
    tag: &'a str,
    path: &'a str,
    statements: usize,
    milliseconds: u128,
}

pub(super) fn applied(files: &[Applied]) -> Vec<File<'_>> {
    files
        .iter()
        .map(|file| File {
            tag: &file.tag,
            path: &file.path,
            statements: file.statements,
            milliseconds: file.took.as_millis(),
        })
        .collect()
}

/// What happens, as it happens: a line that changes on a terminal, a line a migration for good.
pub(super) fn show(event: Event, progress: &Progress, ui: &mut Ui, idle: &Cell<bool>) {
    idle.set(matches!(event, Event::Waiting(_) | Event::Retrying { .. }));
    ui.event(|| lines::line(&event));
    let sheet = ui.sheet();
    match event {
        Event::Waiting(waiting) => {
            let holder = waiting.holder.as_ref();
            let holder = holder.map_or_else(String::new, |holder| format!(" ({holder})"));
            let text = format!("waiting for another migrator{holder} to finish");
            wait(&text, waiting.waited, progress, ui);
        }
        Event::Blocked { tag, by, after } => {
            let holders: Vec<_> = by.iter().map(ToString::to_string).collect();
            let text = format!("{tag}: waiting for a lock held by {}", holders.join("; "));
            wait(&text, after, progress, ui);
        }
        Event::Warning(diagnostic) => progress.aside(|| ui.tell(&diagnostic)),
        Event::Verified { .. } => {}
        Event::StatementFinished {
            tag,
            number,
            of,
            rows,
            took,
        } => {
            // On a terminal, what took its time stays to be seen.
            if took >= LONG && progress.is_shown() {
                let rows = match rows {
                    0 => String::new(),
                    rows => format!(", {rows} rows"),
                };
                let text = format!("{tag} {number}/{of} took {}{rows}", time(took));
                progress.aside(|| ui.status(&text));
            }
        }
        Event::MigrationStarted {
            tag, number, of, ..
        } => progress.set(format!("{tag} ({number} of {of})")),
        Event::StatementStarted {
            tag,
            number,
            of,
            line,
            summary,
        } => progress.set(format!("{tag} {number}/{of}, line {line}: {summary}")),
        Event::Notice { tag, notice } => {
            let text = notice_line(&tag, &notice, sheet);
            progress.aside(|| ui.status(&text));
        }
        Event::Retrying {
            tag,
            reason,
            attempt,
            pause,
        } => {
            let text = format!(
                "{tag}: {reason}; rolled back, attempt {} in {}",
                attempt + 1,
                time(pause)
            );
            progress.aside(|| ui.status(&text));
        }
        Event::MigrationFinished { tag, took } => {
            let name = sheet.paint(Label::Name, &tag);
            let text = format!("{name} done in {}", time(took));
            progress.aside(|| ui.status(&text));
        }
    }
}

/// On a terminal a line that changes; a log gets the first word, and one every half minute.
fn wait(text: &str, waited: Duration, progress: &Progress, ui: &mut Ui) {
    let seconds = waited.as_secs();
    progress.set(format!("{text}: {seconds} s"));
    if seconds < 2 || seconds.is_multiple_of(30) {
        progress.aside(|| ui.status(&format!("{text}: {seconds} s so far")));
    }
}

/// A statement that takes longer is worth a line of its own.
const LONG: Duration = Duration::from_secs(1);

fn notice_line(tag: &str, notice: &driftless_postgres::Notice, sheet: Sheet) -> String {
    let label = match notice.severity.as_str() {
        "WARNING" => Label::Warning,
        _ => Label::Faint,
    };
    let severity = sheet.paint(label, notice.severity.to_lowercase());
    format!("{severity}: {tag}: {}", notice.message)
}

/// A failed statement with what to do about it, unless somebody knew better.
pub(super) fn advised(failure: Failure, help: &str) -> Failure {
    let with_help = failure.into_diagnostics().into_iter().map(|found| {
        if found.code == "statement-failed" && found.help.is_empty() {
            found.help(help)
        } else {
            found
        }
    });
    Failure::new(with_help.collect())
}

fn interrupted(finished: usize) -> Stop {
    let message = match finished {
        0 => "interrupted: nothing was applied".to_owned(),
        _ => format!(
            "interrupted after {}: what ran after that was rolled back",
            count(finished, "migration")
        ),
    };
    Stop::interrupted(
        Diagnostic::error("interrupted", message).help("to go on, run `driftless migrate` again"),
    )
}
