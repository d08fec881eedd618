//! Rows that migrations leave in the tables they make.

use std::collections::BTreeMap;

use driftless_catalog::Catalog;
use driftless_catalog::kinds::tables_with_rows;
use driftless_diagnostic::{Diagnostic, Failure};
use driftless_migrations::ledger::MigrationFile;
use driftless_migrations::run::{self, MigrateOptions};
use driftless_migrations::statements::split;
use driftless_postgres::{Session, literal};
use driftless_report::count;

use crate::exit::Result;
use crate::scratch::Choice;
use crate::settings::Settings;
use crate::ui::Ui;

/// How many there are in each table that has some, by its name in SQL.
pub(super) struct Rows {
    tables: BTreeMap<String, u64>,
    statements: usize,
}

impl Rows {
    /// Runs the migrations in scratch and counts.
    pub(super) async fn counted(
        files: &[MigrationFile],
        made: &Catalog,
        settings: &Settings,
        scratch: &Choice,
        ui: &mut Ui,
    ) -> Result<Self> {
        let selects: Vec<String> = tables_with_rows(made)
            .map(|(_, table)| format!("SELECT {}, count(*) FROM ONLY {table}", literal(&table)))
            .collect();
        let texts: Vec<_> = files.iter().map(|file| &file.source).collect();
        let options = MigrateOptions {
            ledger: settings.ledger(),
            lock_timeout: None,
            ..MigrateOptions::default()
        };
        let work = async |session: &mut Session| {
            run::migrate(session, files, &options, &mut |_| {}).await?;
            let mut counts = Vec::new();
            for select in &selects {
                let rows = session.texts(select).await;
                counts.extend(rows.map_err(|error| error.diagnostic("counting rows"))?);
            }
            Ok(counts)
        };
        let counts = scratch
            .used(
                settings,
                &texts,
                "counting rows in scratch Postgres",
                work,
                ui,
            )
            .await?;
        let tables = counts.into_iter().filter_map(|row| {
            let mut row = row.into_iter().flatten();
            let (table, number) = (row.next()?, row.next()?.parse().ok()?);
            (number > 0).then_some((table, number))
        });
        Ok(Self {
            tables: tables.collect(),
            statements: 0,
        })
    }

    /// The statements that write rows, in their order; none where no row is left in the end.
    pub(super) fn statements(&mut self, files: &[MigrationFile]) -> Vec<String> {
        if self.tables.is_empty() {
            return Vec::new();
        }
        let of_file = |file: &MigrationFile| {
            let text = file.source.text();
            let found = split(&file.source).statements.into_iter();
            let found = found.filter(|one| one.rows.is_some());
            found
                .map(|one| format!("{};\n", &text[one.range]))
                .collect::<Vec<_>>()
        };
        let statements: Vec<String> = files.iter().flat_map(of_file).collect();
        self.statements = statements.len();
        statements
    }

    /// What is lost without them.
    pub(super) fn left_out(&self) -> Vec<Diagnostic> {
        let lost = |(table, number): (&String, &u64)| {
            let rows = count(usize::try_from(*number).unwrap_or(usize::MAX), "row");
            Diagnostic::warning(
                "rows-left-out",
                format!(
                    "{rows} that the migrations put into {table} will not be in a new database"
                ),
            )
        };
        self.tables.iter().map(lost).collect()
    }

    /// An error for a table that has another number of them.
    pub(super) fn same_as(&self, after: &Self) -> Result<()> {
        let names = self.tables.keys().chain(after.tables.keys());
        let names: std::collections::BTreeSet<&String> = names.collect();
        let number =
            |rows: &Self, table: &String| rows.tables.get(table).copied().unwrap_or_default();
        let differing = names
            .into_iter()
            .filter(|table| number(self, table) != number(after, table));
        let found: Vec<Diagnostic> = differing
            .map(|table| {
                Diagnostic::error(
                    "rows-differ",
                    format!(
                        "the migrations leave {} in {table}, the statements of theirs that write rows leave {}",
                        number(self, table),
                        number(after, table)
                    ),
                )
                .note("the others' rows come from blocks, functions or triggers, or from a schema between")
                .note("nothing was written")
                .help("put those rows into a seed, and squash --without-rows")
                .help("or squash up to the migration before them: --to TAG")
            })
            .collect();
        if found.is_empty() {
            return Ok(());
        }
        Err(Failure::new(found).into())
    }

    pub(super) fn total(&self) -> u64 {
        self.tables.values().sum()
    }

    /// In words, behind what is made.
    pub(super) fn kept(&self) -> String {
        match (self.statements, self.tables.len()) {
            (0, _) => String::new(),
            (_, tables) => format!(
                ", with {} in {}",
                count(usize::try_from(self.total()).unwrap_or(usize::MAX), "row"),
                count(tables, "table")
            ),
        }
    }
}
