//! What TypeScript does not say, as SQL files: the plan from what it says to the whole.

use super::SqlText;
use super::kinds;
use super::said::Said;
use driftless_catalog::{Action, Catalog, Decision, HazardKind, Id, Outcome, Plan, Step, plan};
use driftless_diagnostic::{Diagnostic, Failure, Result};
use std::collections::BTreeMap;

/// What the plan comes to.
pub(super) enum Rest {
    /// It only adds; with what needs a secret that nobody read.
    Files(Vec<SqlText>, Vec<String>),
    /// It takes these away again, wholly or to make them anew.
    TooMuch(Vec<Id>),
}

/// Works out the files; one alone, in the order of the plan, where `together`.
pub(super) fn files(said: &Said, live: &Catalog, together: bool) -> Result<Rest> {
    let plan = planned(&said.catalog, live)?;
    let mut files: BTreeMap<String, Vec<&Step>> = BTreeMap::new();
    let (mut too_much, mut by_others) = (Vec::new(), Vec::new());
    // Bodies of functions are looked at when everything is loaded, whatever this says.
    let steps = plan.steps.iter().filter(|step| step.sql != UNCHECKED);
    for step in steps {
        if matches!(step.action, Action::Drop | Action::Rename) {
            too_much.push(step.object.clone());
        }
        if step.sql.starts_with("SET ROLE ") {
            by_others.push(step.object.clone());
        }
        let name = if together {
            "schema.sql".to_owned()
        } else {
            file(said, &step.object)
        };
        files.entry(name).or_default().push(step);
    }
    if !too_much.is_empty() {
        return Ok(Rest::TooMuch(too_much));
    }
    if !by_others.is_empty() {
        by_others.dedup();
        return Err(granted_by_others(&by_others));
    }
    let hazards = plan.steps.iter().flat_map(|step| &step.hazards);
    let secrets = hazards
        .filter(|hazard| hazard.kind == HazardKind::Secret)
        .map(|hazard| hazard.message.clone());
    let files = files.into_iter().map(|(name, steps)| {
        let texts: Vec<_> = steps.iter().map(|step| step.sql.as_str()).collect();
        SqlText {
            name,
            statements: texts.len(),
            text: texts.join("\n\n") + "\n",
        }
    });
    Ok(Rest::Files(files.collect(), secrets.collect()))
}

const UNCHECKED: &str = "SET LOCAL check_function_bodies = off;";

/// One file a kind; what belongs to a table that is in SQL goes where that is.
fn file(said: &Said, id: &Id) -> String {
    let root = super::root(id);
    let kind = if id.on.is_none() && said.tables_in_sql.contains(&root) {
        root.kind
    } else {
        id.kind
    };
    let name = kinds::file(kind).map_or_else(|| plural(kind.noun()), str::to_owned);
    name.replace([' ', '-'], "_") + ".sql"
}

/// `index` becomes `indexes`, `owner of sequence` becomes `owners of sequence`.
fn plural(noun: &str) -> String {
    let noun = noun.trim_end_matches(" on");
    let (words, rest) = noun.find(" of ").map_or((noun, ""), |at| noun.split_at(at));
    let ends = |ending: &str| words.ends_with(ending);
    let words = if ends("ss") || ends("x") {
        format!("{words}es")
    } else if ends("s") {
        words.to_owned()
    } else if ends("cy") || ends("ry") || ends("ly") {
        format!("{}ies", &words[..words.len() - 1])
    } else {
        format!("{words}s")
    };
    words + rest
}

/// A plan in which nothing is a rename.
fn planned(from: &Catalog, to: &Catalog) -> Result<Plan> {
    let mut decisions = Vec::new();
    loop {
        match plan(from, to, &decisions)? {
            Outcome::Plan(plan) => return Ok(plan),
            Outcome::Questions(questions) => decisions.extend(
                questions
                    .iter()
                    .map(|question| Decision::Create(question.created.full_path())),
            ),
        }
    }
}

/// The database lacks what every database has.
pub(super) fn not_declarable(ids: &[Id]) -> Failure {
    let found = ids.iter().map(|id| {
        Diagnostic::error(
            "pull-not-declarable",
            format!(
                "no source can say that the database has no {id}, which every new database has"
            ),
        )
        .help("make it again, or leave this database without declared sources")
    });
    Failure::new(found.collect())
}

/// Whoever was given a right passed it on: SQL files are loaded by one role.
fn granted_by_others(ids: &[Id]) -> Failure {
    let found = ids.iter().map(|id| {
        Diagnostic::error(
            "pull-not-declarable",
            format!("no SQL file can say who passed on what was granted: {id} were granted by other roles than the owner"),
        )
        .note("nothing was written")
        .help("revoke them, and let the owner grant them")
    });
    Failure::new(found.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use driftless_catalog::Tag;

    #[test]
    fn files_are_called_as_people_would() {
        let names: Vec<_> = Tag::ALL.iter().map(|kind| plural(kind.noun())).collect();
        for name in [
            "indexes",
            "policies",
            "operator classes",
            "operator families",
            "primary keys",
            "default privileges",
            "comments",
            "owners of sequence",
            "text search dictionaries",
            "functions",
        ] {
            assert!(names.iter().any(|one| one == name), "{name}: {names:?}");
        }
    }
}
