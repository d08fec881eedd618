//! `driftless erd`: tables and references as a picture, or as text that others draw.

use driftless_catalog::Catalog;
use driftless_diagnostic::Diagnostic;
use driftless_page::{Diagram, Layout, dbml, dot, mermaid, svg};
use driftless_report::count;

use crate::args::{Erd, Format, Global};
use crate::database::block_on;
use crate::exit::{Exit, Result, Stop};
use crate::placed;
use crate::scratch::Choice;
use crate::settings::Settings;
use crate::sides::{Side, State};
use crate::ui::Ui;

pub(crate) fn run(args: &Erd, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load_for(global, &[&args.of])?;
    ui.tell_all(&settings.warnings);
    let catalog = catalog(args, &settings, ui)?;
    let mut diagram = Diagram::of_catalog(&catalog)?;
    let unknown = args.only.iter().find(|name| {
        let mut tables = diagram.tables.iter();
        !tables.any(|table| table.path() == **name || table.name == **name)
    });
    if let Some(name) = unknown {
        return Err(Diagnostic::error(
            "unknown-table",
            format!("there is no table `{name}` to draw"),
        )
        .help("write it as in the schema; outside of `public` with its schema: billing.plans")
        .into());
    }
    if !args.only.is_empty() {
        diagram = diagram.around(&args.only, args.depth);
    }
    let text = match global.format {
        Format::Human | Format::Svg => svg(&diagram, &Layout::of(&diagram), true),
        Format::Mermaid => mermaid(&diagram),
        Format::Dot => dot(&diagram),
        Format::Dbml => dbml(&diagram),
        Format::Json => {
            ui.field("diagram", &diagram);
            return Ok(Exit::Ok);
        }
        other => {
            return Err(Stop::usage(
                Diagnostic::error(
                    "format-of-erd",
                    format!("a diagram has no format `{}`", other.word()),
                )
                .help("choose svg, mermaid, dot, dbml or json"),
            ));
        }
    };
    match &args.output {
        Some(path) => {
            placed::write(&settings.dir, path, &text)?;
            ui.out(&format!(
                "wrote {path}: {}",
                count(diagram.tables.len(), "table")
            ));
        }
        None => ui.raw(text.as_bytes()),
    }
    Ok(Exit::Ok)
}

fn catalog(args: &Erd, settings: &Settings, ui: &mut Ui) -> Result<Catalog> {
    let side = Side::parse(&args.of, settings)?;
    block_on(async {
        match side.state(settings, ui).await? {
            State::Declared(catalog) => Ok(catalog),
            other => {
                let scratch = Choice::new(settings, &args.scratch, other.major())?;
                Ok(other.spelled(settings, &scratch, ui).await?.catalog)
            }
        }
    })
}
