//! Views, materialized views and functions: what a tenant sees through them may not depend on what
//! another has. They are read, the other's rows are taken away, and they are read again.

use std::collections::BTreeMap;

use driftless_catalog::kinds::{Function, View};
use driftless_catalog::{Id, Object, Tag};
use driftless_diagnostic::Result;
use driftless_postgres::{identifier, literal};

use super::lab::{As, Lab, Said};
use super::rows::Who;
use super::values::Value;
use super::{Attack, Came, Ground, Proof, plan};
use crate::facts::Facts;

/// Something to look through.
struct Window {
    attack: Attack,
    object: String,
    /// What yields its rows.
    from: String,
    /// A query whose plan is looked at.
    planned: bool,
    /// Whether arguments were guessed.
    guessed: bool,
}

/// How many guesses are made for the arguments of one function.
const GUESSES: usize = 24;

/// All of them.
pub(super) async fn attack(
    lab: &Lab<'_>,
    at: &Ground<'_>,
    role: &str,
    tenant_type: &str,
    proof: &mut Proof,
) -> Result<()> {
    let mut windows = views(at.facts, role);
    windows.extend(functions(at, role, tenant_type));
    if windows.is_empty() {
        return Ok(());
    }
    let who = As {
        role,
        tenant: Some(&at.tenants[0]),
    };
    lab.mark().await?;
    refresh(lab, at.facts).await?;
    let mut with = Vec::new();
    for window in &windows {
        let first = look(lab, who, &window.from).await?;
        let second = look(lab, who, &window.from).await?;
        with.push((first, second));
    }
    clear(lab, at, 1).await?;
    refresh(lab, at.facts).await?;
    let mut without = Vec::new();
    for window in &windows {
        without.push(look(lab, who, &window.from).await?);
    }
    lab.restore().await?;
    let written = written(lab, at, role).await?;
    let mut told: BTreeMap<(Attack, String), Came> = BTreeMap::new();
    for ((window, (first, again)), after) in windows.iter().zip(with).zip(without) {
        let planned = if window.planned {
            let sql = format!("SELECT * FROM {}", window.from);
            plan::look(lab, at.facts, who, &sql).await?
        } else {
            Vec::new()
        };
        let came = judged(window, &first, &again, &after, planned);
        let key = (window.attack, window.object.clone());
        let worse = told.get(&key).is_none_or(|known| rank(&came) > rank(known));
        if worse {
            told.insert(key, came);
        }
    }
    for (object, came) in written {
        told.insert((Attack::View, object), came);
    }
    for ((attack, object), came) in told {
        proof.add(attack, object, role, came);
    }
    Ok(())
}

/// Writes through views while tenant A has no rows: whatever is found is another's. Told is only what
/// leaks: a view that nothing can be written through holds.
async fn written(lab: &Lab<'_>, at: &Ground<'_>, role: &str) -> Result<Vec<(String, Came)>> {
    let who = As {
        role,
        tenant: Some(&at.tenants[0]),
    };
    let mut leaks = Vec::new();
    lab.mark().await?;
    clear(lab, at, 0).await?;
    for (id, object) in at.facts.views(Tag::View) {
        let Object::View(view) = object else {
            continue;
        };
        let name = format!("{}.{}", identifier(&id.schema), identifier(&id.name));
        let mut tries = Vec::new();
        if at.facts.may(role, id, "DELETE").any() {
            tries.push(format!("DELETE FROM {name}"));
        }
        if at.facts.may(role, id, "UPDATE").any() {
            let columns = view.columns.iter().map(|column| identifier(&column.name));
            tries.extend(columns.map(|column| format!("UPDATE {name} SET {column} = DEFAULT")));
        }
        let (first, insert) = inserting(at, id, &name, view);
        if at.facts.may(role, id, "INSERT").any() {
            tries.extend(insert);
        }
        for sql in tries {
            let first = if sql.starts_with("INSERT") {
                first.as_str()
            } else {
                "SELECT 1"
            };
            let said = lab.try_as(first, who, &sql).await?;
            let found = match said.affected() {
                Ok(rows) => rows > 0,
                // A policy that refuses a new row has found none.
                Err(refusal) if sql.starts_with("INSERT") => refusal.is_constraint(),
                Err(refusal) => refusal.is_constraint() || refusal.is_policy(),
            };
            if found {
                let what = if sql.starts_with("INSERT") {
                    "makes"
                } else {
                    "finds"
                };
                let why = format!("{sql} {what} rows of another tenant");
                leaks.push((id.path(), Came::Leaks(why)));
                break;
            }
        }
    }
    lab.restore().await?;
    Ok(leaks)
}

