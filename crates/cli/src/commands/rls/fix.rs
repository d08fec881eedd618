//! `driftless rls --fix`: what is missing, as a migration.

use driftless_catalog::{Catalog, Plan, Tag};
use driftless_migrations::record::Kind;
use driftless_report::{count, json};
use driftless_tenant::{Facts, fixed, sift};

use super::super::generate::{self, files};
use crate::args::Rls;
use crate::database::block_on;
use crate::exit::{Exit, Result, Stop};
use crate::project;
use crate::proof::without_renames;
use crate::scratch::Choice;
use crate::settings::Settings;
use crate::sides;
use crate::tenant::{Guard, errors};
use crate::ui::Ui;

pub(super) fn run(args: &Rls, settings: &Settings, guard: &Guard<'_>, ui: &mut Ui) -> Result<Exit> {
    let (folder, found) = generate::read(settings)?;
    let folder = generate::sound(folder, found, ui)?;
    let migrations = sides::history(&folder, None)?;
    let scratch = Choice::new(settings, &args.scratch, None)?;
    let history = block_on(sides::replayed(&migrations, settings, &scratch, ui))?;
    let fixed = fixed(&Facts::new(&history.catalog, &guard.tenant, None));
    let plan = without_renames(&history.catalog, &fixed.catalog, &[])?;
    ui.field("fixed", &fixed.done);
    ui.field("plan", json::Plan::new(&plan, &[]));
    if plan.is_empty() {
        ui.field("written", Vec::<String>::new());
        ui.out("nothing to fix: no ENABLE, FORCE, policy or index is missing");
        return Ok(left(&history.catalog, guard, ui));
    }
    if args.dry_run {
        generate::preview(&plan, &[], ui);
        ui.status("nothing was written");
        return Ok(Exit::Ok);
    }
    let after = block_on(sides::replayed_and(
        &migrations,
        &plan,
        settings,
        &scratch,
        ui,
    ));
    let after = after.map_err(|mut stop: Stop| {
        let mut found = stop.failure.into_diagnostics();
        for one in &mut found {
            one.notes.push("nothing was written".to_owned());
        }
        stop.failure = driftless_diagnostic::Failure::new(found);
        stop
    })?;
    let name = args.name.as_deref().unwrap_or("rls");
    let newest = project::newest(&folder)?;
    ui.out(&driftless_report::plan(&plan, ui.sheet()));
    let written = files::write(
        Some(name),
        Kind::Custom,
        settings,
        &folder,
        &plan,
        &newest,
        None,
    )?;
    generate::tell_written(&written, ui);
    generate::notes(&plan, ui);
    undeclared(&plan, settings, ui)?;
    ui.hint("look at the SQL, then run `driftless migrate`");
    Ok(left(&after.catalog, guard, ui))
}

/// What the rules find all the same.
fn left(catalog: &Catalog, guard: &Guard<'_>, ui: &mut Ui) -> Exit {
    let found = driftless_tenant::run(&Facts::new(catalog, &guard.tenant, None));
    let found = sift(found, &guard.tenant).findings;
    let errors = errors(found.iter().map(|one| &one.diagnostic));
    if errors > 0 {
        let left = count(errors, "finding");
        ui.hint(&format!(
            "{left} of `driftless rls` need somebody to decide"
        ));
    }
    Exit::Ok
}

/// What a source that speaks for it has to say as well.
fn undeclared(plan: &Plan, settings: &Settings, ui: &mut Ui) -> Result<()> {
    let schema = settings.schema()?;
    let index = plan
        .steps
        .iter()
        .find(|step| step.object.kind == Tag::Index);
    if !schema.sql.is_empty() {
        ui.hint("declare the same in your SQL files: until then `driftless check` says that it is not declared");
    } else if let Some(index) = index {
        ui.hint(&format!(
            "declare index {} in schema.ts as well, and run `driftless snapshot`: until then `driftless check --replay` says that it is not declared",
            index.object.name
        ));
    }
    Ok(())
}
