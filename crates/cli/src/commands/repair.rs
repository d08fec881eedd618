//! `driftless repair`: what only a person can settle between folder and ledger.

use driftless_diagnostic::Diagnostic;
use driftless_migrations::ledger::{self, State};
use driftless_migrations::run::{self, MigrationStatus, Status};
use driftless_report::count;
use serde::Serialize;

use crate::args::{Global, Repair};
use crate::database::{Connection, block_on};
use crate::exit::{Exit, Result};
use crate::project;
use crate::settings::Settings;
use crate::ui::Ui;

pub(crate) fn run(args: &Repair, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    let folder = project::folder(&settings)?;
    let files = ledger::files(&folder);
    let target = settings.target(&args.database)?;
    let names = settings.ledger();
    let what = settled(args);
    block_on(async {
        let mut connection = Connection::open(&settings, target, &[], ui).await?;
        let session = &mut connection.session;
        let outcome = if let Some(what) = what {
            let reason = args.reason.as_deref().unwrap_or_default();
            let said = run::repair(session, &files, &names, what, reason).await;
            said.map(|said| {
                ui.field("settled", what.0);
                ui.out(&said);
                Exit::Ok
            })
        } else {
            let status = run::status(session, &files, &names).await;
            status.map(|status| show(&status, ui))
        };
        connection.close().await;
        Ok(outcome?)
    })
}

fn settled(args: &Repair) -> Option<(&str, run::Repair)> {
    let flags = [
        (&args.mark_applied, run::Repair::MarkApplied),
        (&args.mark_rolled_back, run::Repair::MarkRolledBack),
        (&args.accept_hash, run::Repair::AcceptHash),
    ];
    flags
        .into_iter()
        .find_map(|(tag, repair)| Some((tag.as_deref()?, repair)))
}

/// One migration that stands in the way, for programs.
#[derive(Serialize)]
struct Open<'a> {
    tag: &'a str,
    state: &'static str,
    /// Statements that are done of one that stopped half way.
    #[serde(skip_serializing_if = "Option::is_none")]
    done: Option<usize>,
    settle: Vec<String>,
}

fn show(status: &Status, ui: &mut Ui) -> Exit {
    let open: Vec<Open<'_>> = status.migrations.iter().filter_map(open).collect();
    ui.field("open", &open);
    for one in &open {
        let what = match (one.state, one.done) {
            ("edited", _) => "was edited after it was applied".to_owned(),
            ("skipped", _) => "was never applied, and something younger was".to_owned(),
            (_, Some(done)) => format!("stopped half way: {} done", count(done, "statement")),
            _ => "stopped half way".to_owned(),
        };
        let mut diagnostic = Diagnostic::error("unsettled", format!("`{}` {what}", one.tag));
        for flag in &one.settle {
            diagnostic = diagnostic.help(flag.clone());
        }
        ui.tell(&diagnostic);
    }
    if open.is_empty() {
        ui.out("nothing to settle");
        return Exit::Ok;
    }
    ui.out(&format!("{} to settle", count(open.len(), "migration")));
    Exit::Failed
}

fn open(one: &MigrationStatus) -> Option<Open<'_>> {
    let tag = &one.tag;
    let reason = "--reason '…'";
    let (state, done, settle) = match (&one.state, one.done_in_part()) {
        (State::Edited(..), _) => (
            "edited",
            None,
            vec![
                "restore the file (`git checkout`), and write the change as a new migration"
                    .to_owned(),
                format!(
                    "or `driftless repair --accept-hash {tag} {reason}`, where the database has what the file says now"
                ),
            ],
        ),
        (State::Replacing(found), _) if found.missing.is_empty() && !found.is_whole() => (
            "edited",
            None,
            vec![format!(
                "`driftless repair --accept-hash {tag} {reason}`, where the schema is what the folder makes"
            )],
        ),
        (State::Older(_), _) => (
            "skipped",
            None,
            vec![
                "`driftless migrate --allow-out-of-order` runs it".to_owned(),
                format!(
                    "or `driftless repair --mark-applied {tag} {reason}`, where the database has it already"
                ),
            ],
        ),
        (State::Pending, Some(done)) => (
            "half-run",
            Some(done),
            vec![
                "`driftless migrate` goes on with it".to_owned(),
                format!(
                    "or `driftless repair --mark-rolled-back {tag} {reason}`, where you have undone what it did"
                ),
                format!(
                    "or `driftless repair --mark-applied {tag} {reason}`, where you have run the rest by hand"
                ),
            ],
        ),
        _ => return None,
    };
    Some(Open {
        tag,
        state,
        done,
        settle,
    })
}
