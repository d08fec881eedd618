//! `driftless plan`: what `migrate` would do to a database, measured in scratch.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use driftless_catalog::{SecurityChange, security_changes};
use driftless_diagnostic::Failure;
use driftless_migrations::ledger::{self, MigrationFile};
use driftless_migrations::run::{self, Measured, MeasuredFile};
use driftless_postgres::Session;
use driftless_report::{Label, Sheet, count};
use serde::Serialize;

use crate::args::{self, Global};
use crate::database::{Connection, block_on};
use crate::exit::{Exit, Result};
use crate::preflight;
use crate::project;
use crate::scratch::Choice;
use crate::settings::Settings;
use crate::sides;
use crate::ui::Ui;

pub(crate) fn run(args: &args::Plan, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    let folder = project::folder(&settings)?;
    let (fatal, told) = driftless_checks::before_running(&folder);
    ui.tell_all(&told);
    if !fatal.is_empty() {
        return Err(Failure::new(fatal).into());
    }
    let files = ledger::files(&folder);
    let target = settings.target(&args.database)?;
    block_on(async {
        let texts: Vec<_> = files.iter().map(|file| &file.source).collect();
        let mut connection = Connection::open(&settings, target, &texts, ui).await?;
        let session = &mut connection.session;
        let planned = planned(args, &settings, &files, session, ui).await;
        connection.close().await;
        let planned = planned?;
        tell(&planned, ui);
        let refused = !planned.in_the_way.is_empty();
        ui.tell_all(
            &planned
                .in_the_way
                .iter()
                .map(preflight::finding)
                .collect::<Vec<_>>(),
        );
        Ok(if refused { Exit::Failed } else { Exit::Ok })
    })
}

/// All that is known beforehand.
struct Planned {
    files: Vec<MeasuredFile>,
    /// Rows and bytes of the tables that are locked.
    sizes: BTreeMap<String, run::TableSize>,
    security: Vec<SecurityChange>,
    in_the_way: Vec<preflight::Found>,
}

async fn planned(
    args: &args::Plan,
    settings: &Settings,
    files: &[MigrationFile],
    session: &mut Session,
    ui: &mut Ui,
) -> Result<Planned> {
    let (applied, pending) = sides::by_ledger(settings, files, session).await?;
    let mut planned = Planned {
        files: Vec::new(),
        sizes: BTreeMap::new(),
        security: Vec::new(),
        in_the_way: Vec::new(),
    };
    if pending.is_empty() {
        return Ok(planned);
    }
    let major = session.server().major();
    let choice = Choice::new(settings, &args.scratch, Some(major))?;
    let before = sides::replayed(applied, settings, &choice, ui).await?;
    let after = sides::replayed(files, settings, &choice, ui).await?;
    planned.security = security_changes(&before.catalog, &after.catalog);
    planned.files = sides::measured(applied, pending, settings, &choice, ui).await?;
    let statements = planned.files.iter().flat_map(|file| &file.statements);
    let tables: Vec<&str> = statements
        .flat_map(|one| one.locks.keys().map(String::as_str))
        .collect();
    planned.sizes = run::sizes(session, &tables).await?;
    if !args.no_preflight {
        let (found, told) = preflight::look(session, &before.catalog, &after.catalog).await?;
        ui.tell_all(&told);
        planned.in_the_way = found;
    }
    Ok(planned)
}

/// One locked table, for programs.
#[derive(Serialize)]
struct Table<'a> {
    name: &'a str,
    /// As statistics estimate them, where there are any.
    rows: Option<i64>,
    bytes: i64,
}

fn tell(planned: &Planned, ui: &mut Ui) {
    ui.field("migrations", &planned.files);
    let sizes = planned.sizes.iter();
    let tables: Vec<Table<'_>> = sizes
        .map(|(name, size)| Table {
            name,
            rows: size.rows,
            bytes: size.bytes,
        })
        .collect();
    ui.field("tables", &tables);
    ui.field("security", &planned.security);
    ui.field("in_the_way", &planned.in_the_way);
    if planned.files.is_empty() {
        ui.out("nothing to do: every migration is applied");
        return;
    }
    let sheet = ui.sheet();
    let mut text = String::new();
    for file in &planned.files {
        let name = sheet.paint(Label::Name, &file.tag);
        let _ = writeln!(
            text,
            "{name} ({})",
            count(file.statements.len(), "statement")
        );
        for one in &file.statements {
            let line = sheet.paint(Label::Faint, format!("line {}", one.line));
            let _ = writeln!(text, "  {line}  {}", one.summary);
            for effect in effects(one, planned, sheet) {
                let _ = writeln!(text, "      {effect}");
            }
        }
    }
    if !planned.security.is_empty() {
        text += "\nwho may do what:\n";
        for change in &planned.security {
            let (sign, label) = if change.gained {
                ("+", Label::Create)
            } else {
                ("-", Label::Drop)
            };
            let _ = writeln!(text, "  {} {}", sheet.paint(label, sign), change.what);
        }
    }
    ui.out(text.trim_end());
}

fn effects(one: &Measured, planned: &Planned, sheet: Sheet) -> Vec<String> {
    let mut said = Vec::new();
    if one.alone {
        said.push("runs outside of a transaction: what it locks was not measured".to_owned());
    }
    let size = |table: &str| {
        let known = planned.sizes.get(table);
        known.map_or_else(String::new, |size| {
            let rows = size.rows.map(|rows| format!("about {rows} rows, "));
            format!(" ({}{})", rows.unwrap_or_default(), megabytes(size.bytes))
        })
    };
    for (table, mode) in &one.locks {
        let shown = size(table);
        let blocks = match run::strength(mode) {
            8 => sheet.paint(Label::Warning, "blocks readers and writers"),
            5..=7 => sheet.paint(Label::Warning, "blocks writers"),
            4 => sheet.paint(Label::Faint, "blocks schema changes"),
            // What a query takes is nothing to speak of.
            _ => continue,
        };
        let mode = mode.trim_end_matches("Lock");
        said.push(format!("locks {table}{shown} in {mode}: {blocks}"));
    }
    for table in &one.rewrites {
        said.push(format!("writes every row of {table}{} anew", size(table)));
    }
    for table in &one.scans {
        said.push(format!("reads every row of {table} under its lock"));
    }
    for index in &one.builds {
        said.push(format!("builds index {index}"));
    }
    said
}

fn megabytes(bytes: i64) -> String {
    match bytes {
        ..1_000_000 => format!("{} kB", bytes / 1000),
        1_000_000..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => {
            let tenths = bytes / 100_000_000;
            format!("{}.{} GB", tenths / 10, tenths % 10)
        }
    }
}
