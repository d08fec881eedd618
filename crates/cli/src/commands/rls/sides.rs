//! The schema that is looked at, and a scratch database that has it for the proof.

use driftless_catalog::kinds::{self, Owner};
use driftless_catalog::{Catalog, Id, Object, Plan, Tag};
use driftless_diagnostic::{Diagnostic, Failure};
use driftless_migrations::run::{self, MigrateOptions};
use driftless_postgres::{Reading, Scope, Session, connect, literal, read};
use driftless_tenant::probe::Proof;
use driftless_tenant::{Facts, matrix, probe};

use super::Looked;
use crate::args::{Database, Rls};
use crate::database::block_on;
use crate::exit::Result;
use crate::project;
use crate::proof::{Before, Both, without_renames};
use crate::scratch::{Choice, scope};
use crate::settings::{Settings, Target};
use crate::sides;
use crate::tenant::Guard;
use crate::ui::Ui;
use crate::unmodelled::Unmodelled;

pub(in crate::commands) fn look(
    args: &Rls,
    settings: &Settings,
    guard: &Guard<'_>,
    ui: &mut Ui,
) -> Result<Looked> {
    if args.database_url.is_some() || args.env.is_some() {
        block_on(database(args, settings, guard, ui))
    } else {
        block_on(made(args, settings, guard, ui))
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
        let before = Before::end(&folder)?;
        let both = Both::read(&files, &before, &declared, settings, &scratch, ui).await?;
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
        let of_scratch = scope(settings, None);
        let mut reading = again(session, &of_scratch).await?;
        if let Some(owner) = &guard.tenant.owner
            && reading.catalog.contains(&Id::global(Tag::Role, owner))
        {
            let owned = owned(&reading.catalog, owner);
            sides::execute(session, &without_renames(&reading.catalog, &owned, &[])?).await?;
            reading = again(session, &of_scratch).await?;
        }
        tried(session, reading, guard).await
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
    settings: &Settings,
    guard: &Guard<'_>,
    ui: &mut Ui,
) -> Result<Looked> {
    let asked = Database {
        database_url: args.database_url.clone(),
        env: args.env.clone(),
        embedded: false,
    };
    let Target::Server { options, origin } = settings.target(&asked)? else {
        return Err(Diagnostic::error("internal", "a URL leads to no server").into());
    };
    ui.status(&format!("database: {options} (from {origin})"));
    let mut session = connect(&options).await?;
    let major = session.server().major();
    let owner = sides::migrator(&session, settings).await;
    // With every owner by name the copy belongs to the same roles; the first superuser is another
    // one in every cluster.
    let unsaid = if is_first(&session, &owner).await? {
        owner.clone()
    } else {
        String::new()
    };
    let of_database = scope(settings, Some(unsaid));
    let live = read(&mut session, &of_database).await;
    session.close().await;
    let live = live?;
    let mut besides = besides(&live, "the database", settings, guard);
    let scratch = Choice::new(settings, &args.scratch, Some(major))?;
    let bare = sides::bare(settings, &scratch, ui).await?;
    let plan = without_renames(&beside(&bare.catalog, &live.catalog), &live.catalog, &[])?;
    let work = async |session: &mut Session| {
        sides::execute(session, &plan).await?;
        let reading = again(session, &of_scratch(&of_database, &owner)).await?;
        tried(session, reading, guard).await
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

/// Whether a role is the one that the cluster was made with.
async fn is_first(session: &Session, role: &str) -> driftless_diagnostic::Result<bool> {
    let sql = format!(
        "SELECT oid FROM pg_roles WHERE oid = 10 AND rolname = {}",
        literal(role)
    );
    let rows = session.texts(&sql).await;
    let rows = rows.map_err(|error| Failure::from(error.diagnostic("reading the roles")))?;
    Ok(!rows.is_empty())
}

/// How a copy is read, to be compared: the first superuser stands for the database's own.
fn of_scratch(of_database: &Scope, owner: &str) -> Scope {
    let first = of_database.owner.as_deref() == Some(owner);
    Scope {
        owner: if first {
            None
        } else {
            of_database.owner.clone()
        },
        ..of_database.clone()
    }
}

/// The same schema, with what nobody owns by name given to the role that migrates.
fn owned(catalog: &Catalog, role: &str) -> Catalog {
    let mut all = catalog.clone();
    for kind in [Tag::Table, Tag::View, Tag::MaterializedView, Tag::Function] {
        for (id, _) in catalog.of_kind(kind) {
            if !catalog.contains(&Id::attached(Tag::Owner, id)) {
                let on = kinds::Target {
                    id: id.clone(),
                    part_of: None,
                };
                all.insert(Owner {
                    on,
                    role: role.to_owned(),
                });
            }
        }
    }
    all
}

/// Reads what there is by now.
async fn again(session: &mut Session, scope: &Scope) -> driftless_diagnostic::Result<Reading> {
    session
        .execute("DISCARD ALL")
        .await
        .map_err(|error| Failure::from(error.diagnostic("the probe")))?;
    read(session, scope).await
}

/// Tries it.
async fn tried(
    session: &mut Session,
    reading: Reading,
    guard: &Guard<'_>,
) -> driftless_diagnostic::Result<(Reading, Proof)> {
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
