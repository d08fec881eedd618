//! Each migration on top of what comes before it now.

use std::borrow::Cow;

use driftless_catalog::{self as catalog, Decision, Outcome, Plan};
use driftless_diagnostic::Diagnostic;
use driftless_migrations::folder::Folder;
use driftless_migrations::record::{Decisions, Kind};
use driftless_migrations::sha256;
use driftless_migrations::snapshot::Snapshot;
use driftless_migrations::write::{Moved, NewMigration, TEMPLATE};

use super::behind::{Seen, scopes};
use super::edits::{allowed_in, edited, is_edited};
use super::later::Later;
use crate::args::Rebase;
use crate::commands::generate::answers::{Answers, Flags, Purpose};
use crate::commands::generate::files;
use crate::exit::Result;
use crate::git::Revision;
use crate::project::{self, Difference};
use crate::settings::Settings;
use crate::ui::Ui;

/// What became of a migration.
pub(super) struct Fate {
    pub(super) old: String,
    /// `text-kept`, `same-sql`, `generated-again`, `with-another` or `not-needed`.
    pub(super) how: &'static str,
    /// How many files it is now.
    pub(super) files: usize,
    /// What it does, where that is not what it did.
    pub(super) plan: Option<Plan>,
}

/// The migrations so far, and the state that they lead to.
pub(super) struct Again<'a> {
    args: &'a Rebase,
    base: &'a Revision,
    /// What schema.ts declares, once it is merged.
    declared: Option<&'a Snapshot>,
    /// SQL files declare something that no snapshot holds.
    sql: bool,
    /// What Postgres said of the migrations where they do.
    seen: Option<Seen>,
    /// How many migrations have been added.
    count: usize,
    /// What they speak for at the end of both branches.
    scopes: Option<Vec<String>>,
    state: Snapshot,
    /// Whether the state is the declared one, so that nothing is left for the rest.
    arrived: bool,
    /// What the change before did on its own branch, for the files that it takes besides its first.
    made: Option<Plan>,
    /// The state to which the generated migration right before led on its own branch.
    last: Option<String>,
    moved: Vec<Moved<'static>>,
    fates: Vec<Fate>,
    /// Hashes of the base's files.
    on_base: Vec<String>,
    /// Flags that no plan has used so far.
    unused: Vec<Decision>,
}

impl<'a> Again<'a> {
    pub(super) fn new(
        args: &'a Rebase,
        settings: &Settings,
        onto: &Folder,
        later: &[Later],
        declared: Option<&'a Snapshot>,
        base: &'a Revision,
    ) -> Result<Self> {
        let mut unused = args.answers.rename.clone();
        unused.extend(args.answers.create.iter().cloned().map(Decision::Create));
        let scripts = onto.migrations.iter().filter_map(|one| one.script.as_ref());
        Ok(Self {
            args,
            base,
            declared,
            sql: project::has_sql(settings, onto)?,
            seen: None,
            count: 0,
            scopes: scopes(onto, later),
            state: onto.newest_snapshot()?,
            arrived: false,
            made: None,
            last: None,
            moved: Vec::new(),
            fates: Vec::new(),
            on_base: scripts.map(|script| script.hash.clone()).collect(),
            unused,
        })
    }

    /// Adds the next one; `rest` are those that follow.
    pub(super) fn add(&mut self, one: &Later, rest: &[Later], ui: &mut Ui) -> Result<()> {
        self.count += 1;
        if one.kind == Kind::Custom {
            return self.keep(one, ui);
        }
        if self.sql {
            return self.as_seen(one, rest, ui);
        }
        if !one.changes_state() {
            let state = one.after.as_ref().map(Snapshot::fingerprint);
            return if state.is_some() && state == self.last {
                self.went_with_another(one)
            } else {
                // It makes what no snapshot says.
                self.keep(one, ui)
            };
        }
        self.last = one.after.as_ref().map(Snapshot::fingerprint);
        let target = self.target(one, rest)?;
        let mut answers = answers(self.args, std::slice::from_ref(one));
        let Some(plan) = plan(&self.state, &target, &mut answers, ui)? else {
            self.state = target;
            self.made = None;
            self.told(one, "not-needed");
            return Ok(());
        };
        self.unused.retain(|flag| plan.unused.contains(flag));
        let before = match &one.after {
            Some(after) => {
                match project::difference(&one.before, after, &answers.decisions, catalog::plan)? {
                    Difference::Outcome(Outcome::Plan(plan)) => Some(plan),
                    Difference::Outcome(Outcome::Questions(_)) | Difference::InStep => None,
                }
            }
            None => None,
        };
        let same = before
            .as_ref()
            .is_some_and(|before| same_sql(before, &plan));
        let batches = plan.batches();
        // Files that do the same as before are kept, however many they are.
        let kept: Vec<&Later> = if same {
            files_of(one, rest)
        } else {
            Vec::new()
        };
        if !same && !self.args.discard_edits && is_edited(one, &before) {
            return Err(edited(one, self.base, &plan).into());
        }
        if !same {
            answers.allow_hazards(&plan, ui)?;
        }
        answers.tell_remembered(&plan, "", ui);
        let chunks: Vec<_> = match kept.as_slice() {
            [] => batches
                .iter()
                .map(|batch| (None, files::chunks(batch)))
                .collect(),
            kept => kept.iter().map(|file| (Some(*file), Vec::new())).collect(),
        };
        let files = chunks.len();
        self.state = target;
        for (at, (kept, chunks)) in chunks.into_iter().enumerate() {
            let decisions = match at {
                0 => files::decisions(&plan),
                _ => Decisions::default(),
            };
            match kept {
                Some(file) => self.push_text(one, file, decisions),
                None => self.push_chunks(one, at, chunks, decisions),
            }
        }
        // Files that are kept are not asked about.
        self.made = before.filter(|_| kept.is_empty());
        let how = if same { "same-sql" } else { "generated-again" };
        self.fate(one, how, files, (!same).then_some(plan));
        Ok(())
    }

