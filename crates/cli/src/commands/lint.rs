//! `driftless lint`: what migrations do to a database that is in use.

use driftless_diagnostic::{Diagnostic, Severity, SourceFile};
use driftless_lint::RULES;
use driftless_migrations::folder::Folder;
use driftless_migrations::ledger::MigrationFile;
use driftless_report::count;

use crate::args::{Global, Lint};
use crate::database::block_on;
use crate::exit::{Exit, Result, Stop};
use crate::lint::{at_hand, judge, levels, not_measured, summary};
use crate::project;
use crate::settings::{self, Settings};
use crate::sides;
use crate::tried::{self, Tried};
use crate::ui::Ui;

pub(crate) fn run(args: &Lint, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    let levels = levels(&settings)?;
    let folder = project::folder(&settings)?;
    let mut files = sides::history(&folder, None)?;
    let chosen = chosen(args, &settings, &folder, &mut files)?;
    let Some(first) = chosen.first().copied() else {
        ui.field("files", Vec::<&str>::new());
        ui.out("nothing to lint: there is no such migration");
        return Ok(Exit::Ok);
    };
    let end = chosen.last().map_or(first, |last| last + 1);
    let (tried, measured) = tried(args, &settings, &folder, &files[..end], first, ui)?;
    let tried: Vec<Tried> = tried
        .into_iter()
        .enumerate()
        .filter(|(at, _)| chosen.contains(&(first + at)))
        .map(|(_, one)| one)
        .collect();
    let linted = judge(&tried, &levels);
    ui.field("measured", measured);
    let paths: Vec<&str> = tried.iter().map(|one| one.source.path()).collect();
    ui.field("files", &paths);
    ui.field("waived", linted.waived);
    ui.tell_all(&linted.findings);
    ui.out(&format!(
        "{}: {}",
        count(tried.len(), "file"),
        summary(&linted)
    ));
    let mut codes = linted.findings.iter().map(|one| one.code);
    if let Some(code) = codes.find(|code| RULES.iter().any(|rule| rule.name == *code)) {
        ui.hint(&format!("`driftless explain {code}` says more"));
    }
    let fails = |one: &Diagnostic| one.severity == Severity::Error;
    Ok(if linted.findings.iter().any(fails) {
        Exit::Failed
    } else {
        Exit::Ok
    })
}

/// Scripts from the first chosen one on, and whether they were measured.
fn tried(
    args: &Lint,
    settings: &Settings,
    folder: &Folder,
    files: &[MigrationFile],
    first: usize,
    ui: &mut Ui,
) -> Result<(Vec<Tried>, bool)> {
    let scratch = if args.no_measure {
        None
    } else {
        at_hand(&args.scratch, settings, args.measure, ui)?
    };
    if let Some(scratch) = scratch {
        let (before, files) = files.split_at(first);
        let tried = block_on(tried::in_scratch(before, files, settings, &scratch, ui));
        match tried {
            Ok(tried) => return Ok((tried, true)),
            Err(stop) if args.measure => return Err(stop),
            Err(stop) => ui.status(&not_measured(&stop.failure)),
        }
    }
    Ok((tried::by_snapshots(folder, files, first)?, false))
}

/// The numbers of the files to look at, in order; files outside of the folder are added behind it.
fn chosen(
    args: &Lint,
    settings: &Settings,
    folder: &Folder,
    files: &mut Vec<MigrationFile>,
) -> Result<Vec<usize>> {
    if args.all {
        return Ok((0..files.len()).collect());
    }
    let number = |files: &[MigrationFile], tag: &str| files.iter().position(|one| one.tag == tag);
    if let Some(tag) = &args.since {
        let Some(at) = number(files, tag) else {
            return Err(unknown(tag, folder));
        };
        return Ok((at + 1..files.len()).collect());
    }
    if args.targets.is_empty() {
        return Ok(files.len().checked_sub(1).into_iter().collect());
    }
    let mut chosen = Vec::new();
    for target in &args.targets {
        let own = number(files, target).or_else(|| {
            let path = settings.dir.join(target);
            let tag = path.file_stem().unwrap_or_default();
            let inside = path.parent() == Some(folder.dir.as_path());
            number(files, tag).filter(|_| inside)
        });
        if let Some(own) = own {
            chosen.push(own);
            continue;
        }
        let path = camino::Utf8Path::new(target);
        if path.extension() != Some("sql") || !settings.dir.join(path).is_file() {
            return Err(unknown(target, folder));
        }
        let source: SourceFile = settings::read_source(&settings.dir, path)?;
        chosen.push(files.len());
        files.push(MigrationFile::of_script(source));
    }
    chosen.sort_unstable();
    chosen.dedup();
    Ok(chosen)
}

fn unknown(target: &str, folder: &Folder) -> Stop {
    Stop::usage(
        Diagnostic::error(
            "unknown-migration",
            format!(
                "the folder {} has no migration {target}, and there is no such .sql file",
                folder.shown
            ),
        )
        .help("`driftless status` lists the migrations"),
    )
}
