//! A script as rules see it: statements with their trees, what exists when they run, and what was
//! measured of them.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use driftless_catalog::{Id, identifiers};
use driftless_diagnostic::SourceFile;
use driftless_migrations::run::{Measured, strength};
use driftless_migrations::statements::split;
use squawk_linter::Rule;
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast;

use crate::Script;
use crate::parsed::{Parsed, parsed};
use crate::reading::Altered;
use crate::world::{Log, World};

/// A script.
pub(crate) struct File<'a> {
    pub(crate) source: &'a SourceFile,
    pub(crate) statements: Vec<Statement<'a>>,
    /// Whether its statements run in one transaction.
    pub(crate) in_transaction: bool,
    /// Whether scratch Postgres ran it.
    pub(crate) measured: bool,
    /// What the scripts before it did that their catalogs may not tell.
    pub(crate) earlier: &'a Earlier,
}

/// What scripts did that a snapshot, which knows no state between them, does not tell.
#[derive(Debug, Default)]
pub(crate) struct Earlier {
    /// Check constraints, by table and name, with their expressions.
    pub(crate) checks: BTreeMap<(Id, String), String>,
    /// Those that were validated.
    pub(crate) validated: BTreeSet<(Id, String)>,
}

/// One statement of it.
pub(crate) struct Statement<'a> {
    pub(crate) index: usize,
    /// Bytes in the file.
    pub(crate) range: Range<usize>,
    /// Its text.
    pub(crate) sql: &'a str,
    /// Its tree.
    pub(crate) tree: Option<ast::Stmt>,
    pub(crate) parsed: Parsed,
    /// What it does to a table that was there before the file, once somebody asked.
    pub(crate) altered: OnceCell<Option<Altered>>,
    /// Why it cannot run in a transaction, if it cannot.
    pub(crate) alone: bool,
    pub(crate) measured: Option<&'a Measured>,
    /// What is there before it.
    pub(crate) world: World<'a>,
    /// Locks on tables that were there before the file, by schema and name, while it runs: its own
    /// and those of the statements before it.
    held: BTreeMap<(String, String), usize>,
    /// Those that it took itself.
    pub(crate) took: BTreeMap<(String, String), usize>,
}

/// Who waits while a statement runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Blocks {
    /// Nobody who reads or writes rows.
    Nobody,
    /// Whoever writes.
    Writers,
    /// Whoever reads or writes.
    Everybody,
}

impl<'a> File<'a> {
    /// Reads a script; `squawks` are the rules of squawk's that look at it.
    pub(crate) fn new(script: &Script<'a>, squawks: &[Rule], earlier: &'a Earlier) -> Self {
        let split = split(script.source);
        let in_transaction = !split.no_transaction;
        // What was measured of another text says nothing about this one.
        let measured = script
            .measured
            .filter(|all| all.len() == split.statements.len());
        let text = script.source.text();
        let texts: Vec<&str> = split
            .statements
            .iter()
            .map(|one| &text[one.range.clone()])
            .collect();
        let all = parsed(&texts, squawks);
        let mut log = Log::default();
        for (index, parsed) in all.iter().enumerate() {
            if let Some(tree) = parsed.parse.tree().stmts().next() {
                log.after(script.before, index, &tree);
            }
        }
        let log = Rc::new(log);
        let mut held = BTreeMap::new();
        let mut statements = Vec::new();
        for (index, (statement, parsed)) in split.statements.into_iter().zip(all).enumerate() {
            let sql = &text[statement.range.clone()];
            let tree = parsed.parse.tree().stmts().next();
            let measured = measured.map(|all| &all[index]);
            let took: BTreeMap<_, _> = measured.map(locks).unwrap_or_default();
            for (table, mode) in &took {
                held.insert(table.clone(), *mode);
            }
            statements.push(Statement {
                index,
                range: statement.range,
                sql,
                tree,
                parsed,
                altered: OnceCell::new(),
                alone: statement.alone.is_some(),
                measured,
                world: World::new(script.before, &log, index),
                held: held.clone(),
                took,
            });
            if !in_transaction {
                held.clear();
            }
        }
        Self {
            source: script.source,
            statements,
            in_transaction,
            measured: measured.is_some(),
            earlier,
        }
    }
}

impl Statement<'_> {
    /// Where a node of its tree is in the file.
    pub(crate) fn place(&self, node: &SyntaxNode) -> Range<usize> {
        let range = node.text_range();
        let (start, end) = (usize::from(range.start()), usize::from(range.end()));
        let text = &self.sql[start..end];
        let start = start + (text.len() - text.trim_start().len());
        self.range.start + start..self.range.start + end
    }

    /// Who waits for a table while it runs; `None` where that was not measured.
    pub(crate) fn blocks(&self, table: &Id) -> Option<Blocks> {
        if self.alone || self.measured.is_none() {
            return None;
        }
        let key = (table.schema.to_string(), table.name.to_string());
        Some(match self.held.get(&key) {
            Some(8) => Blocks::Everybody,
            // Share and stronger conflict with what writers take.
            Some(5..8) => Blocks::Writers,
            _ => Blocks::Nobody,
        })
    }

    /// Tables and materialized views whose lock nobody gets past while it runs.
    pub(crate) fn exclusive(&self) -> impl Iterator<Item = &(String, String)> {
        let held = self.held.iter().filter(|(_, mode)| **mode == 8);
        held.map(|(table, _)| table)
            .filter(|(schema, name)| self.world.holds_rows(schema, name))
    }

    /// Whether it writes the rows of a table, or of one below it, anew; `None` where that was not measured.
    pub(crate) fn rewrites(&self, table: &Id) -> Option<bool> {
        if self.alone {
            return None;
        }
        let seen = self.measured?;
        let reached = self.world.with_below(table);
        let reached = |name: &String| reached.iter().any(|table| is(name, table));
        Some(seen.rewrites.iter().any(reached))
    }

    /// Whether it reads through the rows of a table, or of one below it; `None` where that was not measured.
    pub(crate) fn scans(&self, table: &Id) -> Option<bool> {
        let seen = self.measured?;
        let reached = self.world.with_below(table);
        // Postgres says the bare name.
        let reached = |name: &String| reached.iter().any(|table| *name == table.name);
        Some(seen.scans.iter().any(reached))
    }
}

impl Blocks {
    /// `nobody writes users`, for the beginning of a sentence.
    pub(crate) fn words(self, table: &str) -> String {
        match self {
            Self::Nobody => format!("nobody waits for {table}"),
            Self::Writers => format!("nobody writes {table}"),
            Self::Everybody => format!("nobody reads or writes {table}"),
        }
    }
}

fn locks(measured: &Measured) -> BTreeMap<(String, String), usize> {
    let locks = measured.locks.iter();
    locks
        .map(|(name, mode)| (parts(name), strength(mode)))
        .collect()
}

/// Schema and name of a relation as `measure` writes it.
fn parts(written: &str) -> (String, String) {
    let (mentions, _) = identifiers(written);
    let last = mentions.into_iter().next_back();
    last.map_or_else(
        || ("public".to_owned(), written.to_owned()),
        |last| {
            let schema = last.qualifier;
            (schema.unwrap_or_else(|| "public".to_owned()), last.name)
        },
    )
}

fn is(written: &str, table: &Id) -> bool {
    let (schema, name) = parts(written);
    table.schema == schema && table.name == name
}

/// A relation's name for people, from its schema and name.
pub(crate) fn shown((schema, name): &(String, String)) -> String {
    if schema == "public" {
        name.clone()
    } else {
        format!("{schema}.{name}")
    }
}
