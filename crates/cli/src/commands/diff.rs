//! `driftless diff`: the SQL that leads from one schema to another.

use driftless_catalog::{Catalog, Decision, Outcome, Plan, plan};
use driftless_diagnostic::{Diagnostic, Failure};
use driftless_postgres::Reading;
use driftless_report::json;

use crate::args::{Diff, Global};
use crate::database::block_on;
use crate::exit::{Exit, Result, Stop};
use crate::proof::without_renames;
use crate::roles;
use crate::scratch::Choice;
use crate::settings::Settings;
use crate::sides::{Side, State};
use crate::ui::Ui;

pub(crate) fn run(args: &Diff, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load_for(global, &[&args.from, &args.to])?;
    ui.tell_all(&settings.warnings);
    let (from, to) = (
        Side::parse(&args.from, &settings)?,
        Side::parse(&args.to, &settings)?,
    );
    let (elsewhere, (from, to)) = block_on(async {
        let from = from.state(&settings, ui).await?;
        let to = to.state(&settings, ui).await?;
        let elsewhere = from.looks_elsewhere().await;
        Ok((elsewhere, both(from, to, args, &settings, ui).await?))
    })?;
    let mut plan = planned(&from, &to, args, ui)?;
    if elsewhere && !plan.is_empty() {
        plan = plan.in_public();
    }
    ui.field("in_step", plan.is_empty());
    ui.field("plan", json::Plan::new(&plan, &[]));
    if plan.is_empty() {
        ui.status("no difference");
        return Ok(Exit::Ok);
    }
    let sheet = ui.sheet();
    ui.out(&driftless_report::sql(&plan, sheet));
    Ok(if args.exit_code {
        Exit::Failed
    } else {
        Exit::Ok
    })
}

/// Both sides in one spelling.
async fn both(
    from: State,
    to: State,
    args: &Diff,
    settings: &Settings,
    ui: &mut Ui,
) -> Result<(Catalog, Catalog)> {
    let (from, to) = match (from, to) {
        (State::Declared(from), State::Declared(to)) => return Ok((from, to)),
        other => other,
    };
    let major = match (from.major(), to.major()) {
        (Some(a), Some(b)) if a != b => {
            return Err(Diagnostic::error(
                "different-majors",
                format!("the one is Postgres {a}, the other {b}: they spell the same things differently"),
            )
            .help("compare each with `migrations`, which is replayed in the version of the other side")
            .into());
        }
        (a, b) => a.or(b),
    };
    let scratch = Choice::new(settings, &args.scratch, major)?;
    let live = [&from, &to].map(|side| matches!(side, State::Live(_)));
    let mut from = from.spelled(settings, &scratch, ui).await?;
    let mut to = to.spelled(settings, &scratch, ui).await?;
    tell_unmodelled(&args.from, &from, ui);
    tell_unmodelled(&args.to, &to, ui);
    // A server has roles of other databases too.
    match live {
        [true, false] => roles::only_ours(&mut from.catalog, &to.catalog),
        [false, true] => roles::only_ours(&mut to.catalog, &from.catalog),
        _ => {}
    }
    Ok((from.catalog, to.catalog))
}

fn tell_unmodelled(side: &str, reading: &Reading, ui: &mut Ui) {
    // A URL may hold a password.
    let side = side.split_once("://").map_or(side, |_| "the database");
    for what in &reading.unmodelled {
        ui.tell(
            &Diagnostic::warning(
                "unmodelled",
                format!("{what} of {side} is not compared: Driftless does not know such objects"),
            )
            .help("keep it in a hand-written migration, and look after it yourself"),
        );
    }
}

fn planned(from: &Catalog, to: &Catalog, args: &Diff, ui: &mut Ui) -> Result<Plan> {
    let mut decisions = args.rename.clone();
    decisions.extend(args.create.iter().cloned().map(Decision::Create));
    if args.no_renames {
        return Ok(without_renames(from, to, &decisions)?);
    }
    match plan(from, to, &decisions)? {
        Outcome::Plan(plan) => Ok(plan),
        Outcome::Questions(questions) => {
            let all: Vec<json::Question> = questions.iter().map(Into::into).collect();
            ui.field("questions", all);
            let mut diagnostic = Diagnostic::error(
                "renames-undecided",
                "what disappears and what appears may be one and the same",
            );
            for question in &questions {
                diagnostic = diagnostic.note(driftless_report::choices(question));
            }
            let diagnostic = diagnostic
                .help("choose from these flags, or pass --no-renames to take all of it as new");
            Err(Stop::needs_answer(Failure::from(diagnostic)))
        }
    }
}
