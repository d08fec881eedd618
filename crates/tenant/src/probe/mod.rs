//! The proof: rows of two tenants in a throwaway database, and everything that an app role can do to
//! get at the other's. All of it in one transaction that is rolled back.
//!
//! Nothing passes for want of evidence: next to each thing that has to be refused stands one that
//! has to work, and where that fails, or no rows can be made up, it is told as not proven.

pub(crate) mod attack;
mod draft;
mod lab;
mod oracles;
mod plan;
mod rows;
mod seen;
mod setting;
mod shape;
mod tables;
mod told;
mod values;

use std::collections::BTreeMap;

use driftless_catalog::Id;
use driftless_diagnostic::{Diagnostic, Result};
use driftless_postgres::Session;

pub use attack::{ATTACKS, Attack, Attempt, Outcome};
pub use told::grouped;

use crate::facts::Facts;
use crate::rule::Finding;
use lab::{As, Lab};
use rows::{Rows, Who};
pub(crate) use setting::keys;
use setting::{Setting, guesses};
use shape::Shape;

/// What came of all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proof {
    /// Every attempt, in the order in which they were made.
    pub attempts: Vec<Attempt>,
    /// How the tenant was set, where that is known: SQL with `{tenant}` for its value.
    pub set: Option<String>,
}

impl Proof {
    /// Leaks, and what is not proven, as findings.
    pub fn findings(&self) -> Vec<Finding> {
        let mut all: Vec<Finding> = Vec::new();
        for found in self.attempts.iter().filter_map(told::finding) {
            let same = |other: &Finding| {
                let message = &other.diagnostic.message;
                other.number == found.number && *message == found.diagnostic.message
            };
            if !all.iter().any(same) {
                all.push(found);
            }
        }
        all
    }

    /// How many attempts came to this.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.attempts
            .iter()
            .filter(|attempt| attempt.outcome == outcome)
            .count()
    }
}

/// Tries everything. The session is a superuser's, in a database that has the schema of `facts` and
/// no rows that matter; afterwards it is as it was.
///
/// # Errors
/// `probe-needs-superuser`, and what ends the session.
pub async fn probe(session: &mut Session, facts: &Facts<'_>) -> Result<Proof> {
    if !session.server().superuser {
        return Err(Diagnostic::error(
            "probe-needs-superuser",
            "nothing can be proven: the role that scratch is used as is no superuser",
        )
        .help(
            "give a server with --scratch-url whose role is one, or let Driftless find one itself",
        )
        .into());
    }
    let mut proof = Proof::default();
    let roles: Vec<&str> = facts.app_roles().collect();
    let shapes = shape::read(session).await?;
    let Some((tenants, first)) = tenants(facts, &shapes) else {
        for role in roles {
            let why = format!(
                "no two values of the column {} are known",
                facts.tenant.column
            );
            proof.add(
                Attack::Setting,
                &facts.tenant.function,
                role,
                Came::NotProven(why),
            );
        }
        return Ok(proof);
    };
    let lab = Lab::open(session, Setting::new("SELECT 1")).await?;
    let done = tried(lab, facts, &shapes, tenants, &roles, &first, &mut proof).await;
    // Whatever ended it early, nothing stays.
    let _ = session.execute("ROLLBACK").await;
    done?;
    Ok(proof)
}

