//! `driftless check`: schema.ts and the migrations folder agree.

pub(super) mod drift;
mod tsc;

use driftless_catalog::{Outcome, plan};
use driftless_checks::Input;
use driftless_diagnostic::{Diagnostic, Severity};
use driftless_lint::Levels;
use driftless_migrations::folder::Folder;
use driftless_migrations::ledger::{self, MigrationFile};
use driftless_migrations::snapshot::Snapshot;
use driftless_migrations::write;
use driftless_report::{Sheet, count, json};

use crate::args::{Check, Global};
use crate::branches::Branches;
use crate::exit::{Exit, Result};
use crate::lint;
use crate::project::{self, Difference};
use crate::settings::Settings;
use crate::tried;
use crate::ui::Ui;
use tsc::Tsc;

pub(crate) fn run(args: &Check, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load(global)?;
    let mut found = settings.warnings.clone();
    let levels = kept(lint::levels(&settings), &mut found);
    // It takes its time, so it starts first.
    let tsc = (!args.no_tsc).then(|| Tsc::start(&settings)).flatten();
    let (read, evaluated) = project::declared_alongside(&settings, false, || {
        let folder = project::folder(&settings)?;
        let mut found = Vec::new();
        let branches = args.base.as_deref().and_then(|base| {
            let read = Branches::read(base, &settings);
            kept(read.map_err(|stop| stop.failure), &mut found)
        });
        let input = match &branches {
            Some(branches) => Input::new(&folder).beside(branches.base()),
            None => Input::new(&folder),
        };
        found.extend(driftless_checks::run(&input));
        if let (Some(branches), Some(levels)) = (&branches, &levels) {
            found.extend(of_new(&folder, branches, levels)?);
        }
        Ok((folder, found))
    });
    let mut of_folder = Vec::new();
    let folder = kept(read, &mut of_folder).map(|(folder, findings)| {
        of_folder.extend(findings);
        folder
    });
    let evaluated = match &folder {
        Some(folder) => project::unless_ends_empty(evaluated, &settings, folder),
        None => evaluated,
    };
    let declared = kept(evaluated, &mut found).map(|(declared, warnings)| {
        found.extend(warnings);
        declared
    });
    found.append(&mut of_folder);
    // A snapshot that cannot be read, or that two branches have made, is a finding of the folder.
    if let (Some(folder), Some(declared)) = (&folder, &declared)
        && !(driftless_checks::newest_in_doubt(folder) && found.iter().any(is_error))
        && let Ok(newest) = project::newest(folder)
    {
        found.extend(compare(&newest, declared, ui));
        // What SQL files declare only Postgres can read.
        let sql = project::has_sql(&settings, folder)?;
        if sql || args.replay || args.fix || args.database_url.is_some() {
            replay(args, &settings, folder, declared, &mut found, ui)?;
        }
    }
    found.extend(tsc.into_iter().flat_map(Tsc::findings));
    let migrations = folder.as_ref().map_or(0, |folder| folder.migrations.len());
    let tables = declared
        .as_ref()
        .map_or(0, |declared| declared.tables.len());
    Ok(conclude(
        &found,
        args.fail_on.into(),
        (tables, migrations),
        ui,
    ))
}

/// What the linter says about the migrations that the base does not have; without a server, by their
/// text and the snapshots.
fn of_new(
    folder: &Folder,
    branches: &Branches,
    levels: &Levels,
) -> driftless_diagnostic::Result<Vec<Diagnostic>> {
    let files = ledger::files(folder);
    let is_new = |file: &MigrationFile| {
        // What replaces others runs in new databases alone.
        let replaces = file.recorded.as_ref().map_or(0, |line| line.replaces.len());
        replaces == 0 && branches.base().theirs.find(&file.tag).is_none()
    };
    let first = files.iter().position(is_new);
    // A file that is missing is a finding already.
    let Some(first) = first.filter(|_| files.len() == folder.migrations.len()) else {
        return Ok(Vec::new());
    };
    let tried = tried::by_snapshots(folder, &files, first)?;
    let new = files[first..].iter().zip(tried);
    let new = new.filter(|(file, _)| is_new(file)).map(|(_, one)| one);
    Ok(lint::judge(&new.collect::<Vec<_>>(), levels).findings)
}

