//! `driftless revert`: the last migrations taken back by a new one.

mod backwards;

use std::borrow::Cow;
use std::collections::BTreeMap;

use driftless_catalog::{Catalog, Decision, Outcome, Plan, plan};
use driftless_diagnostic::{Diagnostic, Failure};
use driftless_migrations::folder::{Folder, Migration, SnapshotFile};
use driftless_migrations::ledger::MigrationFile;
use driftless_migrations::record::Kind;
use driftless_migrations::snapshot::Snapshot;
use driftless_migrations::statements::split;
use driftless_postgres::Reading;
use driftless_report::{Sheet, count, json};

use super::generate::answers::{Answers, Flags, Purpose};
use super::generate::{self, files, linted};
use crate::args::{Global, Revert};
use crate::database::block_on;
use crate::exit::{Exit, Result};
use crate::lint;
use crate::project;
use crate::proof::{Before, Both, without_renames};
use crate::scratch::Choice;
use crate::settings::Settings;
use crate::sides;
use crate::tried;
use crate::ui::Ui;
use crate::unmodelled::{Unmodelled, waiver};
use backwards::Backwards;

pub(crate) fn run(args: &Revert, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    let levels = lint::levels(&settings)?;
    let (folder, found) = generate::read(&settings)?;
    let folder = generate::sound(folder, found, ui)?;
    let all = sides::history(&folder, None)?;
    let kept = kept(args, &folder, &all)?;
    let reverted = &all[kept..];
    let tags: Vec<&str> = reverted.iter().map(|file| file.tag.as_str()).collect();
    ui.field("reverted", &tags);
    ui.tell_all(&rows_left(reverted));

    let scratch = Choice::new(&settings, &args.scratch, None)?;
    let (now, then) = block_on(async {
        let now = sides::replayed(&all, &settings, &scratch, ui).await?;
        let then = sides::replayed(&all[..kept], &settings, &scratch, ui).await?;
        Ok((now, then))
    })?;
    all_known(&now, &then, &settings)?;
    let state = state_after(&folder, kept)?;
    // Of what SQL files declare no snapshot says anything.
    if settings.schema()?.sql.is_empty() {
        let before = Before {
            snapshot: Cow::Borrowed(&state),
            scopes: None,
        };
        let both = Both::read(&all[..kept], &before, &state, &settings, &scratch, ui);
        let rest = block_on(both)?.plan(&[])?;
        if !rest.is_empty() {
            return Err(without_snapshot(&folder, kept, &state, &rest).into());
        }
    }
    let backwards = Backwards::of(&folder.migrations[kept..]);
    let flags = Flags {
        rename: &args.rename,
        create: &args.create,
        allow: &args.allow,
        purpose: Purpose::writes("revert"),
    };
    let mut answers = Answers::new(&flags, backwards.renames.clone());
    let plan = answered_plan(&now.catalog, &then.catalog, &backwards, &mut answers, ui)?;
    answers.all_used(&plan.unused)?;
    if plan.is_empty() {
        return Err(no_change(&tags).into());
    }
    let proof = sides::replayed_and(&all, &plan, &settings, &scratch, ui);
    let after = block_on(proof).map_err(|mut stop| {
        let mut found = stop.failure.into_diagnostics();
        for one in &mut found {
            one.notes.push("nothing was written".to_owned());
        }
        stop.failure = Failure::new(found);
        stop
    })?;
    holds(&after.catalog, &then.catalog)?;
    let up_to = match all[..kept].last() {
        Some(last) => format!("made up to {}", last.tag),
        None => "made before the first: nothing".to_owned(),
    };
    ui.field("proven", true);
    ui.status(&format!(
        "proven in scratch: after it, the migrations make what they {up_to}"
    ));

    let lint = |files, ui: &mut Ui| {
        let try_out = |files: &[MigrationFile], ui: &mut Ui| {
            block_on(tried::in_scratch(&all, files, &settings, &scratch, ui))
        };
        let before = || Ok(now.catalog.clone());
        linted::tell(&plan, files, before, Some(&try_out), &levels, ui)
    };
    answers.tell_remembered(&plan, ", in reverse", ui);
    ui.field("plan", json::Plan::new(&plan, &args.allow));
    if args.dry_run {
        generate::preview(&plan, &args.allow, ui);
        lint(files::unwritten(&plan), ui)?;
        ui.status("nothing was written");
        return Ok(Exit::Ok);
    }
    ui.out(&driftless_report::plan(&plan, ui.sheet()));
    answers.allow_hazards(&plan, ui)?;
    // Where the declared schema was the same all along, schema.ts has nothing to take back.
    let declared_alike = project::newest(&folder)?.same_state(&state);
    let kind = if declared_alike {
        Kind::Custom
    } else {
        Kind::Generated
    };
    let name = args.name.clone().unwrap_or_else(|| name(&all, kept));
    let written = files::write(Some(&name), kind, &settings, &folder, &plan, &state, None)?;
    generate::tell_written(&written, ui);
    lint(files::sources(&written, &settings)?, ui)?;
    generate::notes(&plan, ui);
    if !declared_alike || !settings.schema()?.sql.is_empty() {
        ui.hint(
            "take the schema back as well: until then `driftless check` says that it is ahead, \
             and `driftless generate` would make the change again",
        );
    }
    ui.hint("look at the SQL, then run `driftless migrate`");
    Ok(Exit::Ok)
}

