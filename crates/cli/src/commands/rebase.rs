//! `driftless rebase`: this branch's migrations behind those of another one.

mod again;
mod behind;
mod edits;
mod later;
mod proven;

use driftless_catalog::Decision;
use driftless_diagnostic::{Diagnostic, Failure, Severity};
use driftless_migrations::folder::{Files, Folder, Migration};
use driftless_migrations::ledger::MigrationFile;
use driftless_migrations::run;
use driftless_migrations::snapshot::Snapshot;
use driftless_migrations::tokens::{Edit, token_hash};
use driftless_migrations::write::{self, Written};
use driftless_migrations::{conflict, sha256};
use driftless_postgres::connect;
use driftless_report::{Label, count};
use serde::Serialize;

use super::generate::files;
use crate::args::{Global, Rebase};
use crate::branches;
use crate::database::block_on;
use crate::exit::{Exit, Result};
use crate::git::{Git, Revision};
use crate::project;
use crate::settings::{Settings, Target};
use crate::ui::Ui;
use again::{Again, Fate};
use behind::Behind;
use later::Later;

pub(crate) fn run(args: &Rebase, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    let (dir, shown) = (&settings.config.out, settings.folder_shown());
    write::take_back(dir, shown)?;
    let git = Git::open(&settings)?;
    let base = git.base(args.base.as_deref())?;
    ui.field("base", &base.name);
    let onto = Onto::read(&git, &base, &settings)?;
    let disk = Files::read(dir, shown)?;
    let later = later::find(&git, &disk, &onto.folder, &settings)?;
    if is_behind(&disk, &onto.folder, &later, shown) {
        return Ok(nothing(&later, &onto.folder, &base, ui));
    }
    if let Some(url) = &args.database_url {
        not_applied(url, &later, &settings, ui)?;
    }
    let taken = onto.missing_in(&disk);
    let stays = onto.with_disk(&disk, &base, shown)?;
    let sql = project::has_sql(&settings, &onto.folder)?;
    // Before the merge schema.ts knows nothing of what the base has made since.
    let declared = if taken.is_empty() {
        declared(&settings, &onto.folder, ui)?
    } else {
        None
    };
    let seen = match &declared {
        Some(declared) if sql && !args.no_prove => {
            Behind::new(args, &settings, &base, &onto.folder, &later, declared)?.look(ui)?
        }
        _ => None,
    };
    let again = Again::new(
        args,
        &settings,
        &onto.folder,
        &later,
        declared.as_ref(),
        &base,
    )?;
    let mut again = again.with(seen);
    for (at, one) in later.iter().enumerate() {
        again.add(one, &later[at + 1..], ui)?;
    }
    let (moved, fates) = again.end()?;
    tell(&taken, &fates, &base, ui);
    if args.dry_run {
        ui.status("nothing was written");
        return Ok(Exit::Ok);
    }
    let mut old: Vec<String> = later.iter().map(|one| one.tag.clone()).collect();
    for tag in disk.tags() {
        if later::is_replaced(tag, &disk, &onto.folder, shown)? {
            old.push(tag.to_owned());
        }
    }
    let rebase = write::Rebase {
        dir,
        shown,
        disk: &disk,
        base_files: &stays,
        base: &onto.folder,
        old: &old,
    };
    let written = write::rebase(&rebase, &moved, &files::options(&settings))?;
    tell_written(&written, &fates, ui);
    conclude(args, &settings, declared.as_ref(), &base, ui)
}

/// The folder that stays.
struct Onto {
    files: Files,
    folder: Folder,
}

impl Onto {
    fn read(git: &Git, base: &Revision, settings: &Settings) -> Result<Self> {
        let files = git.files(&base.commit, |_| true)?;
        let folder = branches::folder(&files, base, settings)?;
        let (obstacles, _) = project::obstacles(&folder);
        if !obstacles.is_empty() {
            return Err(branches::there(obstacles, base).into());
        }
        Ok(Self { files, folder })
    }

