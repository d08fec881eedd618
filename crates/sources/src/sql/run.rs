//! Everything is run, and what fails is tried again as long as others succeed.

use super::order::{Order, Phase, order};
use super::prepare::{Prepared, prepare};
use super::settings::{BASE_PATH, Settings};
use super::{Executed, Loaded, Sources, bodies, report};
use driftless_diagnostic::{Diagnostic, Failure, Result};
use driftless_postgres::{Place, QueryError, Session};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many statements are sent before their answers are read.
const AT_ONCE: usize = 256;

/// Why a statement has not been run.
#[derive(Debug)]
pub(super) enum Problem {
    /// What the server says.
    Server(QueryError),
    /// `IF NOT EXISTS`, and it exists.
    Twice,
    /// The server has no such extension.
    NoExtension,
}

/// A database that is being filled.
pub(super) struct Loading<'a> {
    pub(super) session: &'a mut Session,
    pub(super) statements: &'a [Prepared],
    /// What the session is set to.
    settings: Arc<Settings>,
    executed: Vec<usize>,
    pub(super) failed: BTreeMap<usize, Problem>,
    rounds: usize,
}

pub(super) async fn load(sources: &Sources, session: &mut Session) -> Result<Loaded> {
    let statements = prepare(sources)?;
    let order = order(&statements);
    session
        .execute(&format!(
            "SET check_function_bodies TO off; SET search_path TO {BASE_PATH}; SET client_min_messages TO notice"
        ))
        .await
        .map_err(|error| setting_up(&error))?;
    let mut loading = Loading {
        session,
        statements: &statements,
        settings: Arc::default(),
        executed: Vec::new(),
        failed: BTreeMap::new(),
        rounds: 0,
    };
    let result = loading.everything(sources, &order).await;
    let (executed, rounds) = (std::mem::take(&mut loading.executed), loading.rounds);
    let mut after = loading.settings.switch(&Settings::default());
    after.extend(
        [
            "check_function_bodies",
            "search_path",
            "client_min_messages",
        ]
        .map(|name| format!("RESET {name}")),
    );
    if !session.is_closed() {
        session
            .execute(&after.join("; "))
            .await
            .map_err(|error| setting_up(&error))?;
    }
    result?;
    let done = executed.into_iter().map(|at| {
        let statement = &statements[at];
        Executed {
            source: statement.source.clone(),
            range: statement.range.clone(),
            settings: statement.settings.statements(),
        }
    });
    Ok(Loaded {
        statements: done.collect(),
        rounds,
    })
}

fn setting_up(error: &QueryError) -> Failure {
    error.diagnostic("setting the session up").into()
}

