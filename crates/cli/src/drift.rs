//! What a database has otherwise than the migrations make it.

use driftless_catalog::{Action, Catalog, Id, Object, Plan};
use driftless_diagnostic::{Diagnostic, Failure};
use driftless_migrations::ledger::MigrationFile;
use driftless_postgres::Session;
use serde_json::{Map, Value};

use crate::args;
use crate::exit::Result;
use crate::proof::without_renames;
use crate::roles;
use crate::scratch::Choice;
use crate::settings::Settings;
use crate::sides;
use crate::ui::Ui;
use crate::unmodelled::Unmodelled;

/// What the database has otherwise than the migrations make it; a proof where that is nothing.
pub(crate) async fn differing(
    scratch: &args::Scratch,
    settings: &Settings,
    session: Session,
    files: &[MigrationFile],
    ui: &mut Ui,
) -> Result<Vec<Diagnostic>> {
    let major = session.server().major();
    let scratch = Choice::new(settings, scratch, Some(major))?;
    let mut live = sides::live(session, settings).await?;
    let history = sides::replayed(files, settings, &scratch, ui).await?;
    let mut unmodelled = Unmodelled::new(settings);
    let mut found = unmodelled.findings(&history, "the migrations");
    found.extend(unmodelled.findings(&live, "the database"));
    ui.tell_all(&unmodelled.unused());
    let drift = between(&mut live.catalog, &history.catalog)?;
    let difference = |(_, found, sql): (_, Diagnostic, String)| {
        found.note(format!("what makes the database so:\n{sql}"))
    };
    found.extend(differences(&drift, &live.catalog, &history.catalog).map(difference));
    Ok(found)
}

/// Findings as the reason why nothing was done.
pub(crate) fn refused(found: Vec<Diagnostic>, nothing: &str, help: &str) -> Failure {
    let refused = found.into_iter().map(|one| match one.code {
        "database-differs" => one.note(nothing).help(help),
        _ => one.note(nothing),
    });
    Failure::new(refused.collect())
}

/// The way from a database to what its migrations make, without the roles that are somebody else's.
pub(crate) fn between(live: &mut Catalog, history: &Catalog) -> driftless_diagnostic::Result<Plan> {
    roles::only_ours(live, history);
    without_renames(live, history, &[])
}

/// What a database has otherwise than the migrations make it, with the SQL that mends it.
pub(crate) fn differences<'p>(
    plan: &'p Plan,
    live: &Catalog,
    history: &Catalog,
) -> impl Iterator<Item = (&'p Id, Diagnostic, String)> {
    by_object(plan).into_iter().map(|(id, action, sql)| {
        let message = match action {
            Action::Create => format!("the database lacks {id}"),
            Action::Drop => format!("the database has {id}, which no migration makes"),
            Action::Alter | Action::Rename => format!("the database has another {id}"),
        };
        let mut found = Diagnostic::error("database-differs", message);
        if let (Some(has), Some(made)) = (live.get(id), history.get(id)) {
            found.notes = properties(has, made);
        }
        (id, found, sql.join("\n"))
    })
}

/// What of an object differs, a line for each property. Long values are told by their name alone.
fn properties(has: &Object, made: &Object) -> Vec<String> {
    const LONGEST: usize = 60;
    let fields = |object: &Object| match serde_json::to_value(object) {
        // The kind, and in it the properties.
        Ok(Value::Object(kind)) => match kind.into_iter().next() {
            Some((_, Value::Object(fields))) => fields,
            _ => Map::new(),
        },
        _ => Map::new(),
    };
    let (has, made) = (fields(has), fields(made));
    let differing = has
        .iter()
        .filter(|(name, value)| made.get(*name) != Some(value));
    differing
        .map(|(name, value)| {
            let made = made.get(name).unwrap_or(&Value::Null);
            let (has, made) = (value.to_string(), made.to_string());
            let name = name.replace('_', " ");
            if has.len().max(made.len()) > LONGEST {
                return format!("its {name} differs");
            }
            format!("its {name} is {has}, the migrations make it {made}")
        })
        .collect()
}

/// The steps of a plan by object, in order of their first step.
pub(crate) fn by_object(plan: &Plan) -> Vec<(&Id, Action, Vec<&str>)> {
    let mut objects: Vec<(&Id, Action, Vec<&str>)> = Vec::new();
    for step in &plan.steps {
        match objects.iter_mut().find(|(id, ..)| **id == step.object) {
            Some((_, action, sql)) => {
                // Dropped and created again is changed.
                if *action != step.action {
                    *action = Action::Alter;
                }
                sql.push(&step.sql);
            }
            None => objects.push((&step.object, step.action, vec![&step.sql])),
        }
    }
    objects
}
