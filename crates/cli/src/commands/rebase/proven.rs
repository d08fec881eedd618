//! What hand-written SQL does behind the base's migrations, only Postgres can say.

use driftless_diagnostic::Failure;
use driftless_migrations::folder::Folder;
use driftless_migrations::snapshot::Snapshot;

use crate::args::Rebase;
use crate::commands::check::drift;
use crate::database::block_on;
use crate::exit::{Result, Stop};
use crate::project;
use crate::proof::{Before, Both};
use crate::scratch::{Choice, Engine};
use crate::settings::Settings;
use crate::sides;
use crate::ui::Ui;

const LATER: &str = "`driftless check --replay` runs it all in scratch";

/// Runs the folder in a scratch that is quick to start, where there is one: false where it does not
/// come to what is declared.
pub(super) fn holds(
    args: &Rebase,
    settings: &Settings,
    folder: &Folder,
    declared: Option<&Snapshot>,
    ui: &mut Ui,
) -> Result<bool> {
    let sql = declared.is_some() && project::has_sql(settings, folder)?;
    if args.no_prove || (settings.no_prove() && !sql) {
        ui.hint(LATER);
        return Ok(true);
    }
    let scratch = match Choice::new(settings, &args.scratch, None) {
        // Where SQL files declare a part, it is in use already.
        Ok(scratch) if sql || !matches!(scratch.engine, Engine::Embedded) => scratch,
        _ => {
            ui.status("unproven: no Postgres is installed here");
            ui.hint(LATER);
            return Ok(true);
        }
    };
    let files = sides::history(folder, None)?;
    let before = Before::end(folder)?;
    let found = block_on(async {
        let Some(declared) = declared else {
            sides::replayed(&files, settings, &scratch, ui).await?;
            return Ok(Vec::new());
        };
        let both = Both::read(&files, &before, declared, settings, &scratch, ui).await?;
        Ok(drift::of_history(&both.plan(&[])?))
    })
    .map_err(written)?;
    ui.field("proven", found.is_empty());
    if found.is_empty() {
        ui.status(match declared {
            Some(_) => "proven in scratch: the migrations make what is declared",
            None => "proven in scratch: the migrations run behind the base's",
        });
    }
    ui.tell_all(&found);
    Ok(found.is_empty())
}

/// The folder is as it should be; one of its migrations is not.
fn written(stop: Stop) -> Stop {
    let found = stop.failure.into_diagnostics().into_iter().map(|one| {
        one.note("the folder is written; the migration has moved and runs behind the base's now")
            .help(
                "mend its SQL and run `driftless record --edited` with its tag, then \
                 `driftless check --replay`",
            )
    });
    Stop {
        failure: Failure::new(found.collect()),
        ..stop
    }
}
