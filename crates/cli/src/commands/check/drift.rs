//! The three schemas side by side: declared, history, live. Each difference is named with the
//! statement that would mend it, and with the one of the three that is alone.

use driftless_catalog::{Action, Catalog, Id, Plan};
use driftless_diagnostic::{Diagnostic, Severity};
use driftless_migrations::folder::Folder;
use driftless_migrations::ledger::{MigrationFile, State};
use driftless_migrations::run;
use driftless_migrations::snapshot::Snapshot;
use driftless_postgres::{Reading, connect};
use driftless_report::count;

use crate::args::Check;
use crate::database::block_on;
use crate::drift::{between, by_object, differences};
use crate::exit::Result;
use crate::lint::{judge, levels};
use crate::proof::{Before, Both};
use crate::scratch::Choice;
use crate::settings::{Settings, Target};
use crate::sides;
use crate::tenant::Guard;
use crate::tried;
use crate::ui::Ui;
use crate::unmodelled::Unmodelled;

/// What only Postgres can say: the folder replayed against what is declared, and a database
/// against the folder.
pub(super) fn findings(
    args: &Check,
    settings: &Settings,
    folder: &Folder,
    declared: &Snapshot,
    ui: &mut Ui,
) -> Result<Vec<Diagnostic>> {
    let files = sides::history(folder, None)?;
    let before = Before::end(folder)?;
    block_on(async {
        let live = match &args.database_url {
            Some(_) => Some(Live::read(args, settings, &files, ui).await?),
            None => None,
        };
        let major = live.as_ref().map(|live| live.major);
        let scratch = Choice::new(settings, &args.scratch, major)?;
        let both = Both::read(&files, &before, declared, settings, &scratch, ui).await?;
        let mut unmodelled = Unmodelled::new(settings);
        let mut found = unmodelled.findings(&both.history, "the migrations");
        found.extend(of_history(&both.plan(&[])?));
        let tenant = Guard::configured(settings)?;
        let of_history = match &tenant {
            Some(guard) => guard.of_history(&both.history.catalog),
            None => Vec::new(),
        };
        found.extend(of_history.iter().map(|one| one.diagnostic.clone()));
        let Both {
            history, declared, ..
        } = both;
        let Some(mut live) = live else {
            found.extend(unmodelled.unused());
            return Ok(found);
        };
        let applied = if live.pending == 0 {
            history
        } else {
            let (known, next) = files.split_at(files.len() - live.pending);
            found.push(pending(live.pending));
            let tried = tried::in_scratch(known, next, settings, &scratch, ui).await?;
            found.extend(judge(&tried, &levels(settings)?).findings);
            sides::replayed(known, settings, &scratch, ui).await?
        };
        found.extend(unmodelled.findings(&live.reading, "the database"));
        found.extend(unmodelled.unused());
        if let Some(guard) = &tenant {
            found.extend(guard.of_live(&live.reading.catalog, &live.owner, &of_history));
        }
        let drift = between(&mut live.reading.catalog, &applied.catalog)?;
        found.extend(of_live(
            &drift,
            &live.reading.catalog,
            &applied.catalog,
            &declared,
        ));
        Ok(found)
    })
}

/// A database, and how far it is.
struct Live {
    reading: Reading,
    major: u32,
    /// The role that migrates it.
    owner: String,
    /// Migrations at the end of the folder that it does not have.
    pending: usize,
}

impl Live {
    async fn read(
        args: &Check,
        settings: &Settings,
        files: &[MigrationFile],
        ui: &mut Ui,
    ) -> Result<Self> {
        let database = crate::args::Database {
            database_url: args.database_url.clone(),
            ..crate::args::Database::default()
        };
        let Target::Server { options, .. } = settings.target(&database)? else {
            return Err(Diagnostic::error("internal", "a URL leads to no server").into());
        };
        ui.status(&format!("database: {options} (from --database-url)"));
        let session = connect(&options).await?;
        let major = session.server().major();
        let status = run::status(&session, files, &settings.ledger()).await?;
        let pending = status
            .migrations
            .iter()
            .rev()
            .take_while(|one| one.state == State::Pending)
            .count();
        ui.tell_all(&status.findings);
        let errors = status
            .findings
            .into_iter()
            .filter(|one| one.severity == Severity::Error);
        if let Some(first) = errors.into_iter().next() {
            return Err(first.into());
        }
        let owner = sides::migrator(&session, settings).await;
        let reading = sides::live(session, settings).await?;
        Ok(Self {
            reading,
            major,
            owner,
            pending,
        })
    }
}

/// What the migrations make otherwise than is declared.
pub(in crate::commands) fn of_history(plan: &Plan) -> Vec<Diagnostic> {
    let finding = |(id, action, sql): (&Id, Action, Vec<&str>)| {
        let message = match action {
            Action::Create => format!("{id} is declared, and no migration makes it"),
            Action::Drop => format!("{id} is made by the migrations, and not declared"),
            Action::Alter | Action::Rename => {
                format!("{id} is declared otherwise than the migrations make it")
            }
        };
        Diagnostic::error("history-differs", message)
            .note(format!("the missing SQL:\n{}", sql.join("\n")))
            .help("run `driftless generate`; where it finds nothing, a hand-written migration has left the snapshot behind: run `driftless snapshot`")
    };
    by_object(plan).into_iter().map(finding).collect()
}

fn of_live(plan: &Plan, live: &Catalog, history: &Catalog, declared: &Catalog) -> Vec<Diagnostic> {
    let finding = |(id, found, sql): (&Id, Diagnostic, String)| {
        let alone = if live.get(id) == declared.get(id) {
            "the migrations are the odd one out: what is declared and the database agree"
        } else {
            "the database is the odd one out: what is declared and the migrations agree"
        };
        found
            .note(alone)
            .note(format!("what brings the database back:\n{sql}"))
            .help("run that SQL, or bring the change into a migration with `driftless generate --custom`")
    };
    differences(plan, live, history).map(finding).collect()
}

fn pending(number: usize) -> Diagnostic {
    Diagnostic::info(
        "migrations-pending",
        format!(
            "the database is compared with the migrations it has: {} pending",
            count(number, "migration")
        ),
    )
    .help("run `driftless migrate`")
}
