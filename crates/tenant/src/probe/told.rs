//! Attempts as findings: what leaks, and what is not proven.

use driftless_diagnostic::Diagnostic;

use super::{ATTACKS, Attack, Attempt, Outcome};
use crate::rule::Finding;

/// Findings for people: what one role gets at in one place is one of them.
pub fn grouped(findings: &[Finding]) -> Vec<Diagnostic> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings {
        let of_probe = ATTACKS
            .iter()
            .any(|attack| attack.number() == finding.number);
        let group = groups.iter_mut().find(|group| {
            let first = group[0];
            let kind = |one: &Finding| (one.diagnostic.severity, one.diagnostic.code == UNPROVEN);
            of_probe
                && kind(first) == kind(finding)
                && !first.by.is_empty()
                && (&first.object, &first.by) == (&finding.object, &finding.by)
        });
        match group {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups.iter().map(|group| together(group)).collect()
}

/// The code of what is not proven.
const UNPROVEN: &str = "not-proven";

fn together(group: &[&Finding]) -> Diagnostic {
    let [first, _, ..] = group else {
        return group[0].diagnostic.clone();
    };
    let words: Vec<&str> = group.iter().map(|one| word(one)).collect();
    let (object, by) = (&first.object, &first.by);
    let mut found = if first.diagnostic.code == UNPROVEN {
        let message = format!(
            "nothing is proven for {by} about {object}: {}",
            words.join(", ")
        );
        Diagnostic::error(UNPROVEN, message)
    } else {
        let message = format!(
            "{by} gets at other tenants' rows of {object}: {}",
            words.join(", ")
        );
        Diagnostic::error("tenant-leak", message)
    };
    for (one, word) in group.iter().zip(&words) {
        for note in &one.diagnostic.notes {
            found = found.note(format!("{word}: {note}"));
        }
    }
    found.help.clone_from(&first.diagnostic.help);
    found
}

/// What was tried, in a word.
fn word(finding: &Finding) -> &'static str {
    let attack = ATTACKS
        .iter()
        .find(|attack| attack.number() == finding.number);
    match attack {
        Some(Attack::Select) => "read",
        Some(Attack::Unset) => "read with no tenant",
        Some(attack) => attack.code().trim_start_matches("leak-"),
        None => finding.diagnostic.code,
    }
}

pub(super) fn finding(attempt: &Attempt) -> Option<Finding> {
    let Attempt {
        attack,
        object,
        role,
        outcome,
        detail,
    } = attempt;
    let diagnostic = match outcome {
        Outcome::Leaks => Diagnostic::error(attack.code(), sentence(*attack, object, role))
            .note(detail.clone())
            .help("close it, and look at the rules' findings for the reason"),
        Outcome::NotProven => {
            let found = Diagnostic::error(
                "not-proven",
                format!("nothing is proven for {role} about {}", about(*attack, object)),
            )
            .note(detail.clone());
            match attack {
                Attack::Setting => found.help(
                    "say in driftless.toml how it is set: [tenant] set = \"SELECT set_config('…', {tenant}, true)\"",
                ),
                _ => found.help("where that cannot be helped, accept it in driftless.toml with the reason"),
            }
        }
        Outcome::Slow => Diagnostic::info("tenant-scan", format!("queries of {object} by {role} read the rows of all tenants"))
            .note(detail.clone())
            .help("an index that begins with the tenant column is used where the column is compared as it is"),
        Outcome::Holds | Outcome::NoRight => return None,
    };
    Some(Finding {
        number: attack.number(),
        object: object.clone(),
        by: role.clone(),
        diagnostic,
    })
}

fn about(attack: Attack, object: &str) -> String {
    let what = match attack {
        Attack::Select => "reading",
        Attack::Unset => "reading without a tenant:",
        Attack::Insert => "inserting into",
        Attack::Update => "updating",
        Attack::Delete => "deleting from",
        Attack::Move => "moving rows of",
        Attack::Truncate => "emptying",
        Attack::Plan => "the plan of",
        Attack::View => "the view",
        Attack::MaterializedView => "the materialized view",
        Attack::Function => "the function",
        Attack::ForeignKey => "the foreign key",
        Attack::Unique => "the key",
        Attack::Become => "becoming another role:",
        Attack::Setting => "any table: the tenant cannot be set for",
    };
    format!("{what} {object}")
}

fn sentence(attack: Attack, object: &str, role: &str) -> String {
    match attack {
        Attack::Select => format!("{role} reads rows of other tenants in {object}"),
        Attack::Unset => format!("{role} reads rows of {object} with no tenant set"),
        Attack::Insert => format!("{role} inserts rows of other tenants into {object}"),
        Attack::Update => format!("{role} updates rows of other tenants in {object}"),
        Attack::Delete => format!("{role} deletes rows of other tenants in {object}"),
        Attack::Move => format!("{role} gives rows of {object} to other tenants"),
        Attack::Truncate => format!("{role} empties {object} for all tenants"),
        Attack::Plan => format!("{role} scans {object} without the tenant"),
        Attack::View => format!("{role} learns of other tenants' rows through view {object}"),
        Attack::MaterializedView => {
            format!("{role} learns of other tenants' rows through materialized view {object}")
        }
        Attack::Function => format!("{role} learns of other tenants' rows through {object}"),
        Attack::ForeignKey => format!("{role} points at rows of other tenants through {object}"),
        Attack::Unique => format!("{role} learns what other tenants have from {object}"),
        Attack::Become => format!("{role} becomes a role that no policy holds back"),
        Attack::Setting => format!("{role} cannot set the tenant for {object}"),
    }
}
