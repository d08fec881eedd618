//! `driftless record`: hand-written migrations get their line in `meta/_driftless.json`.

use driftless_diagnostic::Failure;
use driftless_migrations::write;
use driftless_report::count;

use crate::args::Global;
use crate::exit::{Exit, Result};
use crate::project;
use crate::settings::Settings;
use crate::ui::Ui;

pub(crate) fn run(global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    let folder = project::folder(&settings)?;
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
