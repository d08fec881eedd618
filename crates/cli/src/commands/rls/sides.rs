//! The schema that is looked at, and a scratch database that has it for the proof.

use driftless_catalog::{Catalog, Object, Plan, Tag};
use driftless_diagnostic::{Diagnostic, Failure};
use driftless_migrations::run::{self, MigrateOptions};
use driftless_postgres::{Reading, Session, connect, read};
use driftless_tenant::probe::Proof;
use driftless_tenant::{Facts, matrix, probe};

use super::Looked;
use crate::args::{Database, Rls};
use crate::database::block_on;
use crate::exit::Result;
use crate::project;
use crate::proof::{Both, without_renames};
use crate::scratch::{Choice, scope};
use crate::settings::{Settings, Target};
use crate::sides;
use crate::tenant::Guard;
use crate::ui::Ui;
use crate::unmodelled::Unmodelled;

pub(super) fn look(
    args: &Rls,
    settings: &Settings,
    guard: &Guard<'_>,
    ui: &mut Ui,
) -> Result<Looked> {
    match &args.database_url {
        Some(url) => block_on(database(args, url, settings, guard, ui)),
        None => block_on(made(args, settings, guard, ui)),
    }
}

/// What the migrations make, or what is declared: the folder replayed, and the plan behind it.
async fn made(args: &Rls, settings: &Settings, guard: &Guard<'_>, ui: &mut Ui) -> Result<Looked> {
    let folder = project::folder(settings)?;
    let files = sides::history(&folder, None)?;
    let scratch = Choice::new(settings, &args.scratch, None)?;
    let (side, plan) = if args.declared {
        let (declared, warnings) = project::declared(settings, false)?;
        ui.tell_all(&warnings);
        let both = Both::read(&files, &declared, settings, &scratch, ui).await?;
        ("declared", both.plan(&[])?)
    } else {
        ("history", Plan::default())
    };
    let options = MigrateOptions {
        ledger: settings.ledger(),
        lock_timeout: None,
        ..MigrateOptions::default()
    };
    let work = async |session: &mut Session| {
        run::migrate(session, &files, &options, &mut |_| {}).await?;
        sides::execute(session, &plan).await?;
        tried(session, settings, guard).await
    };
    let texts: Vec<_> = files.iter().map(|file| &file.source).collect();
    let doing = "trying it in scratch Postgres";
    let (reading, proof) = scratch.used(settings, &texts, doing, work, ui).await?;
    let whose = if args.declared {
        "what is declared"
    } else {
        "the migrations"
    };
    let besides = besides(&reading, whose, settings, guard);
    Ok(looked(
        side,
        &Facts::new(&reading.catalog, &guard.tenant, None),
        proof,
        besides,
    ))
}

/// A database, and a copy of its schema.
async fn database(
    args: &Rls,
    url: &str,
    settings: &Settings,
    guard: &Guard<'_>,
    ui: &mut Ui,
) -> Result<Looked> {
    let asked = Database {
        database_url: Some(url.to_owned()),
        embedded: false,
    };
    let Target::Server { options, .. } = settings.target(&asked)? else {
        return Err(Diagnostic::error("internal", "a URL leads to no server").into());
    };
    ui.status(&format!("database: {options} (from --database-url)"));
    let session = connect(&options).await?;
    let major = session.server().major();
    let owner = sides::migrator(&session, settings).await;
    let live = sides::live(session, settings).await?;
    let mut besides = besides(&live, "the database", settings, guard);
    let scratch = Choice::new(settings, &args.scratch, Some(major))?;
    let bare = sides::bare(settings, &scratch, ui).await?;
    let plan = without_renames(&beside(&bare.catalog, &live.catalog), &live.catalog, &[])?;
    let work = async |session: &mut Session| {
        sides::execute(session, &plan).await?;
        tried(session, settings, guard).await
    };
    let doing = "trying a copy of it in scratch Postgres";
    let proof = match scratch.used(settings, &[], doing, work, ui).await {
        Ok((copy, proof)) => {
            let rest = without_renames(&copy.catalog, &live.catalog, &[])?;
            if !rest.is_empty() {
                let sql = driftless_report::sql(&rest, driftless_report::Sheet::PLAIN);
                let note = format!("the copy lacks:\n{}", sql.trim_end());
                besides.push(
                    not_copied("scratch Postgres made something else of its schema").note(note),
                );
            }
            proof
        }
        Err(stop) => {
            let mut said = stop.failure.diagnostics().iter();
            let why = said
                .next()
                .map_or("", |first| first.message.as_str())
                .to_owned();
            besides.push(not_copied("scratch Postgres does not take its schema").note(why));
            Proof::default()
        }
    };
    let facts = Facts::new(&live.catalog, &guard.tenant, Some(&owner));
    Ok(looked("database", &facts, proof, besides))
}

/// Reads what there is and tries it.
async fn tried(
    session: &mut Session,
    settings: &Settings,
    guard: &Guard<'_>,
) -> driftless_diagnostic::Result<(Reading, Proof)> {
    session
        .execute("DISCARD ALL")
        .await
        .map_err(|error| Failure::from(error.diagnostic("the probe")))?;
    let reading = read(session, &scope(settings, None)).await?;
    let proof = probe(session, &Facts::new(&reading.catalog, &guard.tenant, None)).await?;
    Ok((reading, proof))
}

fn looked(side: &'static str, facts: &Facts<'_>, proof: Proof, besides: Vec<Diagnostic>) -> Looked {
    Looked {
        side,
        matrix: matrix(facts),
        findings: driftless_tenant::run(facts),
        tables: facts.tables.len(),
        proof,
        besides,
    }
}

fn besides(
    reading: &Reading,
    whose: &str,
    settings: &Settings,
    guard: &Guard<'_>,
) -> Vec<Diagnostic> {
    let mut unmodelled = Unmodelled::new(settings);
    let mut found = unmodelled.findings(reading, whose);
    found.extend(guard.unknown_tables(&reading.catalog));
    found
}

/// What an empty database has, with the roles that a scratch server has already as the other has
/// them: they are somebody's, and are left alone.
fn beside(bare: &Catalog, live: &Catalog) -> Catalog {
    let mut from = bare.clone();
    let known: Vec<Object> = bare
        .objects()
        .filter(|(id, _)| id.kind.is_shared())
        .filter_map(|(id, _)| live.get(id).cloned())
        .collect();
    from.retain(|id| !id.kind.is_shared() && id.kind != Tag::Membership);
    for role in known {
        from.insert(role);
    }
    from
}

fn not_copied(why: &str) -> Diagnostic {
    Diagnostic::error("not-proven", format!("nothing is proven about the database: {why}"))
        .help("look at the migrations instead: `driftless rls`, and `driftless check --database-url` compares the two")
}
