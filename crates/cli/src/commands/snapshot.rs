//! `driftless snapshot`: the newest snapshot says what the migrations make.

use driftless_catalog::Plan;
use driftless_diagnostic::{Diagnostic, Failure};
use driftless_migrations::write;
use driftless_report::{Sheet, count};

use crate::args::{Global, SnapshotCommand};
use crate::database::block_on;
use crate::exit::{Exit, Result};
use crate::project;
use crate::proof::{Before, Both};
use crate::scratch::Choice;
use crate::settings::Settings;
use crate::sides;
use crate::ui::Ui;

pub(crate) fn run(args: &SnapshotCommand, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    let (folder, declared) =
        project::declared_alongside(&settings, false, || project::folder(&settings));
    let folder = folder?;
    let (declared, warnings) = project::unless_ends_empty(declared, &settings, &folder)?;
    ui.tell_all(&warnings);
    let (obstacles, told) = project::obstacles(&folder);
    ui.tell_all(&told);
    if !obstacles.is_empty() {
        return Err(Failure::new(obstacles).into());
    }
    let files = sides::history(&folder, None)?;
    let before = Before::end(&folder)?;
    let rest = block_on(async {
        let scratch = Choice::new(&settings, &args.scratch, None)?;
        let both = Both::read(&files, &before, &declared, &settings, &scratch, ui).await?;
        Ok(both.plan(&[])?)
    })?;
    if !rest.is_empty() {
        return Err(undeclared(&rest).into());
    }
    let written = write::restate(&folder, &declared)?;
    ui.field("written", &written);
    ui.out(&match written {
        Some(path) => format!("wrote {path}: it says what the migrations make"),
        None => "nothing to write: the newest snapshot says what the migrations make".to_owned(),
    });
    Ok(Exit::Ok)
}

/// A snapshot is written in the words of schema.ts, so schema.ts has to say the same first.
fn undeclared(rest: &Plan) -> Diagnostic {
    Diagnostic::error(
        "history-differs",
        format!(
            "the migrations do not make what schema.ts declares: {} missing",
            count(rest.steps.len(), "statement")
        ),
    )
    .note(format!(
        "the missing SQL:\n{}",
        driftless_report::sql(rest, Sheet::PLAIN).trim_end()
    ))
    .help("bring schema.ts in line with the hand-written migration, or run `driftless generate --prove`, which plans from the replayed migrations")
}
