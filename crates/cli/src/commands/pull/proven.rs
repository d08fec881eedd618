//! The sources of a database, loaded and compared before anything is written.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use driftless_catalog::kinds::ViewColumn;
use driftless_catalog::{Catalog, Id, Plan, scopes};
use driftless_diagnostic::{Diagnostic, Failure};
use driftless_migrations::drizzle;
use driftless_migrations::snapshot::Snapshot;
use driftless_postgres::Session;
use driftless_sources::pull::{self, Pulled, Request, root};
use driftless_sources::script::{self, Limits, SchemaRequest};
use driftless_sources::sql::SqlFile;

use super::layout::Layout;
use crate::args::Pull;
use crate::drift::by_object;
use crate::exit::Result;
use crate::filters;
use crate::proof::without_renames;
use crate::roles;
use crate::scratch::Choice;
use crate::settings::Settings;
use crate::sides;
use crate::ui::Ui;
use crate::unmodelled::Unmodelled;

/// How often objects are moved to SQL before it is given up.
const ATTEMPTS: usize = 8;

/// Sources that come to the database as it is.
pub(super) struct Proven {
    pub(super) pulled: Pulled,
    /// What `schema.ts` declares.
    pub(super) snapshot: Snapshot,
    /// What makes the database from nothing.
    pub(super) baseline: Plan,
    /// What SQL files speak for, where there are some.
    pub(super) scopes: Option<Vec<String>>,
}

impl Proven {
    pub(super) async fn read(
        session: Session,
        materialized: &BTreeMap<(String, String), Vec<ViewColumn>>,
        args: &Pull,
        settings: &Settings,
        layout: &Layout,
        ui: &mut Ui,
    ) -> Result<Self> {
        let scratch = Choice::new(settings, &args.scratch, Some(session.server().major()))?;
        let mut live = sides::live(session, settings).await?;
        let mut unmodelled = Unmodelled::new(settings);
        let found = unmodelled.findings(&live, "the database");
        if !found.is_empty() {
            return Err(Failure::new(found).into());
        }
        let bare = sides::bare(settings, &scratch, ui).await?;
        roles::forget_foreign(&mut live.catalog, |id| is_managed(id, settings));
        filters::apply(&mut live.catalog, settings)?;
        let (live, bare) = (&live.catalog, &bare.catalog);
        let baseline = without_renames(bare, live, &[])?;
        if baseline.is_empty() {
            return Err(
                Diagnostic::error("nothing-to-pull", "the database has no schema to pull")
                    .help(
                        "connect to another database, or run `driftless migrate` to fill this one",
                    )
                    .into(),
            );
        }
        let after = sides::replayed_and(&[], &baseline, settings, &scratch, ui).await?;
        let rest = without_renames(live, &after.catalog, &[])?;
        if !rest.is_empty() {
            return Err(differs("the first migration", &rest).into());
        }
        let mut in_sql = BTreeSet::new();
        let mut one_file = false;
        let mut attempts = 0..ATTEMPTS;
        loop {
            let pulled = pull::pull(&Request {
                live,
                bare,
                materialized,
                casing: super::casing(args, settings),
                every_name: settings.config.casing.is_some(),
                in_sql: &in_sql,
                one_file,
            })?;
            let snapshot = evaluated(&pulled, settings)?;
            let files = layout.sql_files(&pulled)?;
            let last = attempts.next().is_none();
            let declared = sides::declared(&snapshot, &files, settings, &scratch, ui).await;
            let declared = match declared {
                Ok(declared) => declared,
                // Names in the statements did not tell an order; the plan has one.
                Err(_) if !one_file && !last => {
                    let before = in_sql.len();
                    in_sql.extend(pulled.leaning);
                    one_file = in_sql.len() == before;
                    continue;
                }
                Err(stop) => return Err(stop),
            };
            let rest = difference(&declared.catalog, live)?;
            if rest.is_empty() {
                let known = drizzle::catalog(&snapshot)?;
                let alone = sides::made(&known, settings, &scratch, ui).await.ok();
                let beside = alone.as_ref().map(|reading| &reading.catalog);
                return Ok(Self {
                    scopes: (!pulled.sql.is_empty()).then(|| scopes(live, bare, &known, beside)),
                    pulled,
                    snapshot,
                    baseline,
                });
            }
            let before = in_sql.len();
            in_sql.extend(by_object(&rest).into_iter().map(|(id, ..)| root(id)));
            if in_sql.len() == before || last {
                return Err(differs("what would be written", &rest).into());
            }
        }
    }
}

/// Both ways: there are changes that only one way needs.
fn difference(declared: &Catalog, live: &Catalog) -> driftless_diagnostic::Result<Plan> {
    let there = without_renames(declared, live, &[])?;
    if there.is_empty() {
        without_renames(live, declared, &[])
    } else {
        Ok(there)
    }
}

fn differs(what: &str, rest: &Plan) -> Failure {
    let found = by_object(rest).into_iter().map(|(id, _, sql)| {
        Diagnostic::error(
            "pull-differs",
            format!("{what} does not come to the database as it is: {id} differs"),
        )
        .note(format!("what would still be missing:\n{}", sql.join("\n")))
        .note("nothing was written")
        .help("this is a defect of Driftless; please report it with that object's definition")
    });
    Failure::new(found.collect())
}

/// What `schema.ts` declares, from a copy of it that nobody else sees.
fn evaluated(pulled: &Pulled, settings: &Settings) -> Result<Snapshot> {
    const NAME: &str = "schema.ts";
    let Some(text) = &pulled.typescript else {
        return Ok(Snapshot::empty());
    };
    let unwritable = |error: std::io::Error| {
        Diagnostic::error(
            "temporary-file",
            format!("schema.ts cannot be tried: {error}"),
        )
        .help("make room for temporary files")
    };
    let folder = tempfile::Builder::new()
        .prefix("driftless-")
        .tempdir()
        .map_err(unwritable)?;
    fs_err::write(folder.path().join(NAME), text).map_err(unwritable)?;
    let root = Utf8PathBuf::from_path_buf(folder.path().to_owned()).map_err(|path| {
        Diagnostic::error(
            "temporary-file",
            format!("schema.ts cannot be tried: {} is not UTF-8", path.display()),
        )
        .help("set TMPDIR to another folder")
    })?;
    let declared = script::load(&SchemaRequest {
        root,
        files: vec![NAME.to_owned()],
        casing: settings.config.casing,
        env: BTreeMap::new(),
        limits: Limits::default(),
        allow_empty: true,
        kept: None,
    })?;
    Ok(declared.snapshot)
}

/// Whether the config says that a role is the project's, whatever speaks of it.
fn is_managed(role: &Id, settings: &Settings) -> bool {
    let roles = &settings.config.roles;
    let named = |names: &[String]| names.iter().any(|name| *name == role.name);
    roles.managed
        && !named(&roles.exclude)
        && (named(&roles.include) || roles.include.is_empty() && roles.provider.is_none())
}

impl Layout {
    /// The SQL files as they will be read.
    fn sql_files(&self, pulled: &Pulled) -> driftless_diagnostic::Result<Vec<SqlFile>> {
        let files = pulled.sql.iter();
        files
            .map(|file| SqlFile::new(&self.sql_path(&file.name), file.text.clone().into_bytes()))
            .collect()
    }
}
