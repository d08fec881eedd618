//! What migrations do behind the base's where SQL files declare a part: no snapshot holds that, so
//! they are run in scratch Postgres.

use std::borrow::Cow;
use std::collections::BTreeSet;

use driftless_catalog::{Outcome, Plan, plan, plan_as_decided, plan_online};
use driftless_diagnostic::SourceFile;
use driftless_migrations::folder::Folder;
use driftless_migrations::ledger::MigrationFile;
use driftless_migrations::record::Kind;
use driftless_migrations::snapshot::Snapshot;

use super::again::answers;
use super::edits::{edited, is_edited};
use super::later::Later;
use crate::args::Rebase;
use crate::commands::generate::answered_plan;
use crate::database::block_on;
use crate::exit::Result;
use crate::git::Revision;
use crate::project::Difference;
use crate::proof::{Before, Both};
use crate::scratch::Choice;
use crate::settings::Settings;
use crate::sides;
use crate::ui::Ui;

/// What was seen: the texts lead to what is declared, or one is generated again.
pub(super) enum Seen {
    /// As they are.
    AllServe,
    /// All before this one serve; it gets this plan, and those generated after it are a part of it.
    Again(usize, Plan),
}

/// What to run, and where.
pub(super) struct Behind<'a> {
    args: &'a Rebase,
    settings: &'a Settings,
    base: &'a Revision,
    scratch: Choice,
    /// The base's files, and behind them those that move.
    files: Vec<MigrationFile>,
    /// How many of them are the base's.
    onto: usize,
    /// The state that the base's lead to.
    state: Snapshot,
    /// What SQL files spoke for at the end of any of them.
    scopes: Vec<String>,
    later: &'a [Later],
    declared: &'a Snapshot,
}

impl<'a> Behind<'a> {
    pub(super) fn new(
        args: &'a Rebase,
        settings: &'a Settings,
        base: &'a Revision,
        onto: &Folder,
        later: &'a [Later],
        declared: &'a Snapshot,
    ) -> Result<Self> {
        let mut files = sides::history(onto, None)?;
        let (count, last) = (files.len(), files.last().map_or(0, |file| file.when));
        files.extend(later.iter().map(Later::file));
        for (at, when) in (count..files.len()).zip(last + 1..) {
            files[at].when = when;
            let text = files[at].source.text();
            // What came to the base by another way is left out.
            if files[..count].iter().any(|one| one.source.text() == text) {
                files[at].source = SourceFile::new(files[at].source.path(), "-- done\n");
            }
        }
        Ok(Self {
            args,
            settings,
            base,
            scratch: Choice::new(settings, &args.scratch, None)?,
            files,
            onto: count,
            state: onto.newest_snapshot()?,
            scopes: scopes(onto, later).unwrap_or_default(),
            later,
            declared,
        })
    }

    /// Looks for the first that has to be generated again. Nothing where one that was written by
    /// hand fails first: that is somebody's to mend.
    pub(super) fn look(&self, ui: &mut Ui) -> Result<Option<Seen>> {
        let all = self.later.len();
        if let Ok(both) = self.both(all, ui)
            && both.plan(&[])?.is_empty()
        {
            return Ok(Some(Seen::AllServe));
        }
        let generated = |one: &&Later| one.kind == Kind::Generated;
        let mut serve = 0;
        while serve < all && self.replay(serve + 1, ui).is_ok() {
            serve += 1;
        }
        let at = match self.later.get(serve) {
            Some(fails) if !generated(&fails) => return Ok(None),
            Some(_) => serve,
            None => match self.later.iter().rposition(|one| generated(&one)) {
                Some(last) => last,
                None => return Ok(None),
            },
        };
        let plan = self.plan(at, ui)?;
        for one in self.later[at..].iter().filter(generated) {
            let made = self.made(one, ui);
            if !self.args.discard_edits && is_edited(one, &made) {
                return Err(edited(one, self.base, &plan).into());
            }
        }
        Ok(Some(Seen::Again(at, plan)))
    }

    /// The way from what comes before one to what is declared.
    fn plan(&self, at: usize, ui: &mut Ui) -> Result<Plan> {
        let both = self.both(at, ui)?;
        let mut answers = answers(self.args, &self.later[at..]);
        let by_folder = |decisions: &[_]| {
            let outcome = plan(&both.history.catalog, &both.declared, decisions)?;
            Ok(Difference::Outcome(outcome))
        };
        let plan = answered_plan(by_folder, &mut answers, ui)?.unwrap_or_default();
        answers.allow_hazards(&plan, ui)?;
        answers.tell_remembered(&plan, "", ui);
        Ok(plan)
    }

    /// What is declared, beside what the base's migrations and so many of the later ones make.
    fn both(&self, later: usize, ui: &mut Ui) -> Result<Both> {
        let mut state = self.state.clone();
        for one in &self.later[..later] {
            let after = one.after.as_ref();
            let carried = after.map(|after| state.with_change(&one.before, after));
            if let Some(Ok(carried)) = carried.transpose()? {
                state = carried;
            }
        }
        let before = Before {
            snapshot: Cow::Owned(state),
            scopes: Some(&self.scopes),
        };
        let files = &self.files[..self.onto + later];
        let (settings, scratch) = (self.settings, &self.scratch);
        block_on(Both::read(
            files,
            &before,
            self.declared,
            settings,
            scratch,
            ui,
        ))
    }

    fn replay(&self, later: usize, ui: &mut Ui) -> Result<()> {
        let files = &self.files[..self.onto + later];
        block_on(sides::replayed(files, self.settings, &self.scratch, ui))?;
        Ok(())
    }

    /// What one did on its own branch, as it may have been generated.
    fn made(&self, one: &Later, ui: &mut Ui) -> Vec<Plan> {
        let mut plans = || -> Result<Vec<Plan>> {
            let mut read =
                |files| block_on(sides::replayed(files, self.settings, &self.scratch, ui));
            let after = read(&one.branch)?.catalog;
            let before = read(&one.branch[..one.branch.len() - 1])?.catalog;
            let decided = super::decisions(&one.decisions);
            let mut plans = vec![plan_as_decided(&before, &after, &decided)?];
            if let Outcome::Plan(plan) = plan_online(&before, &after, &decided)? {
                plans.push(plan);
            }
            Ok(plans)
        };
        // What cannot be told from an edit counts as one.
        plans().unwrap_or_default()
    }
}

/// What SQL files speak for at the end of both branches, where they do.
pub(super) fn scopes(onto: &Folder, later: &[Later]) -> Option<Vec<String>> {
    let theirs = later.iter().filter_map(|one| one.scopes.as_deref());
    let mut all = onto.record.scopes().into_iter().chain(theirs).peekable();
    all.peek()?;
    let all: BTreeSet<&String> = all.flatten().collect();
    Some(all.into_iter().cloned().collect())
}
