//! `driftless generate`: the migration that schema.ts needs.

pub(super) mod answers;
pub(super) mod files;
pub(super) mod linted;
mod proven;

use driftless_catalog::{Decision, HazardKind, Outcome, Plan, plan, plan_online};
use driftless_diagnostic::{Diagnostic, Failure, SourceFile};
use driftless_migrations::drizzle;
use driftless_migrations::folder::{Folder, Migration};
use driftless_migrations::record::Kind;
use driftless_migrations::snapshot::Snapshot;
use driftless_migrations::write::Written;
use driftless_report::{Label, count, json};
use serde::Serialize;

use crate::args::{Generate, Global};
use crate::exit::{Exit, Result};
use crate::lint;
use crate::project::{self, Difference};
use crate::scratch::Choice;
use crate::settings::Settings;
use crate::ui::Ui;
use answers::Answers;
use proven::Replayed;

pub(crate) fn run(args: &Generate, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    let levels = lint::levels(&settings)?;
    if args.custom {
        let (folder, found) = read(&settings)?;
        return custom(args, &settings, &sound(folder, found, ui)?, ui);
    }
    let (folder, declared) =
        project::declared_alongside(&settings, args.allow_empty, || read(&settings));
    let (folder, found) = folder?;
    let folder = sound(folder, found, ui)?;
    let (declared, warnings) = project::unless_ends_empty(declared, &settings, &folder)?;
    ui.tell_all(&warnings);
    if args.check {
        return super::check::compare_only(&folder, &declared, ui);
    }
    let mut answers = Answers::of_generate(args, &folder);
    let newest = project::newest(&folder)?;
    // What SQL files declare only Postgres can read.
    let sql = project::has_sql(&settings, &folder)?;
    let replayed = if args.prove || sql {
        let scratch = Choice::new(&settings, &args.scratch, None)?;
        Some(Replayed::read(scratch, &settings, &folder, &declared, ui)?)
    } else if args.no_prove || settings.no_prove() || newest.fingerprint() == declared.fingerprint()
    {
        None
    } else {
        Replayed::at_hand(&args.scratch, &settings, &folder, &declared, ui)?
    };
    if let Some(replayed) = &replayed
        && replayed.is_in_step()?
    {
        if newest.fingerprint() != declared.fingerprint() {
            ui.hint("the newest snapshot is behind the migrations: run `driftless snapshot`");
        }
        return Ok(in_step(&declared, ui));
    }
    let planned = if args.online { plan_online } else { plan };
    let by_snapshot =
        |decisions: &[Decision]| project::difference(&newest, &declared, decisions, planned);
    let found = match &replayed {
        Some(replayed) => replayed.planned(by_snapshot, planned, &mut answers, &settings, ui)?,
        None => answered_plan(by_snapshot, &mut answers, ui)?,
    };
    let Some(plan) = found else {
        answers.all_used(&project::about_managed(&answers.decisions, &declared))?;
        return Ok(in_step(&declared, ui));
    };
    if let Some(replayed) = &replayed {
        replayed.prove(&plan, &settings, ui)?;
    } else {
        ui.field("proven", false);
        ui.tell_all(&bereft(&plan, &folder));
    }
    answers.all_used(&plan.unused)?;
    answers.tell_remembered(&plan, ", which is no longer in the journal", ui);
    ui.field("in_step", false);
    ui.field("plan", json::Plan::new(&plan, &args.answers.allow));
    let lint = |files: Vec<SourceFile>, ui: &mut Ui| {
        let try_out = |files: &[_], ui: &mut Ui| match &replayed {
            Some(replayed) => replayed.try_out(files, &settings, ui),
            None => Ok(Vec::new()),
        };
        let before = || match &replayed {
            Some(replayed) => Ok(replayed.history().clone()),
            None => drizzle::catalog(&newest),
        };
        let try_out: linted::TryOut<'_> = &try_out;
        let try_out = replayed.is_some().then_some(try_out);
        linted::tell(&plan, files, before, try_out, &levels, ui)
    };
    if args.dry_run {
        preview(&plan, &args.answers.allow, ui);
        lint(files::unwritten(&plan), ui)?;
        ui.status("nothing was written");
        return Ok(Exit::Ok);
    }
    ui.out(&driftless_report::plan(&plan, ui.sheet()));
    answers.allow_hazards(&plan, ui)?;
    let written = files::write(
        args.name.as_deref(),
        Kind::Generated,
        &settings,
        &folder,
        &plan,
        &declared,
        replayed.as_ref().and_then(Replayed::scopes),
    )?;
    tell_written(&written, ui);
    lint(files::sources(&written, &settings)?, ui)?;
    notes(&plan, ui);
    ui.hint("look at the SQL, then run `driftless migrate`");
    Ok(Exit::Ok)
}

/// Without a replay nobody knows what hand-written migrations have put on what is made anew.
fn bereft(plan: &Plan, folder: &Folder) -> Option<Diagnostic> {
    let mut tags = folder.migrations.iter().map(Migration::tag);
    if !tags.any(|tag| folder.kind(tag) == Kind::Custom) {
        return None;
    }
    // What is a part of a table or a view carries little of its own.
    let rebuilt = plan.rebuilt().into_iter().filter(|id| id.parent.is_empty());
    let rebuilt: Vec<String> = rebuilt.map(ToString::to_string).collect();
    let verb = if rebuilt.len() == 1 { "is" } else { "are" };
    let message = format!("{} {verb} dropped and created again", rebuilt.join(", "));
    (!rebuilt.is_empty()).then(|| {
        Diagnostic::warning("rebuilt-unproven", message)
            .note(
                "grants, comments and triggers that hand-written migrations gave are lost with it",
            )
            .help("with --prove the migrations are replayed, and what they gave is given back")
    })
}