    /// Migrations that are not on disk: the base got them since it was merged, if it was.
    fn missing_in(&self, disk: &Files) -> Vec<String> {
        let tags = self.folder.migrations.iter().map(Migration::tag);
        let missing = tags.filter(|tag| disk.bytes(&format!("{tag}.sql")).is_none());
        missing.map(str::to_owned).collect()
    }

    /// The base's files; where only line endings differ, as they are on disk. What was changed on
    /// disk is not silently put back.
    fn with_disk(&self, disk: &Files, base: &Revision, shown: &str) -> Result<Files> {
        let mut stays = self.files.clone();
        let mut changed = Vec::new();
        for script in self
            .folder
            .migrations
            .iter()
            .filter_map(|one| one.script.as_ref())
        {
            let inside = format!("{}.sql", script.tag);
            let Some(there) = disk.source(shown, &inside)? else {
                continue;
            };
            let text = there.text();
            if sha256(text.as_bytes()) == script.hash || conflict::marker(text).is_some() {
                continue;
            }
            let tokens = token_hash(script.source.text());
            match Edit::since(&script.hash, Some(&tokens), text) {
                Edit::LineEndings => stays.insert(inside, text),
                edit => changed.push(
                    Diagnostic::error(
                        "base-migration-changed",
                        format!(
                            "{} is not what it is on {}, {}",
                            there.path(),
                            base.name,
                            edit.describe()
                        ),
                    )
                    .note("nothing was written")
                    .help(format!(
                        "take it back: git checkout {} -- {}",
                        base.name,
                        there.path()
                    )),
                ),
            }
        }
        if changed.is_empty() {
            Ok(stays)
        } else {
            Err(Failure::new(changed).into())
        }
    }
}

/// What schema.ts declares, once it is merged.
fn declared(settings: &Settings, base: &Folder, ui: &mut Ui) -> Result<Option<Snapshot>> {
    let declared = project::declared(settings, false);
    let declared = project::unless_ends_empty(declared, settings, base).map_err(|failure| {
        let found = failure.into_diagnostics().into_iter();
        Failure::new(
            found
                .map(|one| one.note("nothing was written: the schema is merged first"))
                .collect(),
        )
    })?;
    ui.tell_all(&declared.1);
    Ok(Some(declared.0))
}

/// Whether all is as it is to be: the base's migrations first, and nothing wrong with the rest.
fn is_behind(disk: &Files, base: &Folder, later: &[Later], shown: &str) -> bool {
    let Ok(folder) = Folder::from_files(shown, disk) else {
        return false;
    };
    let expected = base.migrations.iter().map(Migration::tag);
    let expected = expected.chain(later.iter().map(|one| one.tag.as_str()));
    folder.migrations.iter().map(Migration::tag).eq(expected)
        && project::findings(&folder)
            .iter()
            .all(|one| one.severity < Severity::Error || one.code == "migration-not-in-journal")
}

fn nothing(later: &[Later], folder: &Folder, base: &Revision, ui: &mut Ui) -> Exit {
    ui.field("moved", Vec::<Move<'_>>::new());
    let behind = match (later.len(), folder.migrations.last()) {
        (0, _) => format!("{} has every migration that is here", base.name),
        (1, Some(last)) => format!("{} is behind {} already", later[0].tag, last.tag()),
        (n, Some(last)) => format!(
            "{} are behind {} already",
            count(n, "migration"),
            last.tag()
        ),
        (_, None) => format!("{} has no migration", base.name),
    };
    ui.out(&format!("nothing to rebase: {behind}"));
    Exit::Ok
}

/// A migration that a database has is known there by its old place for ever.
fn not_applied(url: &str, later: &[Later], settings: &Settings, ui: &mut Ui) -> Result<()> {
    let database = crate::args::Database {
        database_url: Some(url.to_owned()),
        ..crate::args::Database::default()
    };
    let Target::Server { options, .. } = settings.target(&database)? else {
        return Err(Diagnostic::error("internal", "a URL leads to no server").into());
    };
    ui.status(&format!("database: {options} (from --database-url)"));
    let files: Vec<MigrationFile> = later.iter().map(Later::file).collect();
    let status = block_on(async {
        let session = connect(&options).await?;
        let status = run::status(&session, &files, &settings.ledger()).await;
        session.close().await;
        Ok(status?)
    })?;
    let applied = status
        .migrations
        .iter()
        .filter(|one| one.state.is_applied());
    let found: Vec<_> = applied
        .map(|one| {
            Diagnostic::error(
                "migration-applied",
                format!("the database has run {}, under a new number it would run it again", one.tag),
            )
            .note("nothing was written")
            .help("make that database anew, where it is one for trying things out")
            .help(format!(
                "where it is not, {} stays where it is, and the base's migrations go behind it: run \
                 `driftless rebase` on the other branch",
                one.tag
            ))
        })
        .collect();
    if found.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(found).into())
    }
}