impl Loading<'_> {
    async fn everything(&mut self, sources: &Sources, order: &Order) -> Result<()> {
        self.try_settings().await?;
        let available = self.extensions().await?;
        let events = |at: &usize| self.statements[*at].phase == Phase::Events;
        let (last, first): (Vec<_>, Vec<_>) = order.sequence.iter().copied().partition(events);
        self.fixpoint(first).await?;
        // They fire for whatever comes after them.
        if self.failed.is_empty() {
            self.fixpoint(last).await?;
        }
        if !self.failed.is_empty() {
            return Err(report::failure(self, order, sources, &available));
        }
        let problems = bodies::problems(self.session, self.statements).await?;
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Failure::new(problems))
        }
    }

    /// Settings are sent along with statements later, where an error would go unnoticed.
    async fn try_settings(&mut self) -> Result<()> {
        let mut tried = BTreeSet::new();
        for statement in self.statements {
            for sql in statement.settings.statements() {
                if !tried.insert(sql.clone()) {
                    continue;
                }
                if let Err(error) = self
                    .session
                    .execute(&format!("BEGIN; {sql}; ROLLBACK"))
                    .await
                {
                    let _ = self.session.execute("ROLLBACK").await;
                    let diagnostic = error.diagnostic(&format!("`{sql}`"));
                    return Err(diagnostic
                        .at(&statement.source, statement.range.clone(), "it holds here")
                        .into());
                }
            }
        }
        Ok(())
    }

    /// Marks what cannot be created here; names of what can.
    async fn extensions(&mut self) -> Result<BTreeSet<String>> {
        if self.statements.iter().all(|one| one.extension().is_none()) {
            return Ok(BTreeSet::new());
        }
        let rows = self
            .session
            .texts("SELECT name FROM pg_catalog.pg_available_extensions")
            .await;
        let rows = rows.map_err(|error| error.diagnostic("asking for the available extensions"))?;
        let names: BTreeSet<String> = rows.into_iter().flatten().flatten().collect();
        for (at, statement) in self.statements.iter().enumerate() {
            if statement
                .extension()
                .is_some_and(|(name, _)| !names.contains(name))
            {
                self.failed.insert(at, Problem::NoExtension);
            }
        }
        Ok(names)
    }

    async fn fixpoint(&mut self, sequence: Vec<usize>) -> Result<()> {
        let mut pending: Vec<usize> = sequence;
        pending.retain(|at| !self.failed.contains_key(at));
        let mut round = 0;
        while !pending.is_empty() {
            let done = self.executed.len();
            round += 1;
            self.rounds = self.rounds.max(round);
            self.round(&pending).await?;
            if self.executed.len() == done {
                break;
            }
            pending.retain(|at| self.failed.get(at).is_some_and(Problem::may_pass));
        }
        Ok(())
    }

    /// Runs each statement once.
    async fn round(&mut self, list: &[usize]) -> Result<()> {
        let mut rest = list;
        while let Some((&first, _)) = rest.split_first() {
            if self.statements[first].may_skip() {
                self.noticing(first).await?;
                rest = &rest[1..];
                continue;
            }
            let together = rest
                .iter()
                .take(AT_ONCE)
                .take_while(|at| !self.statements[**at].may_skip());
            let (chunk, after) = rest.split_at(together.count());
            self.together(chunk).await?;
            rest = after;
        }
        Ok(())
    }

    async fn together(&mut self, chunk: &[usize]) -> Result<()> {
        let mut owned: Vec<(String, Option<usize>)> = Vec::with_capacity(chunk.len());
        for &at in chunk {
            owned.extend(self.switch_to(at).into_iter().map(|sql| (sql, None)));
            owned.push((self.statements[at].sql().to_owned(), Some(at)));
        }
        let sent: Vec<&str> = owned.iter().map(|(sql, _)| sql.as_str()).collect();
        let results = self.session.run_each(&sent).await;
        for ((_, at), result) in owned.iter().zip(results) {
            match at {
                Some(at) => self.took(*at, result)?,
                None => result.map_err(|error| setting_up(&error))?,
            }
        }
        Ok(())
    }

    /// Runs one statement and hears whether it did anything.
    async fn noticing(&mut self, at: usize) -> Result<()> {
        for sql in self.switch_to(at) {
            self.session
                .execute(&sql)
                .await
                .map_err(|error| setting_up(&error))?;
        }
        let mut skipped = false;
        let statements = self.statements;
        let result = self
            .session
            .run(statements[at].sql(), &mut |notice| {
                skipped |= notice.message.ends_with("already exists, skipping");
            })
            .await;
        self.took(at, result.map(|_| ()))?;
        if skipped {
            self.executed.retain(|done| *done != at);
            self.failed.insert(at, Problem::Twice);
        }
        Ok(())
    }

    fn switch_to(&mut self, at: usize) -> Vec<String> {
        let next = &self.statements[at].settings;
        if *next == self.settings {
            return Vec::new();
        }
        let sql = self.settings.switch(next);
        self.settings = Arc::clone(next);
        sql
    }

    fn took(&mut self, at: usize, result: std::result::Result<(), QueryError>) -> Result<()> {
        let Err(error) = result else {
            self.failed.remove(&at);
            self.executed.push(at);
            return Ok(());
        };
        // A lost connection, a deadline or a full disk say nothing about the statement.
        if error.is_lost()
            || error
                .code()
                .is_none_or(|code| code.starts_with("57") || code.starts_with("53"))
        {
            return Err(server_at(&self.statements[at], &error).into());
        }
        self.failed.insert(at, Problem::Server(error));
        Ok(())
    }
}

impl Problem {
    /// Whether it can succeed when there is more.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Server(error) => !matches!(
                error.code(),
                // Syntax, and what is there already.
                Some(
                    "42601"
                        | "42602"
                        | "42622"
                        | "42710"
                        | "42P03"
                        | "42P04"
                        | "42P06"
                        | "42P07"
                        | "42701"
                        | "42723"
                )
            ),
            Self::Twice | Self::NoExtension => false,
        }
    }
}

/// What the server says, at the statement's place.
pub(super) fn server_at(statement: &Prepared, error: &QueryError) -> Diagnostic {
    let mut diagnostic = error.diagnostic_at(&Place {
        source: &statement.source,
        range: statement.range.clone(),
    });
    if let Some(place) = &statement.place {
        diagnostic.labels.insert(0, place.clone());
    }
    diagnostic
}
