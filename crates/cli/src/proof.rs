//! What scratch Postgres says about declared, history, and a plan between them.

use std::borrow::Cow;

use driftless_catalog::{
    self as catalog, Catalog, Decision, Plan, Words, completed, plan_as_decided,
};
use driftless_migrations::drizzle;
use driftless_migrations::folder::Folder;
use driftless_migrations::ledger::MigrationFile;
use driftless_migrations::snapshot::Snapshot;
use driftless_postgres::Reading;

use crate::exit::Result;
use crate::project;
use crate::scratch::Choice;
use crate::settings::Settings;
use crate::sides;
use crate::ui::Ui;

/// Declared and history as one Postgres spells them.
pub(crate) struct Both {
    /// The folder replayed.
    pub(crate) history: Reading,
    /// What is declared, completed by what history keeps.
    pub(crate) declared: Catalog,
    /// What SQL files speak for, where they do or did.
    pub(crate) scopes: Option<Vec<String>>,
}

/// What was declared when the last of some migrations was written.
#[derive(Debug, Clone)]
pub(crate) struct Before<'a> {
    pub(crate) snapshot: Cow<'a, Snapshot>,
    /// As the record keeps them.
    pub(crate) scopes: Option<&'a [String]>,
}

impl<'a> Before<'a> {
    /// The end of a folder.
    pub(crate) fn end(folder: &'a Folder) -> driftless_diagnostic::Result<Self> {
        Ok(Self {
            snapshot: project::newest(folder)?,
            scopes: folder.record.scopes(),
        })
    }
}

/// What became of a plan in scratch.
pub(crate) enum Proof {
    /// After it, history is what is declared.
    Holds,
    /// After it, this would still be missing.
    Leaves(Plan),
    /// Postgres refuses it.
    Refused(driftless_diagnostic::Failure),
}

impl Both {
    /// Loads and reads both; `before` is how the files end.
    pub(crate) async fn read(
        files: &[MigrationFile],
        before: &Before<'_>,
        declared: &Snapshot,
        settings: &Settings,
        scratch: &Choice,
        ui: &mut Ui,
    ) -> Result<Self> {
        let history = sides::replayed(files, settings, scratch, ui).await?;
        let sql = project::declared_sql(settings)?;
        let snapshot = drizzle::catalog(declared)?;
        // It may need what SQL files declare.
        let beside = if sql.is_empty() {
            None
        } else {
            sides::made(&snapshot, settings, scratch, ui).await.ok()
        };
        let beside = beside.as_ref().map(|reading| &reading.catalog);
        let words = if sql.is_empty() {
            Words::SchemaTs
        } else {
            Words::Sql {
                beside,
                known: Some(&snapshot),
            }
        };
        let declared = sides::declared(declared, &sql, settings, scratch, ui).await?;
        let bare = sides::bare(settings, scratch, ui).await?;
        let names = drizzle::catalog(&before.snapshot)?;
        let are_spoken = !sql.is_empty() || before.scopes.is_some_and(|some| !some.is_empty());
        let known = catalog::Before {
            names: &names,
            scopes: before.scopes.unwrap_or_default(),
        };
        let (declared, bare) = (&declared.catalog, &bare.catalog);
        Ok(Self {
            scopes: are_spoken.then(|| {
                if sql.is_empty() {
                    Vec::new()
                } else {
                    catalog::scopes(declared, bare, &snapshot, beside)
                }
            }),
            declared: completed(declared, &history.catalog, bare, words, Some(known)),
            history,
        })
    }

    /// The way from history to what is declared; the decisions say what is a rename, and all else
    /// is none.
    pub(crate) fn plan(&self, decisions: &[Decision]) -> driftless_diagnostic::Result<Plan> {
        without_renames(&self.history.catalog, &self.declared, decisions)
    }

    /// Replays history and runs the plan behind it.
    pub(crate) async fn prove(
        &self,
        plan: &Plan,
        files: &[MigrationFile],
        settings: &Settings,
        scratch: &Choice,
        ui: &mut Ui,
    ) -> Result<Proof> {
        let after = match sides::replayed_and(files, plan, settings, scratch, ui).await {
            Ok(reading) => reading,
            Err(stop) => return Ok(Proof::Refused(stop.failure)),
        };
        let rest = without_renames(&after.catalog, &self.declared, &[])?;
        Ok(if rest.is_empty() {
            Proof::Holds
        } else {
            Proof::Leaves(rest)
        })
    }
}

/// A plan in which nothing is a rename but what was decided.
pub(crate) fn without_renames(
    from: &Catalog,
    to: &Catalog,
    decisions: &[Decision],
) -> driftless_diagnostic::Result<Plan> {
    plan_as_decided(from, to, decisions)
}
