//! Two branches that change the same object.

use crate::{Base, Input};
use driftless_catalog::{Action, Catalog, Decision, Id, Plan, plan_as_decided};
use driftless_diagnostic::{Diagnostic, Result};
use driftless_migrations::drizzle;
use driftless_migrations::folder::{Folder, Migration};
use std::collections::BTreeMap;

super::rule! {
    /// ## What it does
    /// With `check --base`, plans from the state that both branches began with to what each of them
    /// declares, and finds objects that both change, or that one drops or renames and the other
    /// builds upon. Snapshots are compared, so nothing is known of what hand-written SQL does.
    ///
    /// ## Why
    /// Each migration is right by itself and was never tried behind the other: the second adds a
    /// column that is there already, alters one that is gone, or takes a change back.
    ///
    /// ## What to do
    /// Merge the base branch, decide in `schema.ts` what the object shall be, and run `driftless
    /// rebase`: this branch's migrations are generated again on top of the base's.
    "same-objects", ["base-same-objects"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let Some(base) = &input.base else {
        return;
    };
    let ours: Vec<&Migration> = super::same_number::new_ours(input, base).collect();
    let theirs = base.theirs.migrations.iter();
    let theirs: Vec<&Migration> = theirs
        .filter(|one| base.before.find(one.tag()).is_none())
        .filter(|one| input.folder.find(one.tag()).is_none())
        .collect();
    if ours.is_empty() || theirs.is_empty() || crate::newest_in_doubt(input.folder) {
        return;
    }
    match both(input, base, &ours, &theirs) {
        Ok(both) => found.extend(both.finding(input, base, &ours, &theirs)),
        // Which snapshot cannot be read is told by its own rule, or on its own branch.
        Err(failure) => found.extend(failure.into_diagnostics().into_iter().map(|one| {
            one.note(format!("so this branch cannot be compared with {}", base.name))
        })),
    }
}

/// What either side does to the state that both began with.
struct Both {
    ours: (Catalog, Plan),
    theirs: (Catalog, Plan),
}

fn both(
    input: &Input<'_>,
    base: &Base<'_>,
    ours: &[&Migration],
    theirs: &[&Migration],
) -> Result<Both> {
    let catalog = |folder: &Folder| drizzle::catalog(&folder.newest_snapshot()?);
    let before = catalog(base.before)?;
    let side = |folder: &Folder, new: &[&Migration]| {
        let after = catalog(folder)?;
        let plan = plan_as_decided(&before, &after, &decisions(new))?;
        Result::Ok((after, plan))
    };
    let (ours, theirs) = (side(input.folder, ours)?, side(base.theirs, theirs)?);
    Ok(Both { ours, theirs })
}

fn decisions(new: &[&Migration]) -> Vec<Decision> {
    let lines = new.iter().filter_map(|migration| migration.record.as_ref());
    lines
        .flat_map(|line| {
            let decisions = &line.facts.decisions;
            let renames = decisions.renames.iter();
            let renames = renames.filter_map(|text| Decision::parse_rename(text));
            renames.chain(decisions.creates.iter().cloned().map(Decision::Create))
        })
        .collect()
}

impl Both {
    fn finding(
        &self,
        input: &Input<'_>,
        base: &Base<'_>,
        ours: &[&Migration],
        theirs: &[&Migration],
    ) -> Option<Diagnostic> {
        let conflicts = self.conflicts(base.name);
        let objects: Vec<&Id> = conflicts.keys().copied().collect();
        let objects = match objects.as_slice() {
            [] => return None,
            [one] => one.to_string(),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
        };
        let tags = |side: &[&Migration]| {
            let tags: Vec<&str> = side.iter().map(|one| one.tag()).collect();
            tags.join(", ")
        };
        let last = ours.last()?;
        let mut diagnostic = Diagnostic::error(
            "base-same-objects",
            format!(
                "this branch and {} both change {objects}, and neither knows of the other",
                base.name
            ),
        )
        .at(input.folder.journal.source(), last.entry.range(), "");
        diagnostic.notes = conflicts.into_values().collect();
        Some(
            diagnostic
                .note(format!("here in {}, there in {}", tags(ours), tags(theirs)))
                .help(format!(
                    "merge {0}, decide in schema.ts what it shall be, and run `driftless rebase --base {0}`",
                    base.name
                )),
        )
    }

    /// Every object that both have to do with, and how.
    fn conflicts(&self, base: &str) -> BTreeMap<&Id, String> {
        let (ours, theirs) = (&self.ours, &self.theirs);
        let mut found = BTreeMap::new();
        for (id, action) in touched(&ours.1) {
            if let Some((_, other)) = touched(&theirs.1).find(|(other, _)| *other == id) {
                let note = format!("{id}: {} here, {} on {base}", done(action), done(other));
                found.entry(id).or_insert(note);
            }
        }
        for (id, away) in built_upon(ours, &theirs.1) {
            let note = format!("{id}: changed here, and {away} on {base}");
            found.entry(id).or_insert(note);
        }
        for (id, away) in built_upon(theirs, &ours.1) {
            let note = format!("{id}: changed on {base}, and {away} here");
            found.entry(id).or_insert(note);
        }
        found
    }
}

/// What a side makes or alters on top of something that the other drops or renames.
fn built_upon<'a>((after, plan): &'a (Catalog, Plan), other: &Plan) -> Vec<(&'a Id, String)> {
    let dropped = touched(other).filter(|(_, action)| *action == Action::Drop);
    let dropped = dropped.map(|(id, _)| (id.full_path(), format!("{id} is dropped")));
    let renamed = other.decisions.iter().filter_map(|decision| match decision {
        Decision::Rename(old, new) => Some((old.clone(), format!("{old} is renamed to {new}"))),
        Decision::Create(_) => None,
    });
    let away: Vec<(String, String)> = dropped.chain(renamed).collect();
    let needs_of = after.planned_needs();
    let mut found = Vec::new();
    for (id, _) in touched(plan).filter(|(_, action)| *action != Action::Drop) {
        let mut needs: Vec<String> = needs_of(id).iter().map(Id::full_path).collect();
        needs.push(id.full_path());
        if let Some((_, how)) = away.iter().find(|(away, _)| needs.contains(away)) {
            found.push((id, how.clone()));
        }
    }
    found
}

fn touched(plan: &Plan) -> impl Iterator<Item = (&Id, Action)> {
    plan.steps.iter().map(|step| (&step.object, step.action))
}

fn done(action: Action) -> &'static str {
    match action {
        Action::Create => "made",
        Action::Alter => "altered",
        Action::Rename => "renamed",
        Action::Drop => "dropped",
    }
}