/// What the folder's rules find: what stops the command, and what only has to be told.
type Found = (Vec<Diagnostic>, Vec<Diagnostic>);

/// The folder, its newest snapshot read, and what is wrong with it.
pub(super) fn read(settings: &Settings) -> driftless_diagnostic::Result<(Folder, Found)> {
    let folder = project::folder(settings)?;
    let found = project::obstacles(&folder);
    Ok((folder, found))
}

/// The folder, if it can be built upon.
pub(super) fn sound(folder: Folder, (obstacles, told): Found, ui: &mut Ui) -> Result<Folder> {
    ui.tell_all(&told);
    if obstacles.is_empty() {
        return Ok(folder);
    }
    Err(Failure::new(obstacles).into())
}

/// Plans, asking until every rename is decided; `None` when there is nothing to do.
pub(super) fn answered_plan(
    difference: impl Fn(&[Decision]) -> driftless_diagnostic::Result<Difference>,
    answers: &mut Answers<'_>,
    ui: &mut Ui,
) -> Result<Option<Plan>> {
    loop {
        match difference(&answers.decisions)? {
            Difference::InStep => return Ok(None),
            Difference::Outcome(Outcome::Plan(plan)) => return Ok(Some(plan)),
            // An answer can settle other questions: one at a time.
            Difference::Outcome(Outcome::Questions(questions)) => answers.ask(&questions, ui)?,
        }
    }
}

fn in_step(declared: &Snapshot, ui: &mut Ui) -> Exit {
    ui.field("in_step", true);
    ui.field("written", Vec::<File<'_>>::new());
    let tables = count(declared.tables.len(), "table");
    ui.out(&format!(
        "nothing to generate: the newest snapshot has the schema as declared ({tables})"
    ));
    Exit::Ok
}

/// What would be written, and what would stand in the way.
pub(super) fn preview(plan: &Plan, allowed: &[HazardKind], ui: &mut Ui) {
    let sheet = ui.sheet();
    ui.out(&driftless_report::plan(plan, sheet));
    let hazards = driftless_report::hazards(plan, allowed, sheet);
    if !hazards.is_empty() {
        ui.out(&format!("\n{hazards}"));
    }
    ui.out(&format!("\n{}", driftless_report::sql(plan, sheet)));
}

fn custom(args: &Generate, settings: &Settings, folder: &Folder, ui: &mut Ui) -> Result<Exit> {
    if args.dry_run {
        ui.out("would write an empty migration, and a snapshot that carries the state on");
        return Ok(Exit::Ok);
    }
    let written = files::write_custom(args, settings, folder)?;
    tell_written(&written, ui);
    if let Some(first) = written.first() {
        ui.hint(&format!(
            "write your SQL into {}, then run `driftless migrate`",
            first.script
        ));
    }
    Ok(Exit::Ok)
}

/// A migration that exists now, for programs.
#[derive(Serialize)]
struct File<'a> {
    tag: &'a str,
    path: &'a str,
    snapshot: &'a str,
}

pub(super) fn tell_written(written: &[Written], ui: &mut Ui) {
    let files: Vec<_> = written
        .iter()
        .map(|one| File {
            tag: &one.tag,
            path: &one.script,
            snapshot: &one.snapshot,
        })
        .collect();
    ui.field("written", files);
    for one in written {
        let path = ui.sheet().paint(Label::Path, &one.script);
        ui.out(&format!("wrote {path}"));
    }
}

/// What other tools cannot do with these files.
pub(super) fn notes(plan: &Plan, ui: &mut Ui) {
    let batches = plan.batches();
    if batches.len() > 1 {
        ui.tell(
            &Diagnostic::info(
                "several-migrations",
                "the change takes several files, each of which has to be committed before the next",
            )
            .note(
                "drizzle-orm's own migrator runs all pending files in one transaction: \
                 there, apply them one at a time",
            ),
        );
    }
    let alone = batches.iter().filter(|batch| !batch.in_transaction).count();
    if alone > 0 {
        let (files, refuses, them) = match alone {
            1 => (
                "one file begins".to_owned(),
                "its statement refuses",
                "that file",
            ),
            more => (
                format!("{more} files begin"),
                "their statements refuse",
                "those files",
            ),
        };
        ui.tell(
            &Diagnostic::info(
                "no-transaction",
                format!("{files} with `-- driftless: no-transaction`: {refuses} to run in one"),
            )
            .note(format!("drizzle-orm's own migrator cannot run {them}")),
        );
    }
    if plan.steps.iter().any(|step| step.backfill.is_some()) {
        ui.tell(
            &Diagnostic::info(
                "backfill-to-complete",
                "rows that hold NULL stop the migration that ends in `_backfill`",
            )
            .help(
                "say in that file which value they get, or leave it as it is where there are none",
            ),
        );
    }
}
