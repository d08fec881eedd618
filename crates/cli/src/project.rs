//! A project on disk: the declared schema, the migrations folder, and the way from one to the other.

use std::borrow::Cow;

use camino::Utf8PathBuf;
use driftless_catalog::{Catalog, Decision, Decisions, Outcome};
use driftless_checks::Input;
use driftless_diagnostic::{Diagnostic, Severity};
use driftless_migrations::drizzle;
use driftless_migrations::folder::Folder;
use driftless_migrations::snapshot::Snapshot;
use driftless_sources::script::{self, Kept, Limits, SchemaRequest};
use driftless_sources::sql::SqlFile;

use crate::settings::Settings;

/// How the declared schema and the newest snapshot differ.
pub(crate) enum Difference {
    /// Not at all.
    InStep,
    /// In a way that a plan or questions describe.
    Outcome(Outcome),
}

/// `plan`, or `plan_online`.
pub(crate) type Planned =
    fn(&Catalog, &Catalog, &Decisions) -> driftless_diagnostic::Result<Outcome>;

/// Evaluates `schema.ts`; the second part are warnings. A schema that declares nothing is an
/// error unless it is meant, or SQL files declare something.
pub(crate) fn declared(
    settings: &Settings,
    allow_empty: bool,
) -> driftless_diagnostic::Result<(Snapshot, Vec<Diagnostic>)> {
    let schema = settings.schema()?;
    // Where SQL files say everything there is nothing to evaluate.
    if schema.scripts.is_empty() && !schema.sql.is_empty() {
        return Ok((Snapshot::empty(), Vec::new()));
    }
    // They may hold all the tables there are.
    let allow_empty = allow_empty || !schema.sql.is_empty();
    let declared = script::load(&request(settings, schema.scripts, allow_empty))?;
    Ok((declared.snapshot, declared.warnings))
}

/// Every script that the schema is made of.
pub(crate) fn files(settings: &Settings) -> driftless_diagnostic::Result<Vec<Utf8PathBuf>> {
    let schema = settings.schema()?;
    if schema.scripts.is_empty() {
        return Ok(Vec::new());
    }
    Ok(script::load(&request(settings, schema.scripts, true))?.files)
}

fn request(settings: &Settings, files: Vec<String>, allow_empty: bool) -> SchemaRequest {
    SchemaRequest {
        root: settings.config.dir.clone(),
        files,
        casing: settings.config.casing,
        env: settings.env.clone(),
        limits: Limits::default(),
        allow_empty,
        kept: kept(settings),
    }
}

/// Where large schemas are kept: apart for each build of this program.
fn kept(settings: &Settings) -> Option<Kept> {
    let program = std::env::current_exe().ok()?;
    let made = program.metadata().ok()?;
    let age = made.modified().ok()?.duration_since(std::time::UNIX_EPOCH);
    Some(Kept {
        folder: settings.cache().join("schemas"),
        maker: format!("{} {}", made.len(), age.ok()?.as_nanos()),
    })
}

/// The SQL files that declare something besides `schema.ts`, or instead of it.
pub(crate) fn declared_sql(settings: &Settings) -> driftless_diagnostic::Result<Vec<SqlFile>> {
    let root = &settings.dir;
    let files = settings.schema()?.sql;
    files.iter().map(|file| SqlFile::read(root, file)).collect()
}

/// Whether SQL files declare something, or did when the last migration was generated: a part that
/// no snapshot holds.
pub(crate) fn has_sql(settings: &Settings, folder: &Folder) -> driftless_diagnostic::Result<bool> {
    let did = folder.record.scopes().is_some_and(|some| !some.is_empty());
    Ok(did || !settings.schema()?.sql.is_empty())
}

/// Evaluates `schema.ts` on a thread of its own while this one does something else.
pub(crate) fn declared_alongside<T>(
    settings: &Settings,
    allow_empty: bool,
    meanwhile: impl FnOnce() -> T,
) -> (T, driftless_diagnostic::Result<(Snapshot, Vec<Diagnostic>)>) {
    std::thread::scope(|scope| {
        let evaluation = scope.spawn(|| declared(settings, allow_empty));
        let other = meanwhile();
        let declared = evaluation
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (other, declared)
    })
}

/// Evaluates again where the schema declares nothing and the history ends with nothing as well:
/// then that is no surprise.
pub(crate) fn unless_ends_empty(
    declared: driftless_diagnostic::Result<(Snapshot, Vec<Diagnostic>)>,
    settings: &Settings,
    folder: &Folder,
) -> driftless_diagnostic::Result<(Snapshot, Vec<Diagnostic>)> {
    match declared {
        Err(failure)
            if failure.diagnostics().iter().any(|d| d.code == "no-tables")
                && ends_empty(folder) =>
        {
            self::declared(settings, true)
        }
        other => other,
    }
}

