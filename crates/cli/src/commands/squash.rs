//! `driftless squash`: the first migrations replaced by one that makes the same.

mod rows;

use driftless_catalog::{Catalog, Id, Plan, Space, Step};
use driftless_diagnostic::{Diagnostic, Failure, SourceFile};
use driftless_migrations::folder::Folder;
use driftless_migrations::ledger::MigrationFile;
use driftless_migrations::record::{Decisions, Kind};
use driftless_migrations::write::{self, NewMigration};
use driftless_postgres::{Reading, identifier, literal};
use driftless_report::{Label, Sheet, count};

use super::generate;
use crate::args::{Global, Squash};
use crate::database::block_on;
use crate::exit::{Exit, Result};
use crate::project;
use crate::proof::without_renames;
use crate::scratch::{Choice, Engine};
use crate::settings::Settings;
use crate::sides;
use crate::ui::Ui;
use rows::Rows;

pub(crate) fn run(args: &Squash, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    let (folder, found) = generate::read(&settings)?;
    let folder = generate::sound(folder, found, ui)?;
    let old = sides::history(&folder, args.to.as_deref())?;
    if old.len() < 2 {
        return Err(too_few(&folder, &old).into());
    }
    let tags: Vec<&str> = old.iter().map(|file| file.tag.as_str()).collect();
    ui.field("replaced", &tags);
    let scratch = Choice::new(&settings, &args.scratch, None)?;
    let squashed = block_on(Squashed::of(&old, args, &settings, &scratch, ui))?;
    ui.field("proven", true);
    ui.field("rows", squashed.rows.total());
    ui.status(&format!(
        "proven in scratch: it makes what {} make{}",
        count(old.len(), "migration"),
        squashed.rows.kept()
    ));
    if args.dry_run {
        let chunks: Vec<_> = squashed
            .chunks
            .iter()
            .map(|chunk| chunk.trim_end())
            .collect();
        ui.out(&chunks.join("\n"));
        ui.status("nothing was written");
        return Ok(Exit::Ok);
    }
    let new = NewMigration {
        name: Some(args.name.clone()),
        chunks: squashed.chunks,
        kind: Kind::Custom,
        draft: false,
        snapshot: None,
        decisions: Decisions::default(),
        scopes: folder.record.scopes().map(<[String]>::to_vec),
    };
    let written = write::squash(&folder, old.len(), &new)?;
    // It has to be sound as it is now.
    let (obstacles, _) = project::obstacles(&project::folder(&settings)?);
    if !obstacles.is_empty() {
        return Err(Failure::new(obstacles).into());
    }
    ui.field("written", &written.tag);
    let path = ui.sheet().paint(Label::Path, &written.script);
    ui.out(&format!(
        "wrote {path} for {} to {}",
        tags[0],
        tags[tags.len() - 1]
    ));
    ui.hint("databases that have run all of them are recognised; one that has run only some is to be migrated with the folder as it was");
    Ok(Exit::Ok)
}

/// One migration that makes what several make.
struct Squashed {
    /// Its statements.
    chunks: Vec<String>,
    rows: Rows,
}

impl Squashed {
    async fn of(
        old: &[MigrationFile],
        args: &Squash,
        settings: &Settings,
        scratch: &Choice,
        ui: &mut Ui,
    ) -> Result<Self> {
        let made = sides::replayed(old, settings, scratch, ui).await?;
        let bare = sides::bare(settings, scratch, ui).await?;
        all_known(&made, &bare)?;
        if let Engine::Server(_) = scratch.engine {
            refuse_roles_there(&made.catalog, &bare.catalog)?;
        }
        let plan = without_renames(&bare.catalog, &made.catalog, &[])?;
        let mut chunks = statements(&plan)?;
        let mut rows = Rows::counted(old, &made.catalog, settings, scratch, ui).await?;
        if args.without_rows {
            ui.tell_all(&rows.left_out());
        } else {
            chunks.extend(rows.statements(old));
        }
        if chunks.is_empty() {
            return Err(Diagnostic::error(
                "nothing-to-squash",
                "the migrations make nothing, so that there is nothing to make in their place",
            )
            .help("delete them and their journal entries, where no database has run them")
            .into());
        }
        let script = SourceFile::new(format!("{}.sql", args.name), chunks.join("\n"));
        let new = [MigrationFile::of_script(script)];
        let new = new.as_slice();
        let again = sides::replayed(new, settings, scratch, ui).await;
        let again = again.map_err(|mut stop| {
            stop.failure = not_written(stop.failure);
            stop
        })?;
        same(&made.catalog, &again.catalog)?;
        if !args.without_rows {
            let after = Rows::counted(new, &made.catalog, settings, scratch, ui).await?;
            rows.same_as(&after)?;
        }
        Ok(Self { chunks, rows })
    }
}

