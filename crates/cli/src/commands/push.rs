//! `driftless push`: a development database becomes what is declared, without a migration.

use std::collections::BTreeSet;

use driftless_catalog::{
    Catalog, Decision, HazardKind, Id, Object, Outcome, Plan, Tag, Words, completed, plan,
    tables_with_rows,
};
use driftless_diagnostic::Diagnostic;
use driftless_migrations::drizzle;
use driftless_migrations::run::{self, MigrateOptions};
use driftless_postgres::Session;
use driftless_report::{count, json};

use super::generate::answers::{Answers, Flags, Purpose};
use super::generate::preview;
use super::migrate::show;
use crate::args::{Global, Push};
use crate::caution;
use crate::database::{Connection, block_on};
use crate::exit::{Exit, Result, Stop};
use crate::filters;
use crate::project;
use crate::proof::without_renames;
use crate::roles;
use crate::scratch::Choice;
use crate::settings::{Settings, Target};
use crate::sides;
use crate::ui::Ui;
use crate::unmodelled::Unmodelled;

pub(crate) fn run(args: &Push, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    let target = settings.target(&args.database)?;
    let reasons = match &target {
        Target::Server { options, .. } => {
            caution::reasons(&settings, &args.database, Some(options))
        }
        Target::Embedded { .. } => Vec::new(),
    };
    block_on(async {
        let mut connection = Connection::open(&settings, target, &[], ui).await?;
        let pushed = push(args, &settings, &reasons, &mut connection.session, ui).await;
        connection.close().await;
        pushed
    })
}

async fn push(
    args: &Push,
    settings: &Settings,
    reasons: &[String],
    session: &mut Session,
    ui: &mut Ui,
) -> Result<Exit> {
    let sides = Sides::read(args, settings, session, ui).await?;
    let flags = Flags::of(&args.answers, Purpose::runs("push"));
    let mut answers = Answers::new(&flags, Vec::new());
    let mut plan = sides.plan(&mut answers, ui)?;
    answers.all_used(&plan.unused)?;
    without_hazards_of_empty(&mut plan, &sides, session).await?;
    ui.field("in_step", plan.is_empty());
    ui.field("plan", json::Plan::new(&plan, &args.answers.allow));
    if plan.is_empty() {
        ui.out("nothing to push: the database is what is declared");
        return Ok(Exit::Ok);
    }
    if args.dry_run {
        preview(&plan, &args.answers.allow, ui);
        ui.status("nothing was changed");
        return Ok(Exit::Ok);
    }
    let sheet = ui.sheet();
    ui.out(&driftless_report::plan(&plan, sheet));
    answers.allow_hazards(&plan, ui)?;
    let name = session.server().database.clone();
    caution::name_given(reasons, &name, args.confirm.as_deref(), "changed", ui)?;
    agreed(args, &plan, &name, ui)?;
    let options = MigrateOptions {
        lock_timeout: args.lock_timeout.0,
        ledger: settings.ledger(),
        ..MigrateOptions::default()
    };
    let progress = ui.progress();
    let idle = std::cell::Cell::new(false);
    progress.set("pushing");
    run::push(session, &plan, &options, &mut |event| {
        show(event, &progress, ui, &idle);
    })
    .await?;
    progress.clear();
    let after = sides::live_in(session, settings).await?;
    let rest = sides.rest(after.catalog, settings)?;
    if !rest.is_empty() {
        return Err(left(&rest).into());
    }
    ui.out(&format!(
        "pushed {}: the database is what is declared",
        count(plan.steps.len(), "statement")
    ));
    Ok(Exit::Ok)
}

/// What schema.ts has words for besides tables: what is there and not declared goes, unless a
/// migration made it by hand.
const WORDS: [Tag; 5] = [
    Tag::View,
    Tag::MaterializedView,
    Tag::EnumType,
    Tag::Sequence,
    Tag::Policy,
];

/// The database as it is and as it is to be.
struct Sides {
    live: Catalog,
    declared: Catalog,
    bare: Catalog,
    /// What the migrations make, if there are any.
    history: Option<Catalog>,
    /// Schemas that the project speaks for.
    schemas: BTreeSet<String>,
    /// Views that schema.ts says are somebody else's: schema and name.
    existing: BTreeSet<(String, String)>,
    words: Words<'static>,
}