/// What became of one migration, for programs.
#[derive(Serialize)]
struct Move<'a> {
    old: &'a str,
    /// Absent where it is not needed any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<&'a str>,
    /// `text-kept`, `same-sql`, `generated-again`, `with-another` or `not-needed`.
    how: &'static str,
}

fn tell(taken: &[String], fates: &[Fate], base: &Revision, ui: &mut Ui) {
    for tag in taken {
        ui.out(&format!("{tag} is taken from {}", base.name));
    }
    for fate in fates {
        let tag = ui.sheet().paint(Label::Path, &fate.old);
        ui.out(&match fate.how {
            "not-needed" => format!("{tag}: left out, {} makes its change already", base.name),
            "with-another" => format!("{tag}: another file of the change before it"),
            "text-kept" => format!("{tag}: moved, its text as it is"),
            "same-sql" => format!("{tag}: moved and generated again, with the same SQL"),
            _ => format!("{tag}: moved and generated again, its SQL is another one now:"),
        });
        if let Some(plan) = &fate.plan {
            let sql = driftless_report::sql(plan, ui.sheet());
            ui.out(sql.trim_end());
        }
    }
}

fn tell_written(written: &[Written], fates: &[Fate], ui: &mut Ui) {
    let mut rest = written.iter();
    let mut moves = Vec::new();
    for fate in fates {
        let mut news: Vec<_> = rest.by_ref().take(fate.files).collect();
        if news.is_empty() {
            moves.push(Move {
                old: &fate.old,
                new: None,
                how: fate.how,
            });
        }
        for new in news.drain(..) {
            let path = ui.sheet().paint(Label::Path, &new.script);
            ui.out(&format!("wrote {path} for {}", fate.old));
            moves.push(Move {
                old: &fate.old,
                new: Some(&new.tag),
                how: fate.how,
            });
        }
    }
    ui.field("moved", moves);
}

/// The folder is read again: it has to be sound now.
fn conclude(
    args: &Rebase,
    settings: &Settings,
    declared: Option<&Snapshot>,
    base: &Revision,
    ui: &mut Ui,
) -> Result<Exit> {
    let folder = project::folder(settings)?;
    let (obstacles, _) = project::obstacles(&folder);
    if !obstacles.is_empty() {
        return Err(Failure::new(obstacles).into());
    }
    ui.status(&format!(
        "rewrote journal, snapshots and record of {}",
        folder.shown
    ));
    if !proven::holds(args, settings, &folder, declared, ui)? {
        return Ok(Exit::Failed);
    }
    if declared.is_none() {
        let sql = !settings.schema()?.sql.is_empty();
        let schema = if sql { "the schema" } else { "schema.ts" };
        ui.hint(&format!(
            "now merge {}: until then `driftless check` says that {schema} is behind",
            base.name
        ));
    } else {
        let shown = &folder.shown;
        ui.hint(&format!("look at it, then `git add {shown}` and commit"));
    }
    ui.hint(
        "a database that has run a migration under its old number would run it again: make it anew",
    );
    Ok(Exit::Ok)
}

/// A decision as it was written down.
fn decisions(record: &driftless_migrations::record::Decisions) -> Vec<Decision> {
    let renames = record.renames.iter();
    let renames = renames.filter_map(|text| Decision::parse_rename(text));
    renames
        .chain(record.creates.iter().cloned().map(Decision::Create))
        .collect()
}