    /// Takes over what Postgres said of all that are to be added.
    pub(super) fn with(mut self, seen: Option<Seen>) -> Self {
        if let Some(Seen::Again(_, plan)) = &seen {
            self.unused.retain(|flag| plan.unused.contains(flag));
        }
        Self { seen, ..self }
    }

    /// One that was generated where SQL files declare a part.
    fn as_seen(&mut self, one: &Later, rest: &[Later], ui: &mut Ui) -> Result<()> {
        let again = match &self.seen {
            None => return self.keep(one, ui),
            Some(Seen::AllServe) => None,
            Some(Seen::Again(at, plan)) => Some((*at, plan)),
        };
        let index = self.count - 1;
        let plan = match again {
            Some((at, _)) if index > at => {
                self.told(one, "with-another");
                return Ok(());
            }
            Some((at, plan)) if index == at => plan.clone(),
            _ => {
                self.state = self.target(one, rest)?;
                self.push_text(one, one, one.decisions.clone());
                self.fate(one, "same-sql", 1, None);
                return Ok(());
            }
        };
        self.state = self.arrived().unwrap_or_else(|| self.state.clone());
        self.arrived = true;
        if plan.is_empty() {
            self.told(one, "not-needed");
            return Ok(());
        }
        let batches = plan.batches();
        for (at, batch) in batches.iter().enumerate() {
            let decisions = match at {
                0 => files::decisions(&plan),
                _ => Decisions::default(),
            };
            self.push_chunks(one, at, files::chunks(batch), decisions);
        }
        let files = batches.len();
        self.fate(one, "generated-again", files, Some(plan));
        Ok(())
    }

    fn push_text(&mut self, one: &Later, file: &Later, decisions: Decisions) {
        let name = Some(file.slug().to_owned());
        self.push(one, name, decisions, Err(file.text.clone()));
    }

    fn push_chunks(&mut self, one: &Later, at: usize, chunks: Vec<String>, decisions: Decisions) {
        let name = files::name(Some(one.slug()), at, false);
        self.push(one, name, decisions, Ok(chunks));
    }

    /// A file that leads to the state of now: of statements, or as it was.
    fn push(
        &mut self,
        one: &Later,
        name: Option<String>,
        decisions: Decisions,
        content: std::result::Result<Vec<String>, String>,
    ) {
        let (chunks, text) = match content {
            Ok(chunks) => (chunks, None),
            Err(text) => (Vec::new(), Some(text)),
        };
        self.moved.push(Moved {
            new: NewMigration {
                name,
                chunks,
                kind: one.kind,
                draft: false,
                snapshot: Some(Cow::Owned(self.state.clone())),
                decisions,
                scopes: self.scopes.clone().filter(|_| one.scopes.is_some()),
            },
            text,
            breakpoints: one.breakpoints,
        });
    }

    /// All of them; an error for a flag that fits none.
    pub(super) fn end(self) -> Result<(Vec<Moved<'static>>, Vec<Fate>)> {
        let flags = Flags::of(&self.args.answers, Purpose::writes("rebase"));
        Answers::new(&flags, Vec::new()).all_used(&self.unused)?;
        Ok((self.moved, self.fates))
    }

    /// No file of its own is made of it.
    fn told(&mut self, one: &Later, how: &'static str) {
        self.fate(one, how, 0, None);
    }

    fn fate(&mut self, one: &Later, how: &'static str, files: usize, plan: Option<Plan>) {
        self.fates.push(Fate {
            old: one.tag.clone(),
            how,
            files,
            plan,
        });
    }

    /// A change that takes several files has its state in the first already.
    fn went_with_another(&mut self, one: &Later) -> Result<()> {
        if let Some(made) = &self.made
            && !self.args.discard_edits
            && is_edited(one, [made])
        {
            return Err(edited(one, self.base, made).into());
        }
        self.told(one, "with-another");
        Ok(())
    }