impl Sides {
    async fn read(
        args: &Push,
        settings: &Settings,
        session: &mut Session,
        ui: &mut Ui,
    ) -> Result<Self> {
        let (snapshot, warnings) = project::declared(settings, args.allow_empty)?;
        ui.tell_all(&warnings);
        let files = project::declared_sql(settings)?;
        let words = if files.is_empty() {
            Words::SchemaTs
        } else {
            Words::Sql {
                beside: None,
                known: None,
            }
        };
        let scratch = Choice::new(settings, &args.scratch, Some(session.server().major()))?;
        let mut live = sides::live_in(session, settings).await?;
        let unmodelled = Unmodelled::new(settings).findings(&live, "the database");
        ui.tell_all(&unmodelled.into_iter().map(warned).collect::<Vec<_>>());
        let declared = if files.is_empty() {
            let catalog = with_roles(drizzle::catalog(&snapshot)?, &live.catalog);
            sides::made(&catalog, settings, &scratch, ui).await?
        } else {
            sides::declared(&snapshot, &files, settings, &scratch, ui).await?
        };
        let folder = project::folder(settings)?;
        let history = if folder.migrations.is_empty() {
            None
        } else {
            let files = sides::history(&folder, None)?;
            Some(
                sides::replayed(&files, settings, &scratch, ui)
                    .await?
                    .catalog,
            )
        };
        let declares = declared
            .catalog
            .objects()
            .map(|(id, _)| id.schema.to_string());
        let mut schemas: BTreeSet<String> = declares.filter(|schema| !schema.is_empty()).collect();
        schemas.extend(settings.config.schema_filter.iter().cloned());
        let existing = snapshot.views.values().filter(|view| view.is_existing);
        let existing = existing
            .map(|view| (view.schema.clone(), view.name.clone()))
            .collect();
        let bare = sides::bare(settings, &scratch, ui).await?;
        roles::forget_foreign(&mut live.catalog, |id| declared.catalog.contains(id));
        filters::apply(&mut live.catalog, settings)?;
        Ok(Self {
            live: live.catalog,
            declared: declared.catalog,
            bare: bare.catalog,
            history,
            schemas,
            existing,
            words,
        })
    }

    /// What is to be there: what is declared, and what no source speaks for.
    fn target(&self, live: &Catalog) -> Catalog {
        let mut target = completed(&self.declared, live, &self.bare, self.words, None);
        let existing = |id: &Id| {
            let name = (id.schema.to_string(), id.name.to_string());
            self.existing.contains(&name)
        };
        let by_hand = |id: &Id| self.history.as_ref().is_some_and(|made| made.contains(id));
        let undeclared = |id: &Id| {
            let speaks = id.kind == Tag::Table || WORDS.contains(&id.kind);
            speaks
                && self.schemas.contains(id.schema.as_str())
                && !self.declared.contains(id)
                && !self.bare.contains(id)
                && !by_hand(id)
                && !existing(id)
        };
        // What belongs to a column goes with its table.
        let owner = |id: &Id| Id::in_parent(Tag::SequenceOwner, &id.schema, &id.name, "");
        let owned = |id: &Id| id.kind == Tag::Sequence && target.contains(&owner(id));
        let gone: BTreeSet<Id> = target
            .objects()
            .filter(|(id, _)| goes_with(&target, id, &|id| undeclared(id) && !owned(id)))
            .map(|(id, _)| id.clone())
            .collect();
        target.retain(|id| !gone.contains(id));
        target
    }

    fn plan(&self, answers: &mut Answers<'_>, ui: &mut Ui) -> Result<Plan> {
        let target = self.target(&self.live);
        let planned = |decisions: &[Decision]| plan(&self.live, &target, decisions);
        loop {
            match planned(&answers.decisions)? {
                Outcome::Plan(plan) => return Ok(plan),
                Outcome::Questions(questions) => answers.ask(&questions, ui)?,
            }
        }
    }

