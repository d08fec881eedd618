//! What the page tells, gathered: what can be known without Postgres always, the rest where there is
//! one to be asked.

use driftless_catalog::{
    Action, Catalog, Id, Outcome, Plan, Spelling, Step, Tag, plan, plan_as_decided,
};
use driftless_diagnostic::{Diagnostic, Severity};
use driftless_migrations::drizzle;
use driftless_migrations::folder::Folder;
use driftless_migrations::ledger::{self, MigrationFile};
use driftless_migrations::record::Kind;
use driftless_migrations::run;
use driftless_migrations::snapshot::Snapshot;
use driftless_page::{
    Change, Diagram, Difference, Facts, Finding, Migration, Pending, Rls, Side, Statement,
};
use driftless_postgres::connect;
use driftless_report::count;
use driftless_tenant::probe::{Outcome as Attempt, grouped};
use driftless_tenant::sift;

use crate::args::{self, Looked};
use crate::commands::rls;
use crate::database::block_on;
use crate::drift;
use crate::exit::Result;
use crate::lint;
use crate::project::{self, Difference as Found};
use crate::proof::{Before, Both};
use crate::scratch::Choice;
use crate::settings::{Settings, Target};
use crate::sides;
use crate::tenant::Guard;
use crate::tried;
use crate::ui::Ui;

/// Everything that the page tells.
pub(in crate::commands) fn gathered(
    args: &Looked,
    settings: &Settings,
    ui: &mut Ui,
) -> Result<Facts> {
    let folder = project::folder(settings)?;
    let (snapshot, warnings) = project::declared(settings, true)?;
    ui.tell_all(&warnings);
    let files = sides::history(&folder, None)?;
    let scratch = lint::at_hand(&args.scratch, settings, false, ui)?;
    let mut facts = Facts {
        title: settings.dir.file_name().unwrap_or("schema").to_owned(),
        made: format!("driftless {}", env!("CARGO_PKG_VERSION")),
        side: "declared".to_owned(),
        history: history(&folder, &files, settings)?,
        ..Facts::default()
    };
    let (schema, plan) = schema(&folder, &files, &snapshot, settings, scratch.as_ref(), ui)?;
    facts.schema = Diagram::of_catalog(&schema)?;
    facts
        .sides
        .push(side("declared", "history", &plan, &schema));
    facts.pending = plan
        .as_ref()
        .ok()
        .filter(|plan| !plan.is_empty())
        .map(pending);
    if let Err(questions) = &plan {
        facts.pending = Some(Pending {
            questions: questions.clone(),
            ..Pending::default()
        });
    }
    facts
        .sides
        .push(live(args, &files, settings, &mut facts.history, ui)?);
    facts.rls = tenants(args, settings, scratch.as_ref(), ui)?;
    Ok(facts)
}

/// The declared schema, as Postgres reads it where one is at hand, and what the migrations lack of it:
/// a plan, or the questions that are open.
fn schema(
    folder: &Folder,
    files: &[MigrationFile],
    snapshot: &Snapshot,
    settings: &Settings,
    scratch: Option<&Choice>,
    ui: &mut Ui,
) -> Result<(Catalog, std::result::Result<Plan, Vec<String>>)> {
    let answered = |outcome| match outcome {
        Outcome::Plan(plan) => Ok(plan),
        Outcome::Questions(questions) => {
            Err(questions.iter().map(driftless_report::choices).collect())
        }
    };
    if let Some(scratch) = scratch {
        let before = Before::end(folder)?;
        let both = Both::read(files, &before, snapshot, settings, scratch, ui);
        let both = block_on(both)?;
        let outcome = plan(&both.history.catalog, &both.declared, &[])?;
        return Ok((both.declared, answered(outcome)));
    }
    let newest = project::newest(folder)?;
    let outcome = match project::difference(&newest, snapshot, &[], plan)? {
        Found::InStep => Ok(Plan::default()),
        Found::Outcome(outcome) => answered(outcome),
    };
    Ok((drizzle::catalog(snapshot)?, outcome))
}

/// The migrations, with what each changes of what snapshots say, and what the linter finds.
fn history(
    folder: &Folder,
    files: &[MigrationFile],
    settings: &Settings,
) -> Result<Vec<Migration>> {
    let tried = tried::by_snapshots(folder, files, 0)?;
    let findings = lint::judge(&tried, &lint::levels(settings)?).findings;
    let mut before = Catalog::empty(Spelling::Declared);
    let mut all = Vec::new();
    for migration in &folder.migrations {
        let after = match &migration.snapshot {
            Some(snapshot) => drizzle::catalog(snapshot.read()?)?,
            None => before.clone(),
        };
        let plan = plan_as_decided(&before, &after, &[])?;
        let kind = migration.record.as_ref().map(|line| line.facts.kind);
        all.push(Migration {
            tag: migration.tag().to_owned(),
            kind: match kind {
                Some(Kind::Generated) => "generated",
                Some(Kind::Custom) => "by hand",
                None => "not recorded",
            }
            .to_owned(),
            when: migration.entry.when(),
            sql: migration
                .script
                .as_ref()
                .map_or_else(String::new, |script| script.source.text().to_owned()),
            changes: changes(&plan),
            findings: of_file(
                &findings,
                migration.script.as_ref().map(|one| one.source.path()),
            ),
            state: None,
        });
        before = after;
    }
    Ok(all)
}