fn ends_empty(folder: &Folder) -> bool {
    !folder.migrations.is_empty()
        && newest(folder).is_ok_and(|newest| {
            newest.tables.is_empty() && newest.views.is_empty() && newest.enums.is_empty()
        })
}

/// The newest snapshot, or the state before the first.
pub(crate) fn newest(folder: &Folder) -> driftless_diagnostic::Result<Cow<'_, Snapshot>> {
    match folder.newest() {
        Some((_, snapshot)) => Ok(Cow::Borrowed(snapshot.read()?)),
        None => Ok(Cow::Owned(Snapshot::empty())),
    }
}

/// Reads the migrations folder; what is wrong with single migrations stays to be told.
pub(crate) fn folder(settings: &Settings) -> driftless_diagnostic::Result<Folder> {
    Folder::read_shown_as(&settings.config.out, settings.folder_shown())
}

/// Compares two states of one project; `planned` is the way of planning.
pub(crate) fn difference(
    newest: &Snapshot,
    declared: &Snapshot,
    decisions: &[Decision],
    planned: Planned,
) -> driftless_diagnostic::Result<Difference> {
    // Equal by far most of the time, and seen without a catalog.
    let equal = newest.tables == declared.tables
        && newest.enums == declared.enums
        && newest.schemas == declared.schemas
        && newest.sequences == declared.sequences
        && newest.roles == declared.roles
        && newest.policies == declared.policies
        && newest.views == declared.views;
    if equal {
        return Ok(Difference::InStep);
    }
    let (from, to) = std::thread::scope(|scope| {
        let from = scope.spawn(|| drizzle::catalog(newest));
        let to = drizzle::catalog(declared);
        let from = from.join();
        (
            from.unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            to,
        )
    });
    let (from, to) = (from?, to?);
    let mut outcome = planned(&from, &to, decisions)?;
    if let Outcome::Plan(plan) = &mut outcome {
        plan.unused = without_new(std::mem::take(&mut plan.unused), &from, &to);
        plan.unused = about_managed(&plan.unused, declared);
    }
    Ok(match outcome {
        Outcome::Plan(plan) if plan.is_empty() && plan.unused.is_empty() => Difference::InStep,
        outcome => Difference::Outcome(outcome),
    })
}

/// What is wrong with the folder, all of it.
pub(crate) fn findings(folder: &Folder) -> Vec<Diagnostic> {
    driftless_checks::run(&Input::new(folder))
}

/// What keeps the folder from being built upon: the next snapshot would continue from a wrong one.
/// The second part only has to be told.
pub(crate) fn obstacles(folder: &Folder) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
    let mut found = findings(folder);
    // One that was lost is no obstacle by itself; what follows from it may be.
    let is_obstacle =
        |one: &Diagnostic| one.severity == Severity::Error && one.code != "migration-lost";
    if !found.iter().any(is_obstacle) {
        found = driftless_checks::run(&Input::in_full(folder));
    }
    let found = found
        .into_iter()
        // The next write clears away what an interrupted one left.
        .filter(|found| found.code != "write-interrupted" && found.severity > Severity::Info)
        .map(|found| match found.code {
            // Taken out of journal and folder: what was decided then is used again.
            "migration-lost" => warned(found),
            _ => found,
        });
    found.partition(|found| found.severity == Severity::Error)
}

fn warned(found: Diagnostic) -> Diagnostic {
    Diagnostic {
        severity: Severity::Warning,
        ..found
    }
}

/// Leaves out renames of existing views: those are managed elsewhere, and no slip of the pen.
pub(crate) fn about_managed(decisions: &[Decision], declared: &Snapshot) -> Vec<Decision> {
    let managed = |decision: &&Decision| match decision {
        Decision::Rename(_, new) => !existing_view(declared, new),
        Decision::Create(_) => true,
    };
    decisions.iter().filter(managed).cloned().collect()
}

/// Whether a snapshot has a view of this name that it does not manage.
fn existing_view(snapshot: &Snapshot, name: &str) -> bool {
    let view = snapshot.views.get(name);
    let view = view.or_else(|| snapshot.views.get(&format!("public.{name}")));
    view.is_some_and(|view| view.is_existing)
}

/// Leaves out what the difference knows of: a name that is new may be called new even where
/// nothing could have been mistaken for it.
fn without_new(unused: Vec<Decision>, from: &Catalog, to: &Catalog) -> Vec<Decision> {
    let has = |catalog: &Catalog, name: &str| {
        catalog
            .objects()
            .any(|(id, _)| id.path() == name || id.full_path() == name)
    };
    unused
        .into_iter()
        .filter(|decision| match decision {
            Decision::Create(name) => !has(to, name) || has(from, name),
            Decision::Rename(..) => true,
        })
        .collect()
}
