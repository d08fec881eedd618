//! `driftless reset`: a database anew, as far as it is the project's.

use driftless_catalog::{Action, Catalog, Plan, tables_with_rows, without_own};
use driftless_diagnostic::{Diagnostic, Failure, SourceFile};
use driftless_migrations::ledger::{self, MigrationFile};
use driftless_migrations::run::{self, MigrateOptions};
use driftless_postgres::Session;
use driftless_report::{count, json};

use super::migrate::{applied, show};
use super::seed::Seeds;
use super::time;
use crate::args::{Global, Reset};
use crate::caution;
use crate::database::{Connection, block_on};
use crate::exit::{Exit, Result, Stop};
use crate::project;
use crate::proof::without_renames;
use crate::scratch::Choice;
use crate::settings::{Settings, Target};
use crate::sides;
use crate::ui::Ui;

/// More rows than somebody plays with.
const MAX_ROWS: u64 = 100_000;

pub(crate) fn run(args: &Reset, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    let folder = project::folder(&settings)?;
    let (fatal, told) = driftless_checks::before_running(&folder);
    ui.tell_all(&told);
    if !fatal.is_empty() {
        return Err(Failure::new(fatal).into());
    }
    let files = ledger::files(&folder);
    let seeds = if args.no_seed || args.no_migrate {
        None
    } else {
        Seeds::if_any(&settings)?
    };
    let target = settings.target(&args.database)?;
    let reasons = match &target {
        Target::Server { options, .. } => {
            caution::reasons(&settings, &args.database, Some(options))
        }
        Target::Embedded { .. } => Vec::new(),
    };
    let options = MigrateOptions {
        lock_timeout: args.lock_timeout.0,
        ledger: settings.ledger(),
        // A reset drops no roles.
        keep_roles: true,
        ..MigrateOptions::default()
    };
    block_on(async {
        let seed_files = seeds.iter().flat_map(|seeds| &seeds.files);
        let texts: Vec<&SourceFile> = files
            .iter()
            .map(|file| &file.source)
            .chain(seed_files)
            .collect();
        let mut connection = Connection::open(&settings, target, &texts, ui).await?;
        let session = &mut connection.session;
        let (plan, rows) = dropping(args, &settings, &files, session, ui).await?;
        ui.field("dry_run", args.dry_run);
        ui.field("dropped", json::Plan::new(&plan, &[]));
        ui.field("rows", rows.at_least);
        if args.dry_run {
            let sheet = ui.sheet();
            ui.out(&driftless_report::sql(&plan, sheet));
            ui.status("nothing was changed");
            connection.close().await;
            return Ok(Exit::Ok);
        }
        let mut reasons = reasons;
        reasons.extend(rows.too_many());
        let name = session.server().database.clone();
        caution::name_given(&reasons, &name, args.confirm.as_deref(), "dropped", ui)?;
        agreed(args, &plan, &name, ui)?;
        let progress = ui.progress();
        let idle = std::cell::Cell::new(false);
        progress.set("dropping");
        run::wipe(session, &plan, &options, &mut |event| {
            show(event, &progress, ui, &idle);
        })
        .await?;
        ui.out(&format!("dropped {}", objects(&plan)));
        if !args.no_migrate {
            let mut events = |event| show(event, &progress, ui, &idle);
            let done = run::migrate(session, &files, &options, &mut events).await?;
            progress.clear();
            ui.field("applied", applied(&done.applied));
            let number = count(done.applied.len(), "migration");
            ui.out(&format!("applied {number} in {}", time(done.took)));
        }
        drop(progress);
        if let Some(seeds) = &seeds {
            connection = seeds.run(connection, true, &options, &settings, ui).await?;
        }
        connection.close().await;
        Ok(Exit::Ok)
    })
}

/// What would be dropped, in order, and how many rows with it.
async fn dropping(
    args: &Reset,
    settings: &Settings,
    files: &[MigrationFile],
    session: &mut Session,
    ui: &mut Ui,
) -> Result<(Plan, Rows)> {
    let scratch = Choice::new(settings, &args.scratch, Some(session.server().major()))?;
    let live = sides::live_in(session, settings).await?;
    let made = if files.is_empty() {
        let (declared, _) = project::declared(settings, false)?;
        let sql = project::declared_sql(settings)?;
        sides::declared(&declared, &sql, settings, &scratch, ui).await?
    } else {
        sides::replayed(files, settings, &scratch, ui).await?
    };
    let bare = sides::bare(settings, &scratch, ui).await?;
    let wiped = without_own(&live.catalog, &made.catalog, &bare.catalog);
    if !wiped.in_the_way.is_empty() {
        let found = wiped.in_the_way.iter().map(|(stays, goes)| {
            Diagnostic::error(
                "needed-elsewhere",
                format!("nothing was dropped: {stays} is not the project's, and needs {goes}"),
            )
            .help("drop it yourself first, as its owner")
        });
        return Err(Failure::new(found.collect()).into());
    }
    let plan = without_renames(&live.catalog, &wiped.rest, &[])?;
    let rows = Rows::counted(&live.catalog, &wiped.rest, settings, session).await?;
    Ok((plan, rows))
}

/// Rows that would go, counted no further than somebody cares.
struct Rows {
    at_least: u64,
    most: u64,
}

impl Rows {
    async fn counted(
        live: &Catalog,
        rest: &Catalog,
        settings: &Settings,
        session: &mut Session,
    ) -> Result<Self> {
        let most = settings
            .toml
            .as_ref()
            .and_then(|toml| toml.reset_max_rows.as_ref());
        let most = most.map_or(MAX_ROWS, |most| most.value);
        let tables = tables_with_rows(live).filter(|(id, _)| !rest.contains(id));
        let counts: Vec<String> = tables
            .map(|(_, table)| {
                format!("SELECT count(*) FROM (SELECT FROM ONLY {table} LIMIT {most} + 1) x")
            })
            .collect();
        if counts.is_empty() {
            return Ok(Self { at_least: 0, most });
        }
        let sql = format!(
            "SELECT sum(count)::bigint FROM ({}) x",
            counts.join(" UNION ALL ")
        );
        let rows = session
            .texts(&sql)
            .await
            .map_err(|error| error.diagnostic("counting rows"))?;
        let number = rows
            .first()
            .and_then(|row| row.first()?.as_ref()?.parse().ok());
        Ok(Self {
            at_least: number.unwrap_or_default(),
            most,
        })
    }

    fn too_many(&self) -> Option<String> {
        let most = usize::try_from(self.most).unwrap_or(usize::MAX);
        (self.at_least > self.most).then(|| format!("it holds more than {}", count(most, "row")))
    }
}

fn objects(plan: &Plan) -> String {
    let dropped = plan.steps.iter().filter(|step| step.action == Action::Drop);
    count(dropped.count(), "object")
}

fn agreed(args: &Reset, plan: &Plan, database: &str, ui: &mut Ui) -> Result<()> {
    if args.yes || args.confirm.is_some() || plan.is_empty() {
        return Ok(());
    }
    let objects = objects(plan);
    let agreed = ui.confirm(&format!("Drop {objects} of the database {database}?"))?;
    if agreed == Some(true) {
        return Ok(());
    }
    Err(Stop::needs_answer(
        Diagnostic::error(
            "reset-not-confirmed",
            format!("nothing was dropped: {objects} of the database `{database}` would be"),
        )
        .help("pass --yes to drop them, or --dry-run to see them"),
    ))
}
