//! A plan is run in scratch before it is written.

use driftless_catalog::{Catalog, Decision, Plan};
use driftless_diagnostic::{Diagnostic, Failure};
use driftless_migrations::folder::Folder;
use driftless_migrations::ledger::MigrationFile;
use driftless_migrations::snapshot::Snapshot;
use driftless_report::Sheet;

use super::answered_plan;
use super::answers::Answers;
use crate::args;
use crate::database::block_on;
use crate::exit::Result;
use crate::project::{self, Difference, Planned};
use crate::proof::{Before, Both, Proof};
use crate::scratch::{Choice, Engine};
use crate::settings::Settings;
use crate::sides;
use crate::tried::{self, Tried};
use crate::ui::Ui;

/// Declared and history as scratch Postgres reads them.
pub(super) struct Replayed {
    both: Both,
    files: Vec<MigrationFile>,
    scratch: Choice,
    /// Whether the newest snapshot is not what the migrations make.
    behind: bool,
    /// Whether SQL files declare something.
    sql: bool,
}

impl Replayed {
    /// The same where a scratch that is quick to start is at hand and the folder can be replayed in
    /// it; elsewhere it is told why the plan stays unproven.
    pub(super) fn at_hand(
        args: &args::Scratch,
        settings: &Settings,
        folder: &Folder,
        declared: &Snapshot,
        ui: &mut Ui,
    ) -> Result<Option<Self>> {
        let unproven = |why: &str, ui: &mut Ui| {
            ui.status(&format!("unproven: {why}"));
            Ok(None)
        };
        let scratch = match Choice::new(settings, args, None) {
            Ok(scratch) => scratch,
            Err(stop) => return unproven(&first_words(&stop.failure), ui),
        };
        if matches!(scratch.engine, Engine::Embedded) {
            let why = format!("{}; --prove uses the embedded one", scratch.why);
            return unproven(&why, ui);
        }
        match Self::read(scratch, settings, folder, declared, ui) {
            Ok(replayed) => Ok(Some(replayed)),
            // Nothing else that a migration makes would help.
            Err(stop) if refuses(&stop.failure) => {
                let found = stop.failure.into_diagnostics().into_iter();
                let found = found.map(|one| one.note("nothing was written"));
                Err(Failure::new(found.collect()).into())
            }
            Err(stop) => {
                let more = match stop.failure.diagnostics().first() {
                    Some(one) if one.code == sides::LACKS => {
                        "what a provider makes is said by `setup` under [scratch] in driftless.toml"
                    }
                    _ => "`driftless check --replay` tells more",
                };
                let why = format!("{}; {more}", first_words(&stop.failure));
                unproven(&why, ui)
            }
        }
    }

    /// Loads both, and the newest snapshot to see whether it can be built upon.
    pub(super) fn read(
        scratch: Choice,
        settings: &Settings,
        folder: &Folder,
        declared: &Snapshot,
        ui: &mut Ui,
    ) -> Result<Self> {
        let files = sides::history(folder, None)?;
        let before = Before::end(folder)?;
        // A snapshot holds nothing of what SQL files declare.
        let sql = project::has_sql(settings, folder)?;
        let (both, behind) = block_on(async {
            let both = Both::read(&files, &before, declared, settings, &scratch, ui).await?;
            let behind = !sql && {
                let newest = &before.snapshot;
                match Both::read(&files, &before, newest, settings, &scratch, ui).await {
                    Ok(before) => !before.plan(&[])?.is_empty(),
                    // One that Postgres does not take is not what migrations made either.
                    Err(_) => true,
                }
            };
            Ok((both, behind))
        })?;
        Ok(Self {
            both,
            files,
            scratch,
            behind,
            sql,
        })
    }

    /// The plan by snapshots, or by the replayed folder where the newest snapshot does not tell the
    /// difference, or does not know of what migrations made by hand on top of what changes.
    pub(super) fn planned(
        &self,
        by_snapshot: impl Fn(&[Decision]) -> driftless_diagnostic::Result<Difference>,
        planned: Planned,
        answers: &mut Answers<'_>,
        settings: &Settings,
        ui: &mut Ui,
    ) -> Result<Option<Plan>> {
        let Both {
            history, declared, ..
        } = &self.both;
        let by_folder = |decisions: &[Decision]| {
            let outcome = planned(&history.catalog, declared, decisions)?;
            Ok(Difference::Outcome(outcome))
        };
        if self.behind || self.sql {
            return answered_plan(by_folder, answers, ui);
        }
        let Some(plan) = answered_plan(by_snapshot, answers, ui)? else {
            return Ok(None);
        };
        let proof = self
            .both
            .prove(&plan, &self.files, settings, &self.scratch, ui);
        match block_on(proof)? {
            Proof::Holds => Ok(Some(plan)),
            _ => answered_plan(by_folder, answers, ui),
        }
    }

    /// Whether the migrations make what is declared already, whatever the newest snapshot says.
    pub(super) fn is_in_step(&self) -> Result<bool> {
        Ok(self.both.plan(&[])?.is_empty())
    }

    /// What the migrations make.
    pub(super) fn history(&self) -> &Catalog {
        &self.both.history.catalog
    }

    /// What SQL files speak for, where they do or did.
    pub(super) fn scopes(&self) -> Option<&[String]> {
        self.both.scopes.as_deref()
    }

    /// Runs scripts behind the replayed folder, and measures what they do.
    pub(super) fn try_out(
        &self,
        scripts: &[MigrationFile],
        settings: &Settings,
        ui: &mut Ui,
    ) -> Result<Vec<Tried>> {
        let tried = tried::in_scratch(&self.files, scripts, settings, &self.scratch, ui);
        block_on(tried)
    }

    /// Runs the plan behind the replayed folder; an error unless that leads to what is declared.
    pub(super) fn prove(&self, plan: &Plan, settings: &Settings, ui: &mut Ui) -> Result<()> {
        let proof = self
            .both
            .prove(plan, &self.files, settings, &self.scratch, ui);
        holds(block_on(proof)?)?;
        if self.behind {
            ui.tell(
                &Diagnostic::info(
                    "snapshot-behind",
                    "the newest snapshot is not what the migrations make: planned from the replayed folder",
                )
                .note("a hand-written migration changed what schema.ts declares as well"),
            );
        }
        ui.field("proven", true);
        ui.status("proven in scratch: after it, the migrations make what is declared");
        Ok(())
    }
}

fn refuses(failure: &Failure) -> bool {
    let mut found = failure.diagnostics().iter();
    found.any(|one| one.code == sides::REFUSES)
}

fn first_words(failure: &Failure) -> String {
    let first = failure.diagnostics().first();
    first.map_or_else(String::new, |first| first.message.clone())
}

/// An error unless the plan leads to what is declared.
fn holds(proof: Proof) -> Result<()> {
    match proof {
        Proof::Holds => Ok(()),
        Proof::Leaves(rest) => Err(Diagnostic::error(
            "unproven",
            "the plan does not lead to what is declared: nothing was written",
        )
        .note(format!(
            "still missing after it:\n{}",
            driftless_report::sql(&rest, Sheet::PLAIN).trim_end()
        ))
        .help(
            "this is a bug: please report the schema; with --no-prove the plan is written as it is",
        )
        .into()),
        Proof::Refused(failure) => {
            let mut found = failure.into_diagnostics();
            for one in &mut found {
                one.notes.push("nothing was written".to_owned());
            }
            Err(Failure::new(found).into())
        }
    }
}
