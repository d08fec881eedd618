//! `generate --prove`: a plan is run in scratch before it is written.

use driftless_catalog::Plan;
use driftless_diagnostic::{Diagnostic, Failure};
use driftless_migrations::folder::Folder;
use driftless_migrations::ledger::MigrationFile;
use driftless_migrations::snapshot::Snapshot;
use driftless_report::Sheet;

use crate::args::Generate;
use crate::database::block_on;
use crate::exit::Result;
use crate::proof::{Both, Proof};
use crate::scratch::Choice;
use crate::settings::Settings;
use crate::sides;
use crate::ui::Ui;

/// The plan that holds: the one at hand, or one from the replayed folder where the newest snapshot
/// is behind it. Nothing where the migrations make what is declared already.
pub(super) fn plan(
    planned: Option<Plan>,
    args: &Generate,
    settings: &Settings,
    folder: &Folder,
    declared: &Snapshot,
    ui: &mut Ui,
) -> Result<Option<Plan>> {
    let files = sides::history(folder, None)?;
    block_on(async {
        let scratch = Choice::new(settings, &args.scratch, None)?;
        let both = Both::read(&files, declared, settings, &scratch, ui).await?;
        let at_hand = planned.unwrap_or_default();
        let first = both.prove(&at_hand, &files, settings, &scratch, ui).await?;
        if matches!(first, Proof::Holds) {
            ui.field("proven", true);
            ui.status("proven in scratch: after it, the migrations make what is declared");
            return Ok(Some(at_hand).filter(|plan| !plan.is_empty()));
        }
        let replayed = both.plan(&at_hand.decisions)?;
        again(replayed, &both, &files, settings, &scratch, ui).await
    })
}

/// Tries the plan from the replayed folder.
async fn again(
    plan: Plan,
    both: &Both,
    files: &[MigrationFile],
    settings: &Settings,
    scratch: &Choice,
    ui: &mut Ui,
) -> Result<Option<Plan>> {
    if plan.is_empty() {
        ui.status("the migrations make what is declared, the newest snapshot is behind");
        ui.hint("run `driftless snapshot`");
        return Ok(None);
    }
    match both.prove(&plan, files, settings, scratch, ui).await? {
        Proof::Holds => {
            ui.tell(
                &Diagnostic::info(
                    "snapshot-behind",
                    "the newest snapshot is not what the migrations make: planned from the replayed folder",
                )
                .note("a hand-written migration changed what schema.ts declares as well"),
            );
            ui.field("proven", true);
            ui.status("proven in scratch: after it, the migrations make what is declared");
            Ok(Some(plan))
        }
        Proof::Leaves(rest) => Err(Diagnostic::error(
            "unproven",
            "the plan does not lead to what is declared: nothing was written",
        )
        .note(format!(
            "still missing after it:\n{}",
            driftless_report::sql(&rest, Sheet::PLAIN).trim_end()
        ))
        .help(
            "this is a bug: please report the schema; without --prove the plan is written as it is",
        )
        .into()),
        Proof::Refused(failure) => {
            let mut found = failure.into_diagnostics();
            for one in &mut found {
                one.notes.push("nothing was written".to_owned());
            }
            Err(Failure::new(found).into())
        }
    }
}
