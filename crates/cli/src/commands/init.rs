//! `driftless init`: a Drizzle project takes Driftless up, or a new project begins.

mod ci;

use camino::{Utf8Path, Utf8PathBuf};
use driftless_catalog::{Outcome, plan};
use driftless_diagnostic::{Diagnostic, Failure};
use driftless_migrations::record::Kind;
use driftless_migrations::write;
use driftless_report::count;
use driftless_sources::config;

use super::generate::files;
use crate::args::{Global, Init};
use crate::exit::{Exit, Result};
use crate::placed::Files;
use crate::project::{self, Difference};
use crate::settings::{self, Settings};
use crate::ui::Ui;

const SCHEMA: &str = include_str!("init/schema.ts");
const CONFIG: &str = include_str!("init/drizzle.config.ts");

pub(crate) fn run(args: &Init, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let dir = settings::directory(global)?;
    let is_project = global.config.is_some()
        || config::find(&dir).is_some()
        || dir.join(config::toml::NAME).is_file();
    if is_project {
        take_up(args, global, ui)
    } else {
        begin(args, global, &dir, ui)
    }
}

/// A project that is there: its folder is verified, and what Driftless keeps is written into it.
fn take_up(args: &Init, global: &Global, ui: &mut Ui) -> Result<Exit> {
    if args.schema.is_some() || args.out.is_some() {
        return Err(Diagnostic::error(
            "init-configured",
            "the project says already where its schema and its migrations are",
        )
        .note("nothing was written")
        .help("run `driftless init` without --schema and --out, or change the config")
        .into());
    }
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    let (folder, declared) =
        project::declared_alongside(&settings, false, || project::folder(&settings));
    let folder = folder?;
    let (obstacles, told) = project::obstacles(&folder);
    ui.tell_all(&told);
    if !obstacles.is_empty() {
        return Err(Failure::new(obstacles).into());
    }
    let (declared, warnings) = project::unless_ends_empty(declared, &settings, &folder)?;
    ui.tell_all(&warnings);
    let ci = ci::chosen(args.ci, &settings.dir, ui)?;
    let recorded = write::record(&folder)?;
    ui.out(&format!(
        "{}: {}, {}",
        settings.folder_shown(),
        count(folder.migrations.len(), "migration"),
        match recorded.len() {
            0 => "recorded already".to_owned(),
            all if all == folder.migrations.len() => "now recorded".to_owned(),
            some => format!("{some} of them now recorded"),
        },
    ));
    ui.field("recorded", &recorded);
    let mut written = Vec::new();
    if let Some(ci) = &ci {
        ci.write(&mut written)?;
    }
    tell_written(&written, ui);
    if let Some(ci) = &ci {
        ci.hint(ui);
    }
    let newest = project::newest(&folder)?;
    let sql = !settings.schema()?.sql.is_empty();
    let in_step = matches!(
        project::difference(&newest, &declared, &[], plan)?,
        Difference::InStep
    );
    if sql {
        ui.hint(
            "`driftless check --replay` compares what the SQL files declare with the migrations",
        );
    } else if in_step {
        ui.hint(
            "`driftless check` from now on, and `driftless migrate` where drizzle-kit migrate was",
        );
    } else {
        ui.hint("the schema has changes that no migration holds: `driftless generate --name what_changed`");
    }
    Ok(Exit::Ok)
}

/// Where there is nothing yet: a config, a schema and its first migration.
fn begin(args: &Init, global: &Global, dir: &Utf8Path, ui: &mut Ui) -> Result<Exit> {
    let schema = answer(
        args.schema.clone(),
        "Where is the schema, or should it be?",
        "src/db/schema.ts",
        ui,
    )?;
    let out = answer(
        args.out.clone(),
        "Which folder do migrations go to?",
        "drizzle",
        ui,
    )?;
    let ci = ci::chosen(args.ci, dir, ui)?;
    let mut files = Files::new(dir);
    let is_new = !dir.join(&schema).is_file();
    if is_new {
        files.write(schema.as_str(), SCHEMA);
    }
    let relative = |path: &Utf8Path| format!("'./{}'", path.as_str().replace('\'', "\\'"));
    let config = CONFIG
        .replace("SCHEMA", &relative(&schema))
        .replace("OUT", &relative(&out));
    files.write("drizzle.config.ts", &config);
    if !dir.join(".gitignore").exists() {
        files.write(".gitignore", ".driftless/\n.env\nnode_modules/\n");
    }
    files.put()?;
    let mut written = match first_migration(global) {
        Ok(migrations) => {
            let mut written = files.done();
            written.extend(migrations);
            written
        }
        Err(stop) => {
            files.take_back();
            return Err(stop);
        }
    };
    if let Some(ci) = &ci {
        ci.write(&mut written)?;
    }
    tell_written(&written, ui);
    if let Some(ci) = &ci {
        ci.hint(ui);
    }
    if is_new && !dir.join("node_modules/drizzle-orm").is_dir() {
        ui.hint("`npm install drizzle-orm` is for your application and your editor; Driftless needs no Node");
    }
    ui.hint("`driftless migrate` applies it: to DATABASE_URL, or to a Postgres of its own in .driftless/");
    Ok(Exit::Ok)
}

/// The flag, what somebody types, or what is usual.
fn answer(
    flag: Option<Utf8PathBuf>,
    question: &str,
    usual: &str,
    ui: &mut Ui,
) -> Result<Utf8PathBuf> {
    let path = match flag {
        Some(path) => path,
        None => match ui.typed(&format!("{question} [{usual}]"))? {
            Some(typed) if !typed.trim().is_empty() => typed.trim().into(),
            _ => usual.into(),
        },
    };
    let path: Utf8PathBuf = path
        .components()
        .filter(|part| part.as_str() != ".")
        .collect();
    if path.is_absolute() || path.starts_with("..") || path.as_str().is_empty() {
        return Err(Diagnostic::error(
            "init-outside",
            format!("{path} is not below the project's directory"),
        )
        .note("nothing was written")
        .help("give a path within it, such as src/db/schema.ts, or choose the directory with -C")
        .into());
    }
    Ok(path)
}

/// Writes the migration that makes the schema; the paths of its files.
fn first_migration(global: &Global) -> Result<Vec<String>> {
    let settings = Settings::load(global)?;
    let folder = project::folder(&settings)?;
    if !folder.migrations.is_empty() {
        return Ok(Vec::new());
    }
    let (declared, _) = project::declared(&settings, false)?;
    let newest = project::newest(&folder)?;
    let Difference::Outcome(Outcome::Plan(plan)) =
        project::difference(&newest, &declared, &[], plan)?
    else {
        return Ok(Vec::new());
    };
    let written = files::write(
        Some("initial"),
        Kind::Generated,
        &settings,
        &folder,
        &plan,
        &declared,
        None,
    )?;
    let files = written
        .into_iter()
        .flat_map(|one| [one.script, one.snapshot]);
    Ok(files.collect())
}

fn tell_written(written: &[String], ui: &mut Ui) {
    ui.field("written", written);
    for path in written {
        ui.out(&format!("wrote {path}"));
    }
}
