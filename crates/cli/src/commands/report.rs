//! `driftless report`: what is known of a project, as a page or as a comment.

mod comment;
pub(super) mod facts;

use driftless_diagnostic::Diagnostic;
use driftless_page::html;
use driftless_report::count;

use crate::args::{Format, Global, Report};
use crate::exit::{Exit, Result, Stop};
use crate::placed;
use crate::settings::Settings;
use crate::ui::Ui;

pub(crate) fn run(args: &Report, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    if global.format == Format::Markdown {
        return comment::run(args, &settings, ui);
    }
    let Some(path) = &args.html else {
        return Err(Stop::usage(
            Diagnostic::error("report-of-what", "what to write is not said").help(
                "pass --html FILE for the page, or --format markdown --base REV for a comment",
            ),
        ));
    };
    let facts = facts::gathered(&args.looked, &settings, ui)?;
    let page = html(&facts, &secret()?);
    placed::write(&settings.dir, path, &page)?;
    ui.field("written", path.as_str());
    ui.out(&format!(
        "wrote {path}: {}, {}",
        count(facts.schema.tables.len(), "table"),
        count(facts.history.len(), "migration")
    ));
    Ok(Exit::Ok)
}

/// Text that nobody can guess.
pub(super) fn secret() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        Diagnostic::error(
            "internal",
            format!("the system has no random numbers: {error}"),
        )
    })?;
    Ok(bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}")))
}