/// Adds what only Postgres can say, which is the last word about the newest snapshot.
fn replay(
    args: &Check,
    settings: &Settings,
    folder: &Folder,
    declared: &Snapshot,
    found: &mut Vec<Diagnostic>,
    ui: &mut Ui,
) -> Result<()> {
    const STALE: &str = "schema-not-migrated";
    // What else is wrong offline would be found again, with more words.
    if found
        .iter()
        .any(|one| one.severity == Severity::Error && one.code != STALE)
    {
        return Ok(());
    }
    let drift = drift::findings(args, settings, folder, declared, ui)?;
    let in_step = drift.iter().all(|one| one.code != "history-differs");
    let stale = found.iter().position(|one| one.code == STALE);
    found.extend(drift);
    if let (true, Some(at)) = (in_step, stale) {
        found.remove(at);
        ui.field("in_step", true);
        if args.fix {
            if let Some(path) = write::restate(folder, declared)? {
                ui.status(&format!("wrote {path}: it says what the migrations make"));
            }
        } else {
            found.push(
                Diagnostic::error(
                    "snapshot-behind",
                    "the newest snapshot is not what the migrations make, the next `generate` would do a change again",
                )
                .note("a hand-written migration changed what schema.ts declares as well")
                .help("run `driftless snapshot`, or `driftless check --fix`"),
            );
        }
    }
    Ok(())
}

/// `generate --check`: the declared schema against the newest snapshot, and nothing else.
pub(super) fn compare_only(folder: &Folder, declared: &Snapshot, ui: &mut Ui) -> Result<Exit> {
    let newest = project::newest(folder)?;
    let found: Vec<_> = compare(&newest, declared, ui).into_iter().collect();
    let counts = (declared.tables.len(), folder.migrations.len());
    Ok(conclude(&found, Severity::Error, counts, ui))
}

fn conclude(
    found: &[Diagnostic],
    fail_on: Severity,
    (tables, migrations): (usize, usize),
    ui: &mut Ui,
) -> Exit {
    ui.fail_on(fail_on);
    ui.tell_all(found);
    let errors = found.iter().filter(|one| one.severity >= fail_on).count();
    if errors > 0 {
        ui.out(&format!("check failed: {}", count(errors, "finding")));
        return Exit::Failed;
    }
    ui.out(&format!(
        "in step: {}, {}",
        count(tables, "table"),
        count(migrations, "migration")
    ));
    Exit::Ok
}

fn is_error(found: &Diagnostic) -> bool {
    found.severity == Severity::Error
}

/// Takes what there is, and keeps what was wrong as findings.
fn kept<T>(result: driftless_diagnostic::Result<T>, found: &mut Vec<Diagnostic>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(failure) => {
            found.extend(failure.into_diagnostics());
            None
        }
    }
}

/// What the newest snapshot lacks of the declared schema.
fn compare(newest: &Snapshot, declared: &Snapshot, ui: &mut Ui) -> Vec<Diagnostic> {
    let outcome = match project::difference(newest, declared, &[], plan) {
        Ok(Difference::InStep) => {
            ui.field("in_step", true);
            return Vec::new();
        }
        Ok(Difference::Outcome(outcome)) => outcome,
        Err(failure) => return failure.into_diagnostics(),
    };
    ui.field("in_step", false);
    let generate = "run `driftless generate --name what_changed`, look at the SQL and commit it";
    vec![
        match outcome {
            Outcome::Plan(plan) => {
                ui.field("plan", json::Plan::new(&plan, &[]));
                let statements = count(plan.steps.len(), "statement");
                Diagnostic::error(
                    "schema-not-migrated",
                    format!("the schema has changes that no migration holds: {statements} missing"),
                )
                .note(format!(
                    "the missing SQL:\n{}",
                    shortened(&driftless_report::sql(&plan, Sheet::PLAIN))
                ))
            }
            Outcome::Questions(questions) => {
                let all: Vec<json::Question> = questions.iter().map(Into::into).collect();
                ui.field("questions", all);
                let mut diagnostic = Diagnostic::error(
                    "schema-not-migrated",
                    "the schema has changes that no migration holds",
                );
                for question in &questions {
                    let old: Vec<_> = question
                        .candidates
                        .iter()
                        .map(|candidate| candidate.dropped.path())
                        .collect();
                    diagnostic = diagnostic.note(format!(
                        "{} {} is new, or {} under a new name",
                        question.noun,
                        question.created.path(),
                        old.join(" or ")
                    ));
                }
                diagnostic
            }
        }
        .help(generate),
    ]
}

/// Enough to see what it is about.
fn shortened(sql: &str) -> String {
    const LINES: usize = 60;
    let lines: Vec<_> = sql.trim_end().lines().collect();
    let mut text = lines[..lines.len().min(LINES)].join("\n");
    if lines.len() > LINES {
        text += &format!(
            "\n... and {}; `driftless generate --dry-run` shows all",
            count(lines.len() - LINES, "more line")
        );
    }
    text
}