    /// What is left to do afterwards.
    fn rest(&self, mut after: Catalog, settings: &Settings) -> Result<Plan> {
        roles::forget_foreign(&mut after, |id| self.declared.contains(id));
        filters::apply(&mut after, settings)?;
        let target = self.target(&after);
        Ok(without_renames(&after, &target, &[])?)
    }
}

/// Whether an object goes, or something that it is a part of.
fn goes_with(catalog: &Catalog, id: &Id, goes: &impl Fn(&Id) -> bool) -> bool {
    let parent = || catalog.get(id).and_then(Object::parent);
    goes(id) || parent().is_some_and(|parent| goes_with(catalog, &parent, goes))
}

/// Roles that the schema only mentions are there already, or pushing fails by their names.
fn with_roles(mut declared: Catalog, live: &Catalog) -> Catalog {
    let mentioned: BTreeSet<String> = declared
        .objects()
        .flat_map(|(_, object)| object.roles())
        .collect();
    let there = live
        .objects()
        .filter(|(id, _)| id.kind.is_shared() && mentioned.contains(id.name.as_str()));
    let there: Vec<Object> = there
        .filter(|(id, _)| !declared.contains(id))
        .map(|(_, object)| object.clone())
        .collect();
    for role in there {
        declared.insert(role);
    }
    declared
}

/// A table without rows loses none, and nothing of it can fail or take long.
async fn without_hazards_of_empty(
    plan: &mut Plan,
    sides: &Sides,
    session: &mut Session,
) -> Result<()> {
    let risky = |kind: HazardKind| {
        matches!(
            kind,
            HazardKind::DropTable
                | HazardKind::DropColumn
                | HazardKind::NarrowingCast
                | HazardKind::RecomputeColumn
                | HazardKind::SetNotNull
                | HazardKind::AddNotNull
                | HazardKind::TableRewrite
                | HazardKind::IndexBuild
                | HazardKind::ValidateRows
                | HazardKind::UniqueBuild
        )
    };
    let (live, declared) = (&sides.live, &sides.declared);
    let table = |id: &Id| {
        if live.contains(id) {
            live.root_of(id)
        } else {
            declared.root_of(id)
        }
    };
    let asked: BTreeSet<Id> = plan
        .steps
        .iter()
        .filter(|step| step.hazards.iter().any(|hazard| risky(hazard.kind)))
        .map(|step| table(&step.object))
        .collect();
    let mut empty = BTreeSet::new();
    for (id, name) in tables_with_rows(live).filter(|(id, _)| asked.contains(*id)) {
        let sql = format!("SELECT 1 FROM ONLY {name} LIMIT 1");
        let rows = session.texts(&sql).await;
        if rows.is_ok_and(|rows| rows.is_empty()) {
            empty.insert(id.clone());
        }
    }
    for step in &mut plan.steps {
        if empty.contains(&table(&step.object)) {
            step.hazards.retain(|hazard| !risky(hazard.kind));
        }
    }
    Ok(())
}

fn agreed(args: &Push, plan: &Plan, database: &str, ui: &mut Ui) -> Result<()> {
    if args.yes || args.confirm.is_some() {
        return Ok(());
    }
    let statements = count(plan.steps.len(), "statement");
    let agreed = ui.confirm(&format!("Run {statements} in the database {database}?"))?;
    if agreed == Some(true) {
        return Ok(());
    }
    Err(Stop::needs_answer(
        Diagnostic::error(
            "push-not-confirmed",
            format!("nothing was changed: {statements} would be run in the database `{database}`"),
        )
        .help("pass --yes to run them, or --dry-run to see them"),
    ))
}

fn left(rest: &Plan) -> Diagnostic {
    let sql: Vec<_> = rest.steps.iter().map(|step| step.sql.as_str()).collect();
    Diagnostic::error(
        "push-differs",
        "the plan was run, and the database is still not what is declared",
    )
    .note(format!("what is missing:\n{}", sql.join("\n")))
    .help("this is a defect of Driftless; please report it with that object's definition")
}

fn warned(found: Diagnostic) -> Diagnostic {
    Diagnostic {
        severity: driftless_diagnostic::Severity::Warning,
        ..found
    }
}
