//! `driftless rls`: who sees what, what the rules find, and the proof.

mod fix;
mod shown;
mod sides;

pub(super) use sides::look;

use driftless_diagnostic::Diagnostic;
use driftless_report::count;
use driftless_tenant::probe::{Outcome, Proof, grouped};
use driftless_tenant::{Finding, Matrix, sift};
use serde::Serialize;

use crate::args::{Global, Rls};
use crate::exit::{Exit, Result};
use crate::settings::Settings;
use crate::tenant::{Guard, errors};
use crate::ui::Ui;

/// What was looked at, and what came of it.
pub(super) struct Looked {
    /// `history`, `declared` or `database`.
    side: &'static str,
    pub(super) matrix: Matrix,
    /// Of the rules.
    pub(super) findings: Vec<Finding>,
    /// Tables whose rows belong to tenants.
    pub(super) tables: usize,
    pub(super) proof: Proof,
    /// What stands beside both: objects that are not known, entries that fit nothing.
    besides: Vec<Diagnostic>,
}

pub(crate) fn run(args: &Rls, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    let Some(guard) = Guard::configured(&settings)? else {
        return Err(not_configured().into());
    };
    if args.fix {
        return fix::run(args, &settings, &guard, ui);
    }
    let looked = sides::look(args, &settings, &guard, ui)?;
    let mut findings = looked.findings.clone();
    findings.extend(looked.proof.findings());
    let sifted = sift(findings, &guard.tenant);
    let mut found = looked.besides.clone();
    found.extend(guard.unused(&sifted, |_| true));
    found.extend(grouped(&sifted.findings));

    ui.field("side", looked.side);
    ui.field("matrix", &looked.matrix.rows);
    let told: Vec<Told<'_>> = sifted.findings.iter().map(Told::from).collect();
    ui.field("findings", told);
    let accepted: Vec<Told<'_>> = sifted
        .accepted
        .iter()
        .map(|(finding, at)| Told {
            reason: Some(&guard.tenant.accepted[*at].reason),
            ..Told::from(finding)
        })
        .collect();
    ui.field("accepted", accepted);
    ui.field("proof", &looked.proof.attempts);
    ui.field("set", &looked.proof.set);

    let sheet = ui.sheet();
    ui.out(&shown::matrix(&looked.matrix, &guard.tenant, sheet));
    ui.tell_all(&found);
    ui.out(&shown::proof(&looked.proof, sheet));
    ui.out(&shown::accepted(&sifted, &guard.tenant, sheet));
    Ok(conclude(&looked, &found, ui))
}

/// A finding, for programs.
#[derive(Serialize)]
struct Told<'a> {
    rule: &'a str,
    code: &'a str,
    object: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    role: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl<'a> From<&'a Finding> for Told<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            rule: finding.number,
            code: finding.diagnostic.code,
            object: &finding.object,
            role: &finding.by,
            reason: None,
        }
    }
}

fn conclude(looked: &Looked, found: &[Diagnostic], ui: &mut Ui) -> Exit {
    let errors = errors(found);
    if errors > 0 {
        ui.out(&format!("rls failed: {}", count(errors, "finding")));
        return Exit::Failed;
    }
    ui.out(&format!(
        "isolated: {}, {} held",
        count(looked.tables, "table"),
        count(looked.proof.count(Outcome::Holds), "attempt")
    ));
    Exit::Ok
}

fn not_configured() -> Diagnostic {
    Diagnostic::error(
        "tenant-not-configured",
        "whose rows are whose is not known: there is no [tenant] in driftless.toml",
    )
    .help("add it, with the names of your project:\n[tenant]\ncolumn = \"account_id\"\nfunction = \"current_account_id\"\napp_roles = [\"app\"]\nadmin_roles = [\"admin\"]")
}