/// The INSERT of B's row through a view over one table, with what makes room for it.
fn inserting(at: &Ground<'_>, id: &Id, name: &str, view: &View) -> (String, Option<String>) {
    let tables = at.facts.tenant_tables_of(id);
    let nothing = ("SELECT 1".to_owned(), None);
    let [table] = tables[..] else {
        return nothing;
    };
    let (Some(shape), Ok(row)) = (at.shapes.get(&table.id), at.row(&table.id, Who::B)) else {
        return nothing;
    };
    let shows = |column: &str| view.columns.iter().any(|shown| shown.name == column);
    let Some(tenant) = shape
        .column(&table.column.name)
        .filter(|column| shows(&column.name))
    else {
        return nothing;
    };
    let said = row.said.iter().filter(|(column, _)| shows(column));
    let (columns, values): (Vec<String>, Vec<String>) = said
        .map(|(column, value)| (identifier(column), value.sql()))
        .unzip();
    let first = at.without(shape, &tenant.name, 1);
    let insert = format!(
        "INSERT INTO {name} ({}) VALUES ({})",
        columns.join(", "),
        values.join(", ")
    );
    (first, Some(insert))
}

/// Takes every row of a tenant away.
async fn clear(lab: &Lab<'_>, at: &Ground<'_>, tenant: usize) -> Result<()> {
    for table in &at.facts.tables {
        if let Some(shape) = at.shapes.get(&table.id) {
            lab.must(&at.without(shape, &table.column.name, tenant))
                .await?;
        }
    }
    Ok(())
}

fn rank(came: &Came) -> u8 {
    match came {
        Came::Leaks(_) => 3,
        Came::Holds => 2,
        Came::NotProven(_) => 1,
        Came::NoRight | Came::Slow(_) => 0,
    }
}

/// The rows as one text, or the error's code: an error that comes and goes tells as much as a row.
type Sight = std::result::Result<String, String>;

async fn look(lab: &Lab<'_>, who: As<'_>, from: &str) -> Result<Sight> {
    let sql = format!(
        "SELECT coalesce(string_agg(seen::text, E'\\n' ORDER BY seen::text), '') FROM (SELECT * FROM {from}) seen"
    );
    Ok(match lab.try_as("SELECT 1", who, &sql).await? {
        Said::Done(answer) => {
            let last = answer
                .rows
                .last()
                .and_then(|row| row.first())
                .cloned()
                .flatten();
            Ok(last.unwrap_or_default())
        }
        Said::Refused(refusal) => Err(refusal.short()),
    })
}

fn judged(
    window: &Window,
    first: &Sight,
    again: &Sight,
    after: &Sight,
    planned: Vec<Came>,
) -> Came {
    if first != again {
        return Came::NotProven("it shows something else each time".to_owned());
    }
    if first != after {
        return Came::Leaks(
            "it shows something else when another tenant's rows are gone".to_owned(),
        );
    }
    let clean = planned.iter().any(|came| matches!(came, Came::Holds));
    match first {
        Err(why) => Came::NotProven(format!("it cannot be read: {why}")),
        // Rows that were made up may be none that it shows; its plan tells as much.
        Ok(rows) if rows.is_empty() && !clean => {
            Came::NotProven("no row that was made up shows in it".to_owned())
        }
        Ok(_) if window.planned && !clean => match planned.into_iter().next() {
            Some(came) => came,
            None => Came::NotProven("its plan is not known".to_owned()),
        },
        Ok(_) if window.guessed => Came::NotProven(
            "no guess for its arguments shows another tenant's rows, which proves nothing about the others".to_owned(),
        ),
        Ok(_) => Came::Holds,
    }
}