fn changes(plan: &Plan) -> Vec<Change> {
    let objects = drift::by_object(plan).into_iter();
    objects
        .map(|(id, action, _)| Change {
            sign: match action {
                Action::Create => '+',
                Action::Drop => '-',
                Action::Alter => '~',
                Action::Rename => '>',
            },
            object: id.to_string(),
        })
        .collect()
}

fn of_file(findings: &[Diagnostic], path: Option<&str>) -> Vec<Finding> {
    let here = |one: &&Diagnostic| {
        one.labels
            .first()
            .is_some_and(|label| Some(label.source.path()) == path)
    };
    findings.iter().filter(here).map(finding).collect()
}

fn finding(one: &Diagnostic) -> Finding {
    Finding {
        severity: match one.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
        .to_owned(),
        code: one.code.to_owned(),
        message: one.message.clone(),
        help: one.help.clone(),
    }
}

fn side(
    from: &str,
    to: &str,
    plan: &std::result::Result<Plan, Vec<String>>,
    schema: &Catalog,
) -> Side {
    let differences = match plan {
        Ok(plan) => drift::by_object(plan)
            .into_iter()
            .map(|(id, _, sql)| Difference {
                message: format!("{id} is declared otherwise than the migrations make it"),
                table: Some(table(schema, id)),
                sql: sql.join("\n"),
            })
            .collect(),
        Err(questions) => questions
            .iter()
            .map(|question| Difference {
                message: "a rename has to be decided".to_owned(),
                table: None,
                sql: question.clone(),
            })
            .collect(),
    };
    Side {
        from: from.to_owned(),
        to: to.to_owned(),
        not_compared: None,
        differences,
    }
}

/// The table of an object as the diagram calls it, although the schema may lack the object itself.
fn table(schema: &Catalog, id: &Id) -> String {
    if schema.contains(id) || id.parent.is_empty() {
        return schema.root_of(id).path();
    }
    Id::in_schema(Tag::Table, &id.schema, &id.parent).path()
}

fn pending(plan: &Plan) -> Pending {
    let statement = |step: &Step| Statement {
        sql: step.sql.clone(),
        lock: step.lock.map(|lock| lock.words().to_owned()),
        hazards: step.hazards.iter().map(|one| one.message.clone()).collect(),
    };
    Pending {
        statements: plan.steps.iter().map(statement).collect(),
        questions: Vec::new(),
    }
}

/// History and a database, where one was named.
fn live(
    args: &Looked,
    files: &[MigrationFile],
    settings: &Settings,
    history: &mut [Migration],
    ui: &mut Ui,
) -> Result<Side> {
    let mut side = Side {
        from: "history".to_owned(),
        to: "live".to_owned(),
        ..Side::default()
    };
    if args.database_url.is_none() && args.env.is_none() {
        side.not_compared =
            Some("No database was named: pass --database-url or --env to compare one.".to_owned());
        return Ok(side);
    }
    let asked = args::Database {
        database_url: args.database_url.clone(),
        env: args.env.clone(),
        embedded: false,
    };
    let Target::Server { options, .. } = settings.target(&asked)? else {
        return Err(Diagnostic::error("internal", "a URL leads to no server").into());
    };
    let (differences, states) = block_on(async {
        let session = connect(&options).await?;
        let status = run::status(&session, files, &settings.ledger()).await?;
        let applied = status
            .migrations
            .iter()
            .take_while(|one| one.state != ledger::State::Pending)
            .count();
        let scratch = Choice::new(settings, &args.scratch, Some(session.server().major()))?;
        let mut live = sides::live(session, settings).await?;
        let made = sides::replayed(&files[..applied], settings, &scratch, ui).await?;
        let plan = drift::between(&mut live.catalog, &made.catalog)?;
        let differences: Vec<Difference> = drift::differences(&plan, &live.catalog, &made.catalog)
            .map(|(id, found, sql)| Difference {
                message: found.message,
                table: Some(table(&live.catalog, id)),
                sql,
            })
            .collect();
        Ok((differences, status.migrations))
    })?;
    side.differences = differences;
    for one in history {
        let state = states.iter().find(|state| state.tag == one.tag);
        one.state = state.map(|state| {
            let applied = state.state.is_applied();
            if applied { "applied" } else { "pending" }.to_owned()
        });
    }
    Ok(side)
}

/// Who sees what, and whether it holds.
fn tenants(
    args: &Looked,
    settings: &Settings,
    scratch: Option<&Choice>,
    ui: &mut Ui,
) -> Result<Option<Rls>> {
    let (Some(guard), Some(_)) = (Guard::configured(settings)?, scratch) else {
        return Ok(None);
    };
    let asked = args::Rls {
        history: true,
        declared: false,
        database_url: None,
        env: None,
        fix: false,
        name: None,
        dry_run: false,
        scratch: args.scratch.clone(),
    };
    let looked = rls::look(&asked, settings, &guard, ui)?;
    let mut findings = looked.findings.clone();
    findings.extend(looked.proof.findings());
    let sifted = sift(findings, &guard.tenant);
    let held = count(looked.proof.count(Attempt::Holds), "attempt");
    Ok(Some(Rls {
        matrix: serde_json::to_value(&looked.matrix.rows).unwrap_or_default(),
        findings: grouped(&sifted.findings).iter().map(finding).collect(),
        proof: format!(
            "{} of tenants; {held} of the proof to get at another tenant's rows held.",
            count(looked.tables, "table")
        ),
    }))
}