/// How many migrations stay, from the first; fewer than there are.
fn kept(args: &Revert, folder: &Folder, all: &[MigrationFile]) -> Result<usize> {
    let Some(last) = all.last() else {
        return Err(Diagnostic::error(
            "nothing-to-revert",
            format!("the folder {} holds no migration to revert", folder.shown),
        )
        .help("`driftless generate` writes the first")
        .into());
    };
    if let Some(to) = &args.to {
        let kept = sides::history(folder, Some(to))?.len();
        if kept == all.len() {
            return Err(Diagnostic::error(
                "nothing-to-revert",
                format!("{to} is the last migration: nothing comes after it"),
            )
            .help("`--to` names the last migration to keep; `--count 1` takes the last one back")
            .into());
        }
        return Ok(kept);
    }
    let number = args.count.unwrap_or(1) as usize;
    all.len().checked_sub(number).ok_or_else(|| {
        let have = count(all.len(), "migration");
        Diagnostic::error(
            "nothing-to-revert",
            format!(
                "{} cannot be reverted: the folder {} holds {have}",
                count(number, "migration"),
                folder.shown
            ),
        )
        .note(format!("the last one is {}", last.tag))
        .help(format!("`--count {}` takes all of them back", all.len()))
        .into()
    })
}

/// Plans, asking until every rename is decided that no reverted migration has decided.
fn answered_plan(
    now: &Catalog,
    then: &Catalog,
    backwards: &Backwards,
    answers: &mut Answers<'_>,
    ui: &mut Ui,
) -> Result<Plan> {
    loop {
        let questions = match plan(now, then, &answers.decisions)? {
            Outcome::Plan(plan) => return Ok(plan),
            Outcome::Questions(questions) => questions,
        };
        let decided: Vec<Decision> = questions
            .iter()
            .filter(|question| backwards.decides(question))
            .map(|question| Decision::Create(question.created.full_path()))
            .collect();
        if decided.is_empty() {
            // An answer can settle other questions: one at a time.
            answers.ask(&questions, ui)?;
        }
        answers.decisions.extend(decided);
    }
}

/// An error unless the plan leads back.
fn holds(after: &Catalog, then: &Catalog) -> Result<()> {
    let rest = without_renames(after, then, &[])?;
    if rest.is_empty() {
        return Ok(());
    }
    Err(Diagnostic::error(
        "unproven",
        "the plan does not lead back to what the migrations made before: nothing was written",
    )
    .note(format!(
        "still missing after it:\n{}",
        driftless_report::sql(&rest, Sheet::PLAIN).trim_end()
    ))
    .help("this is a bug: please report the migrations; until then write the way back with `driftless generate --custom`")
    .into())
}

/// What no plan can take back stops the command, unless driftless.toml says who looks after it.
fn all_known(now: &Reading, then: &Reading, settings: &Settings) -> Result<()> {
    let mut unmodelled = Unmodelled::new(settings);
    let found: Vec<_> = now
        .unmodelled
        .iter()
        .filter(|what| !then.unmodelled.contains(what))
        .map(|what| (what, "makes"))
        .chain(
            then.unmodelled
                .iter()
                .filter(|what| !now.unmodelled.contains(what))
                .map(|what| (what, "drops")),
        )
        .filter(|(what, _)| !unmodelled.accepts(what))
        .map(|(what, does)| {
            Diagnostic::error(
                "unmodelled",
                format!("{what}, which a migration to revert {does}, cannot be taken back: Driftless does not know such objects"),
            )
            .note("nothing was written")
            .help(format!(
                "the new migration leaves it as it is; if that is right, or you write its way back by hand, say so in \
                 driftless.toml: {}",
                waiver(what)
            ))
        })
        .collect();
    if found.is_empty() {
        return Ok(());
    }
    Err(Failure::new(found).into())
}

