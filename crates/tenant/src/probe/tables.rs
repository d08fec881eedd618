//! Attacks on one table: read, insert, update, delete, move, truncate, and the plan.

use driftless_diagnostic::Result;
use driftless_postgres::literal;

use super::lab::{As, Lab, Said};
use super::plan;
use super::rows::{Row, Who, insert};
use super::shape::{Column, Shape};
use super::values::Value;
use super::{Attack, Came, Ground, Proof};
use crate::facts::TenantTable;
use crate::rights::May;

/// One table as one role sees it.
struct Target<'a> {
    lab: &'a Lab<'a>,
    at: Ground<'a>,
    table: &'a TenantTable<'a>,
    shape: &'a Shape,
    role: &'a str,
    /// Rows that tenant A has.
    own: u64,
    a: &'a Row,
    b: &'a Row,
}

/// Reads with no tenant set at all (`None`), or an empty one.
pub(super) async fn unset(
    lab: &Lab<'_>,
    at: &Ground<'_>,
    table: &TenantTable<'_>,
    role: &str,
    tenant: Option<&str>,
    proof: &mut Proof,
) -> Result<()> {
    let Some(shape) = at
        .shapes
        .get(&table.id)
        .filter(|_| at.row(&table.id, Who::A).is_ok())
    else {
        return Ok(());
    };
    if !at.facts.may(role, &table.id, "SELECT").any() {
        return Ok(());
    }
    let sql = format!("SELECT count(*) FROM {}", shape.sql);
    let said = lab.try_as("SELECT 1", As { role, tenant }, &sql).await?;
    let came = match said.number() {
        Ok(0) => Came::Holds,
        Ok(seen) => Came::Leaks(format!("{} seen", number(seen))),
        Err(refusal) if refusal.is_right() => Came::NoRight,
        // Whatever it stumbles over: nothing was seen.
        Err(_) => Came::Holds,
    };
    proof.add(Attack::Unset, table.path(), role, came);
    Ok(())
}

/// All of them.
pub(super) async fn attack(
    lab: &Lab<'_>,
    at: &Ground<'_>,
    table: &TenantTable<'_>,
    role: &str,
    proof: &mut Proof,
) -> Result<()> {
    let reached = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"];
    if !reached
        .iter()
        .any(|may| at.facts.may(role, &table.id, may).any())
    {
        return Ok(());
    }
    let path = table.path();
    let rows = (at.row(&table.id, Who::A), at.row(&table.id, Who::B));
    let (shape, a, b) = match (at.shapes.get(&table.id), rows) {
        (Some(shape), (Ok(a), Ok(b))) => (shape, a, b),
        (_, (Err(why), _) | (_, Err(why))) => {
            proof.add(Attack::Select, path, role, Came::NotProven(why));
            return Ok(());
        }
        (None, _) => {
            let why = "a foreign table keeps its rows elsewhere".to_owned();
            proof.add(Attack::Select, path, role, Came::NotProven(why));
            return Ok(());
        }
    };
    let target = Target {
        lab,
        at: *at,
        table,
        shape,
        role,
        own: 0,
        a,
        b,
    };
    let own = target.count(&at.tenants[0]).await?;
    let target = Target { own, ..target };
    unset(lab, at, table, role, Some(""), proof).await?;
    let read = target.select().await?;
    let leaks = matches!(read, Came::Leaks(_));
    proof.add(Attack::Select, &path, role, read);
    for (attack, came) in [
        (Attack::Insert, target.insert().await?),
        (Attack::Update, target.update().await?),
        (Attack::Delete, target.delete().await?),
        (Attack::Move, target.moved().await?),
        (Attack::Truncate, target.truncate().await?),
    ] {
        proof.add(attack, &path, role, came);
    }
    // Where it leaks the plan says nothing new.
    if !leaks && let Some(columns) = target.readable() {
        let sql = format!("SELECT {columns} FROM {}", shape.sql);
        let who = As {
            role,
            tenant: Some(&at.tenants[0]),
        };
        for came in plan::look(lab, at.facts, who, &sql).await? {
            proof.add(Attack::Plan, &path, role, came);
        }
    }
    Ok(())
}

