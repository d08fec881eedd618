//! What constraints tell a tenant of the rows that it does not see.

use driftless_catalog::{Id, Tag};
use driftless_diagnostic::Result;
use driftless_postgres::literal;

use super::lab::{As, Lab, Said};
use super::rows::{Row, Who, insert};
use super::shape::{ForeignKey, Shape, Unique};
use super::values::Value;
use super::{Attack, Came, Ground, Proof};
use crate::facts::TenantTable;

/// Foreign and unique keys of one table.
pub(super) async fn attack(
    lab: &Lab<'_>,
    at: &Ground<'_>,
    table: &TenantTable<'_>,
    role: &str,
    proof: &mut Proof,
) -> Result<()> {
    let rows = (at.row(&table.id, Who::A), at.row(&table.id, Who::B));
    let (Some(shape), (Ok(a), Ok(b))) = (at.shapes.get(&table.id), rows) else {
        return Ok(());
    };
    if !at.facts.may(role, &table.id, "INSERT").any() {
        return Ok(());
    }
    let who = As {
        role,
        tenant: Some(&at.tenants[0]),
    };
    let tenant = &table.column.name;
    let tenant_sql = shape
        .column(tenant)
        .map_or("", |column| column.sql.as_str());
    let without = at.without(shape, tenant, 0);
    // What is not taken as it is tells nothing when it is changed.
    if let Said::Refused(_) = lab.try_as(&without, who, &insert(shape, &a.said)).await? {
        return Ok(());
    }
    for key in &shape.foreign_keys {
        let to = key.to.id();
        if at.facts.table(&to).is_none() || key.columns.iter().all(|column| column == tenant) {
            continue;
        }
        let came = match at.row(&to, Who::B) {
            Ok(target) if !differs(a, key, target, tenant) => Came::NotProven(
                "the rows of both tenants that it points at have one key".to_owned(),
            ),
            Ok(target) => {
                let sql = pointing(shape, a, key, target, tenant);
                foreign(&lab.try_as(&without, who, &sql).await?, key)
            }
            Err(why) => Came::NotProven(why),
        };
        proof.add(
            Attack::ForeignKey,
            named(Tag::ForeignKey, shape, &key.name),
            role,
            came,
        );
    }
    for key in &shape.uniques {
        if key.columns.iter().all(|column| column == tenant) || is_made(shape, key, tenant) {
            continue;
        }
        let covers = covers(lab, shape, key, tenant_sql, &at.tenants[1]).await?;
        let came = match taken(shape, a, b, key, tenant, covers) {
            Ok(sql) => unique(&lab.try_as(&without, who, &sql).await?, key),
            Err(_) if key.columns.contains(tenant) => continue,
            Err(why) => Came::NotProven(why),
        };
        proof.add(
            Attack::Unique,
            named(Tag::Unique, shape, &key.name),
            role,
            came,
        );
    }
    Ok(())
}

fn named(kind: Tag, shape: &Shape, name: &str) -> String {
    let Id {
        schema,
        name: table,
        ..
    } = shape.id();
    Id::in_parent(kind, &schema, &table, name).path()
}

/// Whether a key is, or has in it, a primary key of uuids or numbers, as the rule about keys leaves
/// it alone: its values are made, and tell nothing.
fn is_made(shape: &Shape, key: &Unique, tenant: &str) -> bool {
    let made = ["uuid", "bigint", "integer", "smallint"];
    let primary = shape.uniques.iter().filter(|key| key.primary);
    let mut primary = primary.filter(|key| !key.columns.iter().any(|name| name == tenant));
    primary.any(|primary| {
        primary.columns.iter().all(|name| {
            let column = shape.column(name);
            key.columns.contains(name)
                && column.is_some_and(|column| made.contains(&column.r#type.as_str()))
        })
    })
}

/// Whether B's row is another one to point at than A's.
fn differs(a: &Row, key: &ForeignKey, target: &Row, tenant: &str) -> bool {
    let mut pairs = key.columns.iter().zip(&key.to_columns);
    pairs.any(|(from, to)| from != tenant && a.holds.get(from) != target.holds.get(to))
}

/// A's row, pointing at B's.
fn pointing(shape: &Shape, a: &Row, key: &ForeignKey, target: &Row, tenant: &str) -> String {
    let mut said = a.said.clone();
    for (from, to) in key.columns.iter().zip(&key.to_columns) {
        if let Some(value) = target.holds.get(to).filter(|_| from != tenant) {
            said.insert(from.clone(), value.clone());
        }
    }
    insert(shape, &said)
}

fn foreign(said: &Said, key: &ForeignKey) -> Came {
    match said {
        Said::Done(_) => Came::Leaks("a row that points at another tenant's is taken".to_owned()),
        Said::Refused(refusal)
            if refusal.code == "23503" && refusal.constraint.as_ref() == Some(&key.name) =>
        {
            Came::Holds
        }
        // Another one that shares its columns was faster.
        Said::Refused(refusal) if refusal.code == "23503" => Came::Holds,
        Said::Refused(refusal) => {
            Came::NotProven(format!("it fails for another reason: {}", refusal.short()))
        }
    }
}

/// Whether the key holds the row of B at all: a partial index may leave it out.
async fn covers(lab: &Lab<'_>, shape: &Shape, key: &Unique, tenant: &str, b: &str) -> Result<bool> {
    let Some(predicate) = &key.predicate else {
        return Ok(true);
    };
    let sql = format!(
        "SELECT count(*) FROM {} WHERE {tenant} = {} AND ({predicate})",
        shape.sql,
        literal(b)
    );
    Ok(lab
        .try_ours(&sql)
        .await?
        .number()
        .is_ok_and(|rows| rows > 0))
}

/// A's row with the key of B's.
fn taken(
    shape: &Shape,
    a: &Row,
    b: &Row,
    key: &Unique,
    tenant: &str,
    covers: bool,
) -> std::result::Result<String, String> {
    if !covers {
        return Err("the row that was made up is none that the index holds".to_owned());
    }
    let mut said = a.said.clone();
    for name in key.columns.iter().filter(|name| *name != tenant) {
        let column = shape.column(name);
        if column.is_none_or(|column| column.always) {
            return Err(format!("{name} cannot be given a value"));
        }
        match b.holds.get(name) {
            Some(Value::Text(text)) => said.insert(name.clone(), Value::Text(text.clone())),
            _ => return Err(format!("{name} is NULL in the row that was made up")),
        };
    }
    Ok(insert(shape, &said))
}

fn unique(said: &Said, key: &Unique) -> Came {
    match said {
        Said::Done(_) => Came::Holds,
        Said::Refused(refusal) if refusal.constraint.as_ref() == Some(&key.name) => {
            Came::Leaks(format!(
                "the key of another tenant's row is refused: {}",
                refusal.short()
            ))
        }
        // Foreign keys are looked at after unique ones.
        Said::Refused(refusal) if refusal.code == "23503" => Came::Holds,
        Said::Refused(refusal) => {
            Came::NotProven(format!("it fails for another reason: {}", refusal.short()))
        }
    }
}
