//! Rows of two tenants, made up: foreign keys are followed, checks are met by trying, and what
//! Postgres does not take is told.

use std::collections::{BTreeMap, BTreeSet};

use driftless_catalog::Id;
use driftless_diagnostic::Result;

use super::draft::{Again, Draft};
use super::lab::{Lab, Refusal, Said};
use super::shape::{ForeignKey, Shape};
use super::values::Value;
use crate::facts::Facts;

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    A,
    B,
}

/// A row that is there.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// What was said in its INSERT.
    pub(super) said: BTreeMap<String, Value>,
    /// What it holds, by column.
    pub(super) holds: BTreeMap<String, Value>,
}

/// Rows by table and tenant, or why there is none.
pub(super) type Made = BTreeMap<(Id, Who), std::result::Result<Row, String>>;

/// Makes rows.
pub(super) struct Rows<'a> {
    lab: &'a Lab<'a>,
    facts: &'a Facts<'a>,
    shapes: &'a BTreeMap<Id, Shape>,
    tenants: [String; 2],
    made: Made,
    /// Rows that are being made: a foreign key that leads back is left out.
    open: BTreeSet<Id>,
    salt: u32,
}

/// How often one row is tried.
const TRIES: u32 = 1500;

impl<'a> Rows<'a> {
    pub(super) fn new(
        lab: &'a Lab<'a>,
        facts: &'a Facts<'a>,
        shapes: &'a BTreeMap<Id, Shape>,
        tenants: [String; 2],
    ) -> Self {
        Self {
            lab,
            facts,
            shapes,
            tenants,
            made: BTreeMap::new(),
            open: BTreeSet::new(),
            salt: 100,
        }
    }

    fn tenant(&self, who: Who) -> &str {
        &self.tenants[usize::from(who == Who::B)]
    }

    /// All that were made.
    pub(super) fn into_made(self) -> Made {
        self.made
    }

    /// Makes a row of a tenant unless there is one.
    pub(super) async fn ensure(
        &mut self,
        id: &Id,
        who: Who,
    ) -> Result<std::result::Result<Row, String>> {
        let key = (id.clone(), who);
        if let Some(made) = self.made.get(&key) {
            return Ok(made.clone());
        }
        // A row of the table above may have come here, and there may be room for one alone.
        let part = self
            .facts
            .table(id)
            .is_some_and(|table| table.above.is_some());
        let mut made = match self.adopted(id, who).await? {
            Some(row) if part => Ok(row),
            _ => self.make(id, who, &BTreeMap::new()).await?,
        };
        if made.is_err()
            && let Some(row) = self.adopted(id, who).await?
        {
            made = Ok(row);
        }
        self.made.insert(key, made.clone());
        Ok(made)
    }

    /// A row of a tenant that is there already.
    async fn adopted(&self, id: &Id, who: Who) -> Result<Option<Row>> {
        let (Some(shape), Some(table)) = (self.shapes.get(id), self.facts.table(id)) else {
            return Ok(None);
        };
        let Some(tenant) = shape.column(&table.column.name) else {
            return Ok(None);
        };
        // The rows of tables that inherit are theirs; a partitioned table has none of its own.
        let only = if shape.partition_columns.is_empty() {
            "ONLY "
        } else {
            ""
        };
        let sql = format!(
            "SELECT {} FROM {only}{} WHERE {} = {} LIMIT 1",
            list(shape),
            shape.sql,
            tenant.sql,
            Value::Text(self.tenant(who).to_owned()).sql()
        );
        let Said::Done(answer) = self.lab.try_ours(&sql).await? else {
            return Ok(None);
        };
        let holds = answer
            .rows
            .into_iter()
            .next()
            .map(|values| held(shape, values));
        Ok(holds.map(|holds| {
            let mut said = holds.clone();
            said.retain(|name, value| {
                let column = shape.column(name);
                *value != Value::Null
                    && column.is_some_and(|column| !column.always && !column.identity)
            });
            Row { said, holds }
        }))
    }

