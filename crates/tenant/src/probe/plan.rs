//! The plan of a query as an app role gets it: where it scans a table of tenants it has to compare
//! the tenant.

use driftless_catalog::{Id, Tag};
use driftless_diagnostic::Result;
use serde_json::Value;

use super::Came;
use super::lab::{As, Lab, Said};
use crate::facts::Facts;
use crate::predicate::mentions;

/// Explains a query twice: as it is, and with sequential scans discouraged, which shows whether an
/// index can be used for the tenant.
pub(super) async fn look(
    lab: &Lab<'_>,
    facts: &Facts<'_>,
    who: As<'_>,
    sql: &str,
) -> Result<Vec<Came>> {
    let explain = format!("EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) {sql}");
    let said = lab.try_as("SELECT 1", who, &explain).await?;
    let scans = match scans(facts, &said) {
        Ok(scans) => scans,
        Err(why) => return Ok(vec![Came::NotProven(why)]),
    };
    let open: Vec<&str> = scans
        .iter()
        .filter(|scan| !scan.compared)
        .map(|scan| scan.table.as_str())
        .collect();
    if !open.is_empty() {
        let why = format!(
            "the plan scans {} without comparing the tenant",
            open.join(", ")
        );
        return Ok(vec![Came::NotProven(why)]);
    }
    let first = "SET LOCAL enable_seqscan = off";
    let said = lab.try_as(first, who, &explain).await?;
    let slow: Vec<String> = self::scans(facts, &said)
        .unwrap_or_default()
        .into_iter()
        .filter(|scan| !scan.indexed)
        .map(|scan| scan.table)
        .collect();
    let mut came = vec![Came::Holds];
    if !slow.is_empty() {
        came.push(Came::Slow(format!(
            "no index can be used for the tenant of {}",
            slow.join(", ")
        )));
    }
    Ok(came)
}

/// One scan of a table of tenants.
struct Scan {
    table: String,
    /// Whether the tenant is compared in it.
    compared: bool,
    /// Whether an index is used for that.
    indexed: bool,
}

fn scans(facts: &Facts<'_>, said: &Said) -> std::result::Result<Vec<Scan>, String> {
    let answer = match said {
        Said::Done(answer) => answer,
        Said::Refused(refusal) => {
            return Err(format!("the query is not planned: {}", refusal.short()));
        }
    };
    // Rows of what was set before come first.
    let text = answer
        .rows
        .last()
        .and_then(|row| row.first())
        .cloned()
        .flatten();
    let plan: Value = serde_json::from_str(&text.unwrap_or_default())
        .map_err(|error| format!("the plan is not understood: {error}"))?;
    let mut all = Vec::new();
    walk(facts, &plan[0]["Plan"], &mut all);
    Ok(all)
}

fn walk(facts: &Facts<'_>, node: &Value, all: &mut Vec<Scan>) {
    let text = |key: &str| node[key].as_str().unwrap_or_default();
    // What never runs reads nothing.
    if text("One-Time Filter") == "false" {
        return;
    }
    let id = Id::in_schema(Tag::Table, text("Schema"), text("Relation Name"));
    if text("Node Type").contains("Scan")
        && let Some(table) = facts.table(&id)
    {
        let column = &table.column.name;
        let names = |key: &str| mentions(text(key), column);
        let below = node["Plans"].as_array().into_iter().flatten();
        let bitmap = below
            .filter_map(|plan| plan["Index Cond"].as_str())
            .any(|condition| mentions(condition, column));
        let indexed = names("Index Cond") || names("Recheck Cond") || bitmap;
        all.push(Scan {
            table: table.path(),
            compared: indexed || names("Filter"),
            indexed,
        });
    }
    for plan in node["Plans"].as_array().into_iter().flatten() {
        walk(facts, plan, all);
    }
}