/// Statements that changed rows: those stay changed. One finding a migration.
fn rows_left(reverted: &[MigrationFile]) -> Vec<Diagnostic> {
    let finding = |file: &MigrationFile| {
        let statements = split(&file.source).statements;
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for word in statements.iter().filter_map(|statement| statement.rows) {
            *kinds.entry(word).or_default() += 1;
        }
        let first = statements.iter().find(|one| one.rows.is_some())?;
        let line = file.source.text()[first.range.clone()].lines().next();
        let end = first.range.start + line.map_or(0, str::len);
        let kinds: Vec<_> = kinds
            .iter()
            .map(|(word, number)| format!("{number} {word}"))
            .collect();
        let message = format!(
            "what {} did to rows is not undone: {}",
            file.tag,
            kinds.join(", ")
        );
        Some(
            Diagnostic::warning("rows-not-undone", message)
                .at(&file.source, first.range.start..end, "")
                .help("write the way back for the rows by hand: `driftless generate --custom`"),
        )
    };
    reverted.iter().filter_map(finding).collect()
}

fn no_change(tags: &[&str]) -> Diagnostic {
    let message = match tags {
        [one] => format!("{one} changes nothing of the schema"),
        tags => format!("{} change nothing of the schema", tags.join(", ")),
    };
    Diagnostic::error("nothing-to-revert", message)
        .note("nothing was written")
        .help("`--count` and `--to` take more migrations back; rows are changed back by hand: `driftless generate --custom`")
}

/// The declared state that the folder had after its first migrations.
fn state_after(folder: &Folder, kept: usize) -> Result<Cow<'_, Snapshot>> {
    let mut snapshots = folder.migrations[..kept].iter().rev();
    Ok(match snapshots.find_map(|one| one.snapshot.as_ref()) {
        Some(file) => Cow::Borrowed(file.read()?),
        None => Cow::Owned(Snapshot::empty()),
    })
}

/// A snapshot that is not what the migrations make would be the newest, and the next `generate`
/// would go on from it.
fn without_snapshot(folder: &Folder, kept: usize, state: &Snapshot, rest: &Plan) -> Diagnostic {
    let differs = |one: &Migration| match one.snapshot.as_ref().map(SnapshotFile::read) {
        Some(Ok(snapshot)) => !snapshot.same_state(state),
        _ => false,
    };
    let kept = &folder.migrations[..kept];
    let last = kept.last().map_or("none", Migration::tag);
    // All files of one change carry the snapshot of its end.
    let whole = match kept.iter().rfind(|one| differs(one)) {
        Some(before) => format!("--to {}", before.tag()),
        None => format!("--count {}", folder.migrations.len()),
    };
    Diagnostic::error(
        "snapshot-behind",
        format!("the state to go back to has no snapshot: the newest one up to {last} is not what the migrations make up to there"),
    )
    .note(format!(
        "from what they make to what it says:\n{}",
        driftless_report::sql(rest, Sheet::PLAIN).trim_end()
    ))
    .note(format!(
        "either {last} is not the last file of its change, or a hand-written migration changed what schema.ts declares as well"
    ))
    .note("nothing was written")
    .help(format!("`driftless revert {whole}` goes back to where there is one"))
    .help("or write the way back with `driftless generate --custom`")
}

/// `revert_add_invoices` for one, `revert_to_first` for several, `revert_all`.
fn name(all: &[MigrationFile], kept: usize) -> String {
    let slug = |file: &MigrationFile| {
        let numbered = |(prefix, _): &(&str, &str)| prefix.bytes().all(|b| b.is_ascii_digit());
        let split = file.tag.split_once('_').filter(numbered);
        split.map_or(file.tag.clone(), |(_, slug)| slug.to_owned())
    };
    match (&all[..kept], &all[kept..]) {
        (_, [one]) => format!("revert_{}", slug(one)),
        ([.., last], _) => format!("revert_to_{}", slug(last)),
        ([], _) => "revert_all".to_owned(),
    }
}