    /// A row that others can point at, with values that are given.
    async fn target(
        &mut self,
        id: &Id,
        who: Who,
        given: &BTreeMap<String, Value>,
        another: bool,
    ) -> Result<std::result::Result<Row, String>> {
        let key = (id.clone(), who);
        if !another && let Some(Ok(row)) = self.made.get(&key) {
            let same = given
                .iter()
                .all(|(name, value)| row.holds.get(name) == Some(value));
            if same {
                return Ok(Ok(row.clone()));
            }
        }
        let made = Box::pin(self.make(id, who, given)).await?;
        // Where there can be one row alone, and it belongs to no tenant, it serves both.
        let other = self.made.get(&(id.clone(), Who::A));
        if made.is_err()
            && self.facts.table(id).is_none()
            && let Some(Ok(row)) = other
        {
            let same = given
                .iter()
                .all(|(name, value)| row.holds.get(name) == Some(value));
            if same {
                return Ok(Ok(row.clone()));
            }
        }
        if made.is_ok() && !matches!(self.made.get(&key), Some(Ok(_))) {
            self.made.insert(key, made.clone());
        }
        Ok(made)
    }

    async fn make(
        &mut self,
        id: &Id,
        who: Who,
        given: &BTreeMap<String, Value>,
    ) -> Result<std::result::Result<Row, String>> {
        let Some(shape) = self.shapes.get(id) else {
            return Ok(Err("it is no ordinary table".to_owned()));
        };
        if !self.open.insert(id.clone()) {
            return Ok(Err("its foreign keys run in a circle".to_owned()));
        }
        let mut fixed = given.clone();
        if let Some(table) = self.facts.table(id) {
            let tenant = Value::Text(self.tenant(who).to_owned());
            fixed.entry(table.column.name.clone()).or_insert(tenant);
        }
        let mut draft = Draft::new(shape, fixed, self.salt);
        self.salt += 7;
        let made = self.search(&mut draft, who).await;
        self.open.remove(id);
        made
    }

    /// Tries until Postgres takes the row.
    async fn search(
        &mut self,
        draft: &mut Draft<'_>,
        who: Who,
    ) -> Result<std::result::Result<Row, String>> {
        draft.place_in_partition(self.shapes);
        let shape = draft.shape;
        for key in &shape.foreign_keys {
            if draft.needs(key)
                && let Err(why) = self.follow(draft, key, who, false).await?
            {
                return Ok(Err(why));
            }
        }
        let mut forced = false;
        let mut last = String::new();
        for _ in 0..TRIES {
            let refusal = match self.insert(draft, forced).await? {
                Ok(holds) => {
                    return Ok(Ok(Row {
                        said: draft.said(),
                        holds,
                    }));
                }
                Err(refusal) => refusal,
            };
            last = refusal.short();
            let constraint = refusal.constraint.as_deref();
            let goes_on = match (refusal.code.as_str(), constraint) {
                ("23514", Some(name)) => draft.next_for_check(name),
                // No partition takes it, or not this one.
                ("23514", None) => draft.next_for_partition(self.shapes),
                ("23502", _) => draft.fill(refusal.column.as_deref()),
                ("23505", Some(name)) => {
                    self.salt += 7;
                    let again = draft.salted(name, self.salt);
                    match again {
                        Again::Yes => true,
                        Again::Pointing(key) => self.follow(draft, &key, who, true).await?.is_ok(),
                        Again::No => false,
                    }
                }
                ("23503", Some(name)) => {
                    let key = shape.foreign_keys.iter().find(|key| key.name == name);
                    match key {
                        Some(key) if draft.followed.insert(key.name.clone()) => {
                            self.follow(draft, key, who, false).await?.is_ok()
                        }
                        _ => false,
                    }
                }
                // Which value it is about is not said: then each is asked about alone.
                (code, _) if code.starts_with("22") && !draft.sifted => {
                    self.sift(draft).await?;
                    draft.sifted = true;
                    true
                }
                (code, _) if code.starts_with("22") || code == "23P01" => draft.next_of_any(),
                _ => false,
            };
            if !goes_on {
                if forced {
                    break;
                }
                // Triggers and foreign keys may stand in the way of a row, and of no proof.
                forced = true;
            }
        }
        Ok(Err(format!("no row of it can be made up: {last}")))
    }

