//! `driftless pull`: a live database becomes the sources that declare it.

mod layout;
mod proven;

use driftless_diagnostic::{Diagnostic, Failure};
use driftless_migrations::ledger;
use driftless_migrations::record::Kind;
use driftless_migrations::run::{self, MigrateOptions};
use driftless_postgres::connect;
use driftless_report::{Label, count};
use driftless_sources::pull::{self, Casing, Told};
use serde::Serialize;

use super::baseline::server;
use super::generate::files;
use crate::args::{Global, KeyCasing, Pull};
use crate::database::block_on;
use crate::exit::{Exit, Result};
use crate::project;
use crate::settings::Settings;
use crate::ui::Ui;
use driftless_sources::config::IntrospectCasing;
use layout::Layout;
use proven::Proven;

pub(crate) fn run(args: &Pull, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load_or_begin(global)?;
    ui.tell_all(&settings.warnings);
    let layout = Layout::of(&settings)?;
    if !args.force && !args.dry_run {
        layout.refuse_existing()?;
    }
    let folder = project::folder(&settings)?;
    let (obstacles, told) = project::obstacles(&folder);
    ui.tell_all(&told);
    if !obstacles.is_empty() {
        return Err(Failure::new(obstacles).into());
    }
    let begins = folder.migrations.is_empty();
    if args.record && !begins {
        return Err(Diagnostic::error(
            "history-exists",
            format!(
                "there is nothing to record: the folder {} has {} already, so none is written",
                folder.shown,
                count(folder.migrations.len(), "migration")
            ),
        )
        .help("pull without --record; then `driftless baseline` records what the database has")
        .into());
    }
    let options = server(args.database_url.as_ref(), "to pull", &settings, ui)?;
    let proven = block_on(async {
        let mut session = connect(&options).await?;
        ui.tell_all(session.warnings());
        if args.record {
            // A ledger with rows would be in the way after everything is written.
            run::is_recorded(&session, &[], &settings.ledger()).await?;
        }
        let materialized = pull::materialized(&mut session).await?;
        Proven::read(session, &materialized, args, &settings, &layout, ui).await
    })?;
    tell(&proven, &layout, ui);
    if args.dry_run {
        if let Some(text) = &proven.pulled.typescript {
            ui.out(text.trim_end());
        }
        ui.status("nothing was written");
        return Ok(Exit::Ok);
    }
    let mut all = layout.files(&proven.pulled)?;
    all.put()?;
    let written = if begins {
        let named = Some(args.name.as_str());
        let (plan, state) = (&proven.baseline, &proven.snapshot);
        let scopes = proven.scopes.as_deref();
        match files::write(
            named,
            Kind::Generated,
            &settings,
            &folder,
            plan,
            state,
            scopes,
        ) {
            Ok(written) => written,
            Err(stop) => {
                all.take_back();
                return Err(stop);
            }
        }
    } else {
        Vec::new()
    };
    let mut paths = all.done();
    paths.extend(written.iter().map(|one| one.script.clone()));
    for path in &paths {
        ui.out(&format!("wrote {}", ui.sheet().paint(Label::Path, path)));
    }
    ui.field("written", &paths);
    if !begins {
        ui.hint("the folder has migrations already, so there is no first one: `driftless generate` writes what they lack");
        return Ok(Exit::Ok);
    }
    if args.record {
        return record(&options, &settings, ui);
    }
    ui.field("recorded", Vec::<String>::new());
    ui.hint("run `driftless baseline` to record the first migration in the database as applied");
    Ok(Exit::Ok)
}

/// The ledger that says that the database has what was written.
fn record(
    server: &driftless_postgres::ConnectOptions,
    settings: &Settings,
    ui: &mut Ui,
) -> Result<Exit> {
    let files = ledger::files(&project::folder(settings)?);
    let options = MigrateOptions {
        ledger: settings.ledger(),
        ..MigrateOptions::default()
    };
    let recorded = block_on(async {
        let mut session = connect(server).await?;
        let recorded = run::baseline(&mut session, &files, &options, &mut |_| {}).await;
        session.close().await;
        recorded.map_err(|failure| {
            let found = failure.into_diagnostics().into_iter();
            let help = "everything is written: `driftless baseline` records it when that is out of the way";
            Failure::new(found.map(|one| one.help(help)).collect()).into()
        })
    })?;
    ui.field("recorded", &recorded);
    ui.out(&format!(
        "recorded {} in the database, nothing was run",
        count(recorded.len(), "migration")
    ));
    Ok(Exit::Ok)
}

/// Something that is in SQL, for programs.
#[derive(Serialize)]
struct InSql<'a> {
    object: String,
    why: &'a str,
    partly: bool,
}

/// What came to be where.
fn tell(proven: &Proven, layout: &Layout, ui: &mut Ui) {
    let told: Vec<_> = proven
        .pulled
        .told
        .iter()
        .map(|Told { id, why, partly }| InSql {
            object: id.to_string(),
            why,
            partly: *partly,
        })
        .collect();
    for one in &told {
        let (whose, InSql { object, why, .. }) = (if one.partly { "a part of " } else { "" }, one);
        ui.tell(&Diagnostic::info(
            "in-sql",
            format!("{whose}{object} is in SQL: {why}"),
        ));
    }
    ui.field("in_sql", &told);
    for secret in &proven.pulled.secrets {
        let help =
            "write it into the SQL file and into the first migration before they run anywhere";
        ui.tell(&Diagnostic::warning("secret", secret.clone()).help(help));
    }
    let sql: usize = proven.pulled.sql.iter().map(|file| file.statements).sum();
    let sql = (sql > 0).then(|| {
        format!(
            "{} of SQL in {}",
            count(sql, "statement"),
            layout.sql_folder()
        )
    });
    let script = proven
        .pulled
        .typescript
        .as_ref()
        .map(|_| layout.script().to_owned());
    let sources: Vec<_> = script.into_iter().chain(sql).collect();
    ui.status(&format!(
        "proven: the database is what comes of {}",
        sources.join(" and ")
    ));
    ui.field("proven", true);
}

/// How keys are made: as it was asked, as the config says, or usual.
fn casing(args: &Pull, settings: &Settings) -> Casing {
    match (args.casing, settings.config.introspect_casing) {
        (Some(KeyCasing::Preserve), _) | (None, Some(IntrospectCasing::Preserve)) => {
            Casing::Preserve
        }
        _ => Casing::Camel,
    }
}
