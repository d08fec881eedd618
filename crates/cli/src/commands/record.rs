//! `driftless record`: hand-written migrations get their line in `meta/_driftless.json`.

use driftless_diagnostic::{Diagnostic, Failure};
use driftless_migrations::folder::Folder;
use driftless_migrations::write;
use driftless_report::count;

use crate::args::{Global, Record};
use crate::exit::{Exit, Result};
use crate::project;
use crate::settings::Settings;
use crate::ui::Ui;

pub(crate) fn run(args: &Record, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    let mut folder = project::folder(&settings)?;
    for tag in &args.edited {
        forget(&mut folder, tag)?;
    }
    let (obstacles, told) = project::obstacles(&folder);
    ui.tell_all(&told);
    if !obstacles.is_empty() {
        return Err(Failure::new(obstacles).into());
    }
    let tags = write::record(&folder)?;
    ui.field("recorded", &tags);
    if tags.is_empty() {
        ui.out("nothing to record: every migration that is written is recorded already");
    } else {
        ui.out(&format!(
            "recorded {}: {}",
            count(tags.len(), "migration"),
            tags.join(", ")
        ));
    }
    Ok(Exit::Ok)
}

/// Takes the line of a migration out of what is known, so that it gets another one.
fn forget(folder: &mut Folder, tag: &str) -> Result<()> {
    let shown = folder.shown.clone();
    let known = (folder.migrations.iter_mut())
        .find(|migration| migration.tag() == tag)
        .ok_or_else(|| {
            Diagnostic::error(
                "unknown-migration",
                format!("the folder {shown} has no migration {tag}"),
            )
            .help("`driftless status` lists the migrations")
        })?;
    known.record = None;
    folder.record.lines.retain(|line| line.tag != tag);
    Ok(())
}