async fn tried(
    mut lab: Lab<'_>,
    facts: &Facts<'_>,
    shapes: &BTreeMap<Id, Shape>,
    tenants: [String; 2],
    roles: &[&str],
    first: &str,
    proof: &mut Proof,
) -> Result<()> {
    // Rows come first: with none set there has to be something not to be seen.
    let made = {
        let mut rows = Rows::new(&lab, facts, shapes, tenants.clone());
        for table in &facts.tables {
            if table.table.foreign.is_none() && !facts.is_only_part(table) {
                for who in [Who::A, Who::B] {
                    rows.ensure(&table.id, who).await?.ok();
                }
            }
        }
        rows.into_made()
    };
    let at = Ground {
        facts,
        shapes,
        made: &made,
        tenants: &tenants,
    };
    for role in roles {
        for table in &facts.tables {
            tables::unset(&lab, &at, table, role, None, proof).await?;
        }
    }
    let mut able = Vec::new();
    for role in roles {
        without_tenant(&lab, facts, role, proof).await?;
        match settled(&lab, facts, role, &tenants[0]).await? {
            Ok(setting) => {
                proof.set = Some(setting.shown().to_owned());
                lab.setting = setting;
                able.push(*role);
                proof.attempts.push(Attempt {
                    attack: Attack::Setting,
                    object: facts.tenant.function.clone(),
                    role: (*role).to_owned(),
                    outcome: Outcome::Holds,
                    detail: String::new(),
                });
            }
            Err(why) => proof.attempts.push(Attempt {
                attack: Attack::Setting,
                object: facts.tenant.function.clone(),
                role: (*role).to_owned(),
                outcome: Outcome::NotProven,
                detail: why,
            }),
        }
    }
    for role in able {
        become_more(&lab, facts, role, proof).await?;
        for table in &facts.tables {
            tables::attack(&lab, &at, table, role, proof).await?;
            oracles::attack(&lab, &at, table, role, proof).await?;
        }
        seen::attack(&lab, &at, role, first, proof).await?;
    }
    lab.close().await
}

/// What every attack looks at.
#[derive(Clone, Copy)]
struct Ground<'a> {
    facts: &'a Facts<'a>,
    shapes: &'a BTreeMap<Id, Shape>,
    made: &'a rows::Made,
    tenants: &'a [String; 2],
}

impl<'a> Ground<'a> {
    /// Takes the rows of a tenant out of a table, past triggers and foreign keys.
    fn without(&self, shape: &Shape, column: &str, tenant: usize) -> String {
        format!(
            "SET LOCAL session_replication_role = replica; DELETE FROM {} WHERE {} = {}; \
             SET LOCAL session_replication_role = origin",
            shape.sql,
            driftless_postgres::identifier(column),
            driftless_postgres::literal(&self.tenants[tenant])
        )
    }

    fn row(&self, id: &Id, who: Who) -> std::result::Result<&'a rows::Row, String> {
        match self.made.get(&(id.clone(), who)) {
            Some(Ok(row)) => Ok(row),
            Some(Err(why)) => Err(why.clone()),
            None => Err("no row of it was made".to_owned()),
        }
    }
}

impl Proof {
    fn add(&mut self, attack: Attack, object: impl Into<String>, role: &str, came: Came) {
        let (outcome, detail) = match came {
            Came::Holds => (Outcome::Holds, String::new()),
            Came::NoRight => (Outcome::NoRight, String::new()),
            Came::Leaks(why) => (Outcome::Leaks, why),
            Came::NotProven(why) => (Outcome::NotProven, why),
            Came::Slow(why) => (Outcome::Slow, why),
        };
        self.attempts.push(Attempt {
            attack,
            object: object.into(),
            role: role.to_owned(),
            outcome,
            detail,
        });
    }
}

/// What came of an attempt, with the reason where one is needed.
enum Came {
    Holds,
    NoRight,
    Leaks(String),
    NotProven(String),
    Slow(String),
}