impl Target<'_> {
    fn may(&self, privilege: &str) -> May {
        self.at.facts.may(self.role, &self.table.id, privilege)
    }

    fn may_column(&self, privilege: &str, column: &str) -> bool {
        match self.may(privilege) {
            May::No => false,
            May::Columns(columns) => columns.contains(column),
            May::Whole => true,
        }
    }

    fn who(&self) -> As<'_> {
        As {
            role: self.role,
            tenant: Some(&self.at.tenants[0]),
        }
    }

    /// The tenant column in SQL.
    fn column(&self) -> &str {
        let column = self.shape.column(&self.table.column.name);
        column.map_or("", |column| column.sql.as_str())
    }

    fn of(&self, tenant: usize) -> String {
        format!("{} = {}", self.column(), literal(&self.at.tenants[tenant]))
    }

    async fn count(&self, tenant: &str) -> Result<u64> {
        let sql = format!(
            "SELECT count(*) FROM {} WHERE {} = {}",
            self.shape.sql,
            self.column(),
            literal(tenant)
        );
        let said = self.lab.try_ours(&sql).await?;
        Ok(said.number().unwrap_or_default())
    }

    /// Columns that the role may read.
    fn readable(&self) -> Option<String> {
        let all = self.shape.columns.iter();
        let all: Vec<&str> = all
            .filter(|column| self.may_column("SELECT", &column.name))
            .map(|column| column.sql.as_str())
            .collect();
        (!all.is_empty()).then(|| all.join(", "))
    }

    async fn try_as(&self, first: &str, sql: &str) -> Result<Said> {
        self.lab.try_as(first, self.who(), sql).await
    }

    async fn select(&self) -> Result<Came> {
        if !self.may("SELECT").any() {
            return Ok(Came::NoRight);
        }
        let all = format!("SELECT count(*) FROM {}", self.shape.sql);
        let said = self.try_as("SELECT 1", &all).await?;
        let seen = match said.number() {
            Ok(seen) => seen,
            Err(refusal) => {
                return Ok(Came::NotProven(format!(
                    "reading fails: {}",
                    refusal.short()
                )));
            }
        };
        if seen > self.own {
            let others = seen - self.own;
            return Ok(Came::Leaks(format!(
                "{} seen, {others} of them another tenant's",
                number(seen)
            )));
        }
        if self.may_column("SELECT", &self.table.column.name) {
            let sql = format!(
                "SELECT count(*) FROM {} WHERE NOT ({})",
                self.shape.sql,
                self.of(0)
            );
            if let Ok(others @ 1..) = self.try_as("SELECT 1", &sql).await?.number() {
                return Ok(Came::Leaks(format!(
                    "{} of another tenant seen",
                    number(others)
                )));
            }
        } else if seen < self.own {
            return Ok(Came::NotProven(format!(
                "{seen} of {} own rows are seen, and whose they are is not",
                self.own
            )));
        }
        Ok(if seen == 0 {
            Came::NotProven(
                "a tenant does not see its own row, so that not seeing another's says nothing"
                    .to_owned(),
            )
        } else {
            Came::Holds
        })
    }

    /// Takes the rows of a tenant away, so that the same can be written again.
    fn without(&self, tenant: usize) -> String {
        self.at.without(self.shape, &self.table.column.name, tenant)
    }

    async fn insert(&self) -> Result<Came> {
        let columns = match self.may("INSERT") {
            May::No => return Ok(Came::NoRight),
            May::Columns(columns) => Some(columns),
            May::Whole => None,
        };
        let said = |row: &Row| {
            let mut said = row.said.clone();
            said.retain(|name, _| {
                columns
                    .as_ref()
                    .is_none_or(|columns| columns.contains(name))
            });
            insert(self.shape, &said)
        };
        let own = self.try_as(&self.without(0), &said(self.a)).await?;
        let other = self.try_as(&self.without(1), &said(self.b)).await?;
        Ok(match (&own, &other) {
            (_, Said::Done(_)) => Came::Leaks("the row is taken".to_owned()),
            (_, Said::Refused(refusal)) if refusal.is_constraint() => Came::Leaks(format!(
                "no policy refuses it, only a constraint does: {}",
                refusal.short()
            )),
            (Said::Refused(refusal), _) => Came::NotProven(format!(
                "a tenant's own row is refused too: {}",
                refusal.short()
            )),
            (_, Said::Refused(refusal)) if refusal.is_policy() => Came::Holds,
            (_, Said::Refused(refusal)) => Came::NotProven(format!(
                "it fails, and not by a policy: {}",
                refusal.short()
            )),
        })
    }

    /// A column that the role may change, best one that no key speaks of.
    fn changeable(&self) -> Option<&Column> {
        let columns = self.shape.writable();
        let may = columns.filter(|column| self.may_column("UPDATE", &column.name));
        let may: Vec<_> = may.collect();
        let plain = |name: &str| {
            let in_key = |columns: &[String]| columns.iter().any(|column| column == name);
            let mut keys = self.shape.uniques.iter().map(|key| &key.columns);
            let mut points = self.shape.foreign_keys.iter().map(|key| &key.columns);
            name != self.table.column.name
                && !keys.any(|columns| in_key(columns))
                && !points.any(|columns| in_key(columns))
        };
        let best = may.iter().find(|column| plain(&column.name));
        best.or(may.first()).copied()
    }

    /// Neither reads a column, so that policies for reading are not asked either; the tenant's own
    /// rows are out of the way for what has to find nothing.
    async fn update(&self) -> Result<Came> {
        let Some(column) = self.changeable() else {
            return Ok(Came::NoRight);
        };
        let (Some(a), Some(b)) = (
            self.a.holds.get(&column.name),
            self.b.holds.get(&column.name),
        ) else {
            return Ok(Came::NotProven("no value to write is known".to_owned()));
        };
        let set = |value: &Value| {
            format!(
                "UPDATE {} SET {} = {}",
                self.shape.sql,
                column.sql,
                value.sql()
            )
        };
        let own = self.try_as(&self.without(1), &set(a)).await?;
        let other = self.try_as(&self.without(0), &set(b)).await?;
        Ok(Self::found("change", &own, &other))
    }

    async fn delete(&self) -> Result<Came> {
        if !self.may("DELETE").any() {
            return Ok(Came::NoRight);
        }
        let sql = format!("DELETE FROM {}", self.shape.sql);
        let own = self.try_as(&self.without(1), &sql).await?;
        let other = self.try_as(&self.without(0), &sql).await?;
        Ok(Self::found("delete", &own, &other))
    }

    /// What it means that a tenant's own rows, and those of the other alone, were found or not. A
    /// constraint, or the check of a policy, complains about a row that was found.
    fn found(what: &str, own: &Said, other: &Said) -> Came {
        match (own.affected(), other.affected()) {
            (_, Ok(rows @ 1..)) => Came::Leaks(format!(
                "a statement to {what} all finds {} of another tenant",
                number(rows)
            )),
            (_, Err(refusal)) if refusal.is_constraint() || refusal.is_policy() => {
                Came::Leaks(format!(
                    "a row of another tenant is found, and kept by what comes after: {}",
                    refusal.short()
                ))
            }
            (_, Err(refusal)) => Came::NotProven(format!(
                "it fails, and not by a policy: {}",
                refusal.short()
            )),
            (Ok(0), _) => Came::NotProven(format!("a tenant cannot {what} its own row either")),
            (Err(refusal), _) if !refusal.is_constraint() => {
                Came::NotProven(format!("to {what} an own row fails: {}", refusal.short()))
            }
            _ => Came::Holds,
        }
    }

    async fn moved(&self) -> Result<Came> {
        let name = &self.table.column.name;
        let always = self.shape.column(name).is_none_or(|column| column.always);
        if always || !self.may_column("UPDATE", name) {
            return Ok(Came::NoRight);
        }
        let sql = format!("UPDATE {} SET {}", self.shape.sql, self.of(1));
        let said = self.try_as("SELECT 1", &sql).await?;
        Ok(match said.affected() {
            Ok(0) => Came::NotProven("a tenant cannot change its own row either".to_owned()),
            Ok(moved) => Came::Leaks(format!("{} moved", number(moved))),
            Err(refusal) if refusal.is_policy() => Came::Holds,
            Err(refusal) if refusal.is_constraint() => Came::Leaks(format!(
                "no policy refuses it, only a constraint does: {}",
                refusal.short()
            )),
            Err(refusal) => Came::NotProven(format!(
                "it fails, and not by a policy: {}",
                refusal.short()
            )),
        })
    }

    async fn truncate(&self) -> Result<Came> {
        let said = self
            .try_as("SELECT 1", &format!("TRUNCATE {}", self.shape.sql))
            .await?;
        Ok(match said {
            Said::Refused(refusal) if refusal.is_right() => Came::Holds,
            Said::Refused(refusal) => Came::Leaks(format!("it has the right: {}", refusal.short())),
            Said::Done(_) => Came::Leaks("the table is empty afterwards".to_owned()),
        })
    }
}

/// `1 row`, `2 rows`.
fn number(rows: u64) -> String {
    if rows == 1 {
        "1 row".to_owned()
    } else {
        format!("{rows} rows")
    }
}
