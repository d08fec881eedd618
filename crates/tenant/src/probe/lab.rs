//! Statements tried in a transaction that is never committed: each behind a savepoint that it is
//! taken back to.

use driftless_diagnostic::{Diagnostic, Result};
use driftless_postgres::{Answer, QueryError, Session, identifier};

use super::setting::Setting;

/// What the server said to a statement.
#[derive(Debug, Clone)]
pub(super) enum Said {
    /// It did it.
    Done(Answer),
    /// It refused.
    Refused(Refusal),
}

/// Why a statement was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: String,
    pub(super) message: String,
    pub(super) constraint: Option<String>,
    pub(super) column: Option<String>,
}

impl Refusal {
    /// Whether a policy refused it.
    pub(super) fn is_policy(&self) -> bool {
        self.code == "42501" && self.message.contains("row-level security")
    }

    /// Whether a right is missing.
    pub(super) fn is_right(&self) -> bool {
        self.code == "42501" && !self.is_policy()
    }

    /// Whether a constraint refused it: then everything before it let it pass.
    pub(super) fn is_constraint(&self) -> bool {
        self.code.starts_with("23")
    }

    /// In a few words.
    pub(super) fn short(&self) -> String {
        format!("{} (SQLSTATE {})", self.message, self.code)
    }
}

impl Said {
    /// The first value of the first row, as a number.
    pub(super) fn number(&self) -> std::result::Result<u64, &Refusal> {
        match self {
            Self::Done(answer) => {
                let first = answer.rows.last().and_then(|row| row.first());
                let first = first.and_then(Option::as_ref);
                Ok(first.and_then(|text| text.parse().ok()).unwrap_or_default())
            }
            Self::Refused(refusal) => Err(refusal),
        }
    }

    /// Rows that the last statement returned or changed.
    pub(super) fn affected(&self) -> std::result::Result<u64, &Refusal> {
        match self {
            Self::Done(answer) => Ok(answer.affected),
            Self::Refused(refusal) => Err(refusal),
        }
    }
}

/// Somebody who tries something.
#[derive(Debug, Clone, Copy)]
pub(super) struct As<'a> {
    pub(super) role: &'a str,
    /// The tenant that is set; nothing sets none at all.
    pub(super) tenant: Option<&'a str>,
}

/// A session in the transaction.
pub(super) struct Lab<'a> {
    session: &'a mut Session,
    pub(super) setting: Setting,
}

const BACK: &str = "ROLLBACK TO SAVEPOINT tried; RELEASE SAVEPOINT tried";

impl<'a> Lab<'a> {
    /// Opens the transaction.
    pub(super) async fn open(session: &'a mut Session, setting: Setting) -> Result<Self> {
        let lab = Self { session, setting };
        // What waits or runs for ever is no proof; messages are told apart by their words.
        lab.must(
            "BEGIN; SET LOCAL statement_timeout = '30s'; SET LOCAL lock_timeout = '5s'; \
             SET LOCAL lc_messages = 'C'; SET LOCAL client_min_messages = 'error'; SET LOCAL jit = off; \
             SET LOCAL max_parallel_workers_per_gather = 0",
        )
        .await?;
        Ok(lab)
    }

    /// Takes everything back.
    pub(super) async fn close(self) -> Result<()> {
        self.must("ROLLBACK").await?;
        self.must("DISCARD ALL").await?;
        Ok(())
    }

    /// A statement of ours that has to work.
    pub(super) async fn must(&self, sql: &str) -> Result<Answer> {
        let answer = self.session.answer(sql).await;
        answer.map_err(|error| error.diagnostic("the probe").note(sql.to_owned()).into())
    }

    /// Tries statements and takes them back; `keep` keeps what worked.
    async fn tried(&self, sql: &str, keep: bool) -> Result<Said> {
        let said = self
            .session
            .answer(&format!("SAVEPOINT tried; {sql}"))
            .await;
        let said = match said {
            Ok(answer) => Said::Done(answer),
            Err(error) if error.is_lost() => return Err(lost(&error)),
            Err(error) => Said::Refused(Refusal {
                code: error.code().unwrap_or_default().to_owned(),
                message: error.message(),
                constraint: error.constraint().map(str::to_owned),
                column: error.column().map(str::to_owned),
            }),
        };
        match said {
            Said::Done(_) if keep => self.must("RELEASE SAVEPOINT tried").await?,
            _ => self.must(BACK).await?,
        };
        Ok(said)
    }

    /// Tries something as ourselves, whom nothing limits.
    pub(super) async fn try_ours(&self, sql: &str) -> Result<Said> {
        self.tried(sql, false).await
    }

    /// The same, and what worked stays until the end.
    pub(super) async fn try_kept(&self, sql: &str) -> Result<Said> {
        self.tried(sql, true).await
    }

    /// Tries something as somebody, behind what we do first.
    pub(super) async fn try_as(&self, first: &str, who: As<'_>, sql: &str) -> Result<Said> {
        let set = who
            .tenant
            .map(|tenant| self.setting.sql(tenant))
            .unwrap_or_default();
        let role = identifier(who.role);
        // Not SESSION AUTHORIZATION: not every server takes it back with a savepoint.
        let all = format!("{first}; SET LOCAL ROLE {role}; {set}; {sql}");
        self.tried(&all, false).await
    }

    /// Opens a savepoint that [`Lab::restore`] goes back to; what is tried meanwhile nests in it.
    pub(super) async fn mark(&self) -> Result<()> {
        self.must("SAVEPOINT marked").await.map(|_| ())
    }

    pub(super) async fn restore(&self) -> Result<()> {
        self.must("ROLLBACK TO SAVEPOINT marked; RELEASE SAVEPOINT marked")
            .await
            .map(|_| ())
    }
}

fn lost(error: &QueryError) -> driftless_diagnostic::Failure {
    Diagnostic::error("scratch-not-usable", format!("the probe ended: {error}"))
        .help("a statement that ends the session or the server cannot be tried")
        .into()
}