/// Two values of the tenant column's type, and that type. All tables have to agree, or a value of
/// the first has to be one of each.
fn tenants(facts: &Facts<'_>, shapes: &BTreeMap<Id, Shape>) -> Option<([String; 2], String)> {
    let column = facts
        .tables
        .iter()
        .find_map(|table| shapes.get(&table.id)?.column(&table.column.name))?;
    let short = column.length.is_some_and(|length| length < 8);
    let two = |a: &str, b: &str| [a.to_owned(), b.to_owned()];
    let values = match column.base.as_str() {
        "uuid" => two(
            "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
            "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb",
        ),
        "smallint" => two("30001", "30002"),
        "boolean" => two("false", "true"),
        _ if column.kind == "e" => match &column.labels[..] {
            [a, b, ..] => two(a, b),
            _ => return None,
        },
        _ if column.category == "N" => two("900001", "900002"),
        _ if short => two("a", "b"),
        _ => two("tenant-a", "tenant-b"),
    };
    Some((values, column.r#type.clone()))
}

/// Asks the tenant function with no tenant set: it has to answer NULL, or fail.
async fn without_tenant(
    lab: &Lab<'_>,
    facts: &Facts<'_>,
    role: &str,
    proof: &mut Proof,
) -> Result<()> {
    let Some(call) = call(facts) else {
        return Ok(());
    };
    let who = As { role, tenant: None };
    let said = lab
        .try_as("SELECT 1", who, &format!("SELECT {call}"))
        .await?;
    let answered = match said {
        lab::Said::Done(answer) => answer
            .rows
            .last()
            .and_then(|row| row.first())
            .cloned()
            .flatten(),
        lab::Said::Refused(_) => None,
    };
    let came = match answered {
        Some(tenant) => Came::Leaks(format!("with no tenant set it answers {tenant}")),
        None => Came::Holds,
    };
    proof.add(Attack::Unset, facts.tenant.function.clone(), role, came);
    Ok(())
}

/// The call of the tenant function.
fn call(facts: &Facts<'_>) -> Option<String> {
    let functions = facts.functions();
    let (_, function) = functions.first()?;
    Some(format!(
        "{}.{}()",
        driftless_postgres::identifier(&function.schema),
        driftless_postgres::identifier(&function.name)
    ))
}

/// What sets the tenant for a role, tried: the function has to answer with it.
async fn settled(
    lab: &Lab<'_>,
    facts: &Facts<'_>,
    role: &str,
    tenant: &str,
) -> Result<std::result::Result<Setting, String>> {
    let Some(call) = call(facts) else {
        return Ok(Err(format!(
            "there is no function {}",
            facts.tenant.function
        )));
    };
    let guesses = guesses(facts);
    if guesses.is_empty() {
        return Ok(Err(format!(
            "how {} gets to know the tenant cannot be told from its text",
            facts.tenant.function
        )));
    }
    let mut why = String::new();
    for guess in guesses {
        let sql = format!("{}; SELECT {call}", guess.sql(tenant));
        let who = As { role, tenant: None };
        match lab.try_as("SELECT 1", who, &sql).await? {
            lab::Said::Done(answer) => {
                let last = answer
                    .rows
                    .last()
                    .and_then(|row| row.first())
                    .cloned()
                    .flatten();
                if last.as_deref() == Some(tenant) {
                    return Ok(Ok(guess));
                }
                let last = last.unwrap_or_else(|| "NULL".to_owned());
                why = format!("after {} it answers {last}", guess.sql(tenant));
            }
            lab::Said::Refused(refusal) => {
                if why.is_empty() || !why.starts_with("after") {
                    why = format!("{} fails: {}", guess.sql(tenant), refusal.short());
                }
            }
        }
    }
    Ok(Err(why))
}

/// Asks Postgres which roles it could become. Trying SET ROLE says nothing here: the session is a
/// superuser's, who may always.
async fn become_more(
    lab: &Lab<'_>,
    facts: &Facts<'_>,
    role: &str,
    proof: &mut Proof,
) -> Result<()> {
    let mut more: Vec<&str> = facts
        .tenant
        .admin_roles
        .iter()
        .map(String::as_str)
        .collect();
    more.extend(
        facts
            .tables
            .iter()
            .map(|table| facts.roles.owner_of(&table.id)),
    );
    let names: Vec<String> = more.into_iter().map(driftless_postgres::literal).collect();
    let role_text = driftless_postgres::literal(role);
    let sql = format!(
        "SELECT rolname FROM pg_roles WHERE rolname <> {role_text} \
         AND (rolsuper OR rolbypassrls OR rolname IN (current_user, {})) \
         AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = {role_text}) \
         AND pg_has_role({role_text}, oid, 'MEMBER') ORDER BY 1",
        names.join(", ")
    );
    let answer = lab.must(&sql).await?;
    let got: Vec<String> = answer.rows.into_iter().flatten().flatten().collect();
    let came = if got.is_empty() {
        Came::Holds
    } else {
        Came::Leaks(format!("it can SET ROLE {}", got.join(", ")))
    };
    proof.add(Attack::Become, role, role, came);
    Ok(())
}