    /// A hand-written migration keeps its text, and does to the declared state what it did. One that
    /// came to the base by another way would run twice.
    fn keep(&mut self, one: &Later, ui: &mut Ui) -> Result<()> {
        self.last = None;
        let is_written = !one.text.trim().is_empty() && one.text != TEMPLATE;
        if is_written && self.on_base.contains(&sha256(one.text.as_bytes())) {
            self.told(one, "not-needed");
            return Ok(());
        }
        if let Some(after) = one
            .after
            .as_ref()
            .filter(|_| !self.arrived && one.changes_state())
        {
            match self.state.with_change(&one.before, after)? {
                Ok(state) => self.state = state,
                Err(parts) => ui.tell(
                    &Diagnostic::warning(
                        "snapshot-not-carried",
                        format!(
                            "the snapshot of {} is the one before it: {} changed the same part",
                            one.tag, self.base.name
                        ),
                    )
                    .note(format!("in conflict: {}", parts.join(", ")))
                    .help("when the folder is written, run `driftless snapshot`"),
                ),
            }
        }
        self.push_text(one, one, one.decisions.clone());
        self.fate(one, "text-kept", 1, None);
        Ok(())
    }

    /// The state after a migration: its change made in the state of now. The last one leads to what
    /// schema.ts declares; and so does one whose change cannot be made, because the base has changed
    /// the same part: then schema.ts says what came of both.
    fn target(&mut self, one: &Later, rest: &[Later]) -> Result<Snapshot> {
        if self.arrived {
            return Ok(self.state.clone());
        }
        let is_last = !rest.iter().any(Later::changes_state);
        let carried = match &one.after {
            Some(after) => self.state.with_change(&one.before, after)?,
            None => Err(Vec::new()),
        };
        match (carried, self.arrived()) {
            (Ok(state), None) => Ok(state),
            (Ok(state), Some(_)) if !is_last => Ok(state),
            (_, Some(declared)) => {
                self.arrived = true;
                Ok(declared)
            }
            (Err(parts), None) => Err(self.undecided(one, &parts).into()),
        }
    }

    /// What is declared, as the state that follows the one of now.
    fn arrived(&self) -> Option<Snapshot> {
        Some(Snapshot {
            id: self.state.id.clone(),
            prev_id: self.state.prev_id.clone(),
            ..self.declared?.clone()
        })
    }

    fn undecided(&self, one: &Later, parts: &[String]) -> Diagnostic {
        let diagnostic = if parts.is_empty() {
            Diagnostic::error(
                "snapshot-missing",
                format!(
                    "no commit has the snapshot of {}, so its change is not known",
                    one.tag
                ),
            )
        } else {
            Diagnostic::error(
                "change-undecided",
                format!(
                    "{} and {} change the same part, each in its own way",
                    one.tag, self.base.name
                ),
            )
            .note(format!("in conflict: {}", parts.join(", ")))
        };
        diagnostic.note("nothing was written").help(format!(
            "merge {}, decide in schema.ts what it shall be, and run `driftless rebase` again",
            self.base.name
        ))
    }
}

/// The flags, and what was decided for some migrations.
pub(super) fn answers<'a>(args: &'a Rebase, some: &[Later]) -> Answers<'a> {
    let remembered = some.iter().flat_map(|one| {
        let decisions = super::decisions(&one.decisions).into_iter();
        decisions.map(|decision| (one.tag.clone(), decision))
    });
    let flags = Flags::of(&args.answers, Purpose::writes("rebase"));
    let mut answers = Answers::new(&flags, remembered.collect());
    let allowed = some.iter().flat_map(|one| allowed_in(&one.text));
    answers.allowed_before(allowed.collect());
    answers
}

/// Plans, asking until every rename is decided; `None` when there is nothing to do.
fn plan(
    from: &Snapshot,
    to: &Snapshot,
    answers: &mut Answers<'_>,
    ui: &mut Ui,
) -> Result<Option<Plan>> {
    let difference =
        |decisions: &[Decision]| project::difference(from, to, decisions, catalog::plan);
    let plan = super::super::generate::answered_plan(difference, answers, ui)?;
    Ok(plan.filter(|plan| !plan.is_empty()))
}

/// A change that takes several files has its state in the first already.
fn files_of<'l>(one: &'l Later, rest: &'l [Later]) -> Vec<&'l Later> {
    let more = rest
        .iter()
        .take_while(|next| next.kind == Kind::Generated && !next.changes_state());
    [one].into_iter().chain(more).collect()
}

fn same_sql(one: &Plan, other: &Plan) -> bool {
    let sql = |plan: &Plan| {
        plan.steps
            .iter()
            .map(|step| step.sql.clone())
            .collect::<Vec<_>>()
    };
    sql(one) == sql(other)
}