/// The plan's statements; what belongs to the cluster may have been made for another database of it.
fn statements(plan: &Plan) -> Result<Vec<String>> {
    let batches = plan.batches();
    if let Some(alone) = batches.iter().find(|batch| !batch.in_transaction) {
        let step = &alone.steps[0];
        return Err(Diagnostic::error(
            "squash-in-parts",
            format!(
                "{} cannot be made together with the rest: its statement runs alone",
                step.object
            ),
        )
        .note("nothing was written")
        .help(
            "leave the migration that makes it as it is: squash up to the one before it with --to",
        )
        .into());
    }
    let steps = batches.iter().flat_map(|batch| &batch.steps);
    Ok(steps.map(|step| guarded(step) + "\n").collect())
}

fn guarded(step: &Step) -> String {
    let id = &step.object;
    let is_new_role = id.kind.space() == Space::Role && step.sql.starts_with("CREATE ");
    if !is_new_role {
        return step.sql.clone();
    }
    let sql = step.sql.replace('\n', "\n    ");
    format!(
        "DO $role$ BEGIN\n  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {}) THEN\n    {sql}\n  END IF;\nEND $role$;",
        literal(&id.name)
    )
}

/// On a server with other databases it cannot be told which of its roles the migrations make.
fn refuse_roles_there(made: &Catalog, bare: &Catalog) -> Result<()> {
    let own = |id: &Id| !bare.contains(id);
    let objects = made.objects().filter(|(id, _)| own(id));
    let named: std::collections::BTreeSet<String> =
        objects.flat_map(|(_, object)| object.roles()).collect();
    let there = bare.objects().map(|(id, _)| id);
    let there =
        there.filter(|id| id.kind.space() == Space::Role && named.contains(id.name.as_str()));
    let found: Vec<Diagnostic> = there
        .map(|id| {
            Diagnostic::error(
                "role-there-already",
                format!("the scratch server has {id} already, so that it is not known whether the migrations make it"),
            )
            .note("nothing was written")
            .help("use another server for scratch, or none: --scratch native, --scratch embedded")
            .help(format!("or drop it there: DROP ROLE {}", identifier(&id.name)))
        })
        .collect();
    if found.is_empty() {
        return Ok(());
    }
    Err(Failure::new(found).into())
}

/// What no plan can make would be missing from a new database, whoever looks after it elsewhere.
fn all_known(made: &Reading, bare: &Reading) -> Result<()> {
    let unknown = made.unmodelled.iter();
    let unknown = unknown.filter(|what| !bare.unmodelled.contains(what));
    let found: Vec<Diagnostic> = unknown
        .map(|what| {
            Diagnostic::error(
                "unmodelled",
                format!("{what}, which the migrations make, would not be in a new database: Driftless does not know such objects"),
            )
            .note("nothing was written")
            .help("leave the migration that makes it as it is: squash up to the one before it with --to")
        })
        .collect();
    if found.is_empty() {
        return Ok(());
    }
    Err(Failure::new(found).into())
}

/// An error unless both are the same, whichever way one looks.
fn same(made: &Catalog, again: &Catalog) -> Result<()> {
    let mut rest = without_renames(again, made, &[])?;
    if rest.is_empty() {
        rest = without_renames(made, again, &[])?;
    }
    if rest.is_empty() {
        return Ok(());
    }
    Err(Diagnostic::error(
        "unproven",
        "one migration does not come to what the others come to: nothing was written",
    )
    .note(format!(
        "still missing after it:\n{}",
        driftless_report::sql(&rest, Sheet::PLAIN).trim_end()
    ))
    .help("this is a bug: please report the migrations")
    .into())
}

fn not_written(failure: Failure) -> Failure {
    let found = failure.into_diagnostics().into_iter();
    Failure::new(found.map(|one| one.note("nothing was written")).collect())
}

fn too_few(folder: &Folder, old: &[MigrationFile]) -> Diagnostic {
    let message = match old {
        [] => format!("the folder {} holds no migration", folder.shown),
        _ => "there is one migration to squash, and it is one already".to_owned(),
    };
    Diagnostic::error("nothing-to-squash", message)
        .help("`driftless status` lists the migrations; --to names the last one to replace")
}