async fn refresh(lab: &Lab<'_>, facts: &Facts<'_>) -> Result<()> {
    // One may read another: then the first needs the second's rows.
    let all: Vec<&Id> = facts
        .catalog
        .of_kind(Tag::MaterializedView)
        .map(|(id, _)| id)
        .collect();
    for _ in 0..2 {
        for id in &all {
            let name = format!("{}.{}", identifier(&id.schema), identifier(&id.name));
            lab.try_kept(&format!("REFRESH MATERIALIZED VIEW {name}"))
                .await?;
        }
    }
    Ok(())
}

fn views(facts: &Facts<'_>, role: &str) -> Vec<Window> {
    let mut windows = Vec::new();
    for (kind, attack) in [
        (Tag::View, Attack::View),
        (Tag::MaterializedView, Attack::MaterializedView),
    ] {
        for (id, _) in facts.views(kind) {
            if facts.may(role, id, "SELECT").any() {
                windows.push(Window {
                    attack,
                    object: id.path(),
                    from: format!("{}.{}", identifier(&id.schema), identifier(&id.name)),
                    planned: kind == Tag::View,
                    guessed: false,
                });
            }
        }
    }
    windows
}

/// Calls of functions that run as their owner and return something.
fn functions(at: &Ground<'_>, role: &str, tenant_type: &str) -> Vec<Window> {
    let mut windows = Vec::new();
    for (id, object) in at.facts.catalog.of_kind(Tag::Function) {
        let Object::Function(function) = object else {
            continue;
        };
        let result = function.result.as_deref().unwrap_or("void");
        let returns = !matches!(result, "void" | "trigger" | "event_trigger");
        let callable = at.facts.may(role, id, "EXECUTE").any();
        if !function.security_definer || !returns || !callable || function.window {
            continue;
        }
        for arguments in guesses(at, function, tenant_type) {
            windows.push(Window {
                attack: Attack::Function,
                object: id.path(),
                from: format!(
                    "{}.{}({})",
                    identifier(&function.schema),
                    identifier(&function.name),
                    arguments.join(", ")
                ),
                planned: false,
                guessed: !arguments.is_empty(),
            });
        }
    }
    windows
}

/// Lists of arguments to try: the other tenant, values of its rows, NULL.
fn guesses(at: &Ground<'_>, function: &Function, tenant_type: &str) -> Vec<Vec<String>> {
    let types: Vec<&str> = match function.signature.as_str() {
        "" => Vec::new(),
        signature => signature.split(", ").collect(),
    };
    let needed = types.len().saturating_sub(function.defaults as usize);
    let types = &types[..needed];
    if types.is_empty() {
        return vec![Vec::new()];
    }
    let of_type = |wanted: &str| -> Vec<String> {
        let mut values = Vec::new();
        if wanted == tenant_type {
            values.push(at.tenants[1].clone());
        }
        for table in &at.facts.tables {
            let (Some(shape), Ok(row)) = (at.shapes.get(&table.id), at.row(&table.id, Who::B))
            else {
                continue;
            };
            for column in shape
                .columns
                .iter()
                .filter(|column| column.r#type == wanted || column.base == wanted)
            {
                if let Some(Value::Text(text)) = row.holds.get(&column.name)
                    && !values.contains(text)
                {
                    values.push(text.clone());
                }
            }
        }
        values.truncate(GUESSES);
        values
    };
    let all: Vec<Vec<String>> = types.iter().map(|wanted| of_type(wanted)).collect();
    let most = all.iter().map(Vec::len).max().unwrap_or_default().max(1);
    let mut lists: Vec<Vec<String>> = (0..most)
        .map(|n| {
            let one =
                |(values, wanted): (&Vec<String>, &&str)| match values.get(n).or(values.first()) {
                    Some(text) => format!("{}::{wanted}", literal(text)),
                    None => format!("NULL::{wanted}"),
                };
            all.iter().zip(types).map(one).collect()
        })
        .collect();
    lists.push(
        types
            .iter()
            .map(|wanted| format!("NULL::{wanted}"))
            .collect(),
    );
    lists
}