    /// Leaves out values that are none of their column's type, or of its domain.
    async fn sift(&self, draft: &mut Draft<'_>) -> Result<()> {
        for (name, (values, at)) in &mut draft.tried {
            let Some(column) = draft.shape.column(name) else {
                continue;
            };
            let mut kept = Vec::new();
            for value in values.drain(..) {
                let sql = format!("SELECT {}::{}", value.sql(), column.r#type);
                let fits = match &value {
                    Value::Text(_) => matches!(self.lab.try_ours(&sql).await?, Said::Done(_)),
                    Value::Null | Value::Default => true,
                };
                if fits {
                    kept.push(value);
                }
            }
            *values = kept;
            *at = 0;
        }
        Ok(())
    }

    /// Takes the values of a foreign key from a row it can point at.
    async fn follow(
        &mut self,
        draft: &mut Draft<'_>,
        key: &ForeignKey,
        who: Who,
        another: bool,
    ) -> Result<std::result::Result<(), String>> {
        let mut given = BTreeMap::new();
        let tenant = self
            .facts
            .table(&draft.shape.id())
            .map(|table| table.column.name.clone());
        for (from, to) in key.columns.iter().zip(&key.to_columns) {
            let known = draft.fixed.get(from).filter(|value| **value != Value::Null);
            // Another row to point at keeps the tenant alone.
            let keeps = !another || Some(from) == tenant.as_ref();
            if let Some(value) = known.filter(|_| keeps) {
                given.insert(to.clone(), value.clone());
            }
        }
        let target = key.to.id();
        let nullable = key.columns.iter().any(|name| {
            let fixed = draft.fixed.contains_key(name);
            !fixed
                && draft
                    .shape
                    .column(name)
                    .is_some_and(|column| !column.not_null)
        });
        if self.open.contains(&target) {
            // It points at itself, or in a circle.
            if nullable {
                return Ok(Ok(()));
            }
            return Ok(Err(format!(
                "its foreign key {} runs in a circle",
                key.name
            )));
        }
        match self.target(&target, who, &given, another).await? {
            Ok(row) => {
                for (from, to) in key.columns.iter().zip(&key.to_columns) {
                    if let Some(value) = row.holds.get(to) {
                        draft.fixed.insert(from.clone(), value.clone());
                        draft.tried.remove(from);
                    }
                }
                Ok(Ok(()))
            }
            Err(why) => Ok(Err(format!("{} is pointed at: {why}", target.path()))),
        }
    }

    async fn insert(
        &self,
        draft: &Draft<'_>,
        forced: bool,
    ) -> Result<std::result::Result<BTreeMap<String, Value>, Refusal>> {
        let mut sql = insert(draft.shape, &draft.said());
        sql += &format!(" RETURNING {}", list(draft.shape));
        if forced {
            sql = format!(
                "SET LOCAL session_replication_role = replica; {sql}; \
                 SET LOCAL session_replication_role = origin"
            );
        }
        Ok(match self.lab.try_kept(&sql).await? {
            Said::Done(answer) => {
                let values = answer.rows.into_iter().next().unwrap_or_default();
                Ok(held(draft.shape, values))
            }
            Said::Refused(refusal) => Err(refusal),
        })
    }
}

/// Every column.
fn list(shape: &Shape) -> String {
    let columns: Vec<&str> = shape.columns.iter().map(|c| c.sql.as_str()).collect();
    columns.join(", ")
}

/// What a row holds, from the values of every column.
fn held(shape: &Shape, values: Vec<Option<String>>) -> BTreeMap<String, Value> {
    let names = shape.columns.iter().map(|column| column.name.clone());
    let values = values
        .into_iter()
        .map(|value| value.map_or(Value::Null, Value::Text));
    names.zip(values).collect()
}

/// An INSERT of these values; what is not said has its default.
pub(super) fn insert(shape: &Shape, said: &BTreeMap<String, Value>) -> String {
    if said.is_empty() {
        return format!("INSERT INTO {} DEFAULT VALUES", shape.sql);
    }
    let columns: Vec<&str> = said
        .keys()
        .filter_map(|name| Some(shape.column(name)?.sql.as_str()))
        .collect();
    let values: Vec<String> = said.values().map(Value::sql).collect();
    format!(
        "INSERT INTO {} ({}) VALUES ({})",
        shape.sql,
        columns.join(", "),
        values.join(", ")
    )
}
