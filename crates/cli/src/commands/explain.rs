//! `driftless explain`: what a rule finds, why, and what to do.

use std::fmt::Write as _;

use driftless_diagnostic::Diagnostic;
use driftless_report::{Label, Sheet};
use serde::Serialize;

use crate::args::Explain;
use crate::exit::{Exit, Result, Stop};
use crate::ui::Ui;

pub(crate) fn run(args: &Explain, ui: &mut Ui) -> Result<Exit> {
    let Some(name) = &args.name else {
        list(ui);
        return Ok(Exit::Ok);
    };
    let text = driftless_lint::explain(name)
        .or_else(|| driftless_checks::explain(name))
        .or_else(|| driftless_tenant::explain(name));
    let Some(text) = text else {
        return Err(unknown(name));
    };
    ui.field("name", name);
    ui.field("text", &text);
    let sheet = ui.sheet();
    let title = titled(name, sheet);
    ui.out(&format!("{title}\n\n{}", shown(&text, sheet)));
    Ok(Exit::Ok)
}

/// The name, and the level of a lint rule.
fn titled(name: &str, sheet: Sheet) -> String {
    let rule = driftless_lint::RULES.iter().find(|rule| rule.name == name);
    let level = rule.map_or_else(String::new, |rule| {
        format!(
            " {}",
            sheet.paint(
                Label::Faint,
                format!(
                    "({} unless driftless.toml says otherwise)",
                    rule.level.as_str()
                )
            )
        )
    });
    format!("{}{level}", sheet.paint(Label::Name, name))
}

/// Markdown for a terminal: headings stand out, fences go, code is set in.
fn shown(text: &str, sheet: Sheet) -> String {
    let mut shown = String::new();
    let mut code = false;
    for line in text.lines() {
        if line.starts_with("```") {
            code = !code;
        } else if let Some(heading) = line.strip_prefix("## ") {
            let _ = writeln!(shown, "{}", sheet.paint(Label::Help, heading));
        } else if line.is_empty() {
            shown.push('\n');
        } else {
            let indent = if code { "    " } else { "  " };
            let _ = writeln!(shown, "{indent}{line}");
        }
    }
    shown
}

/// One rule of the list, for programs.
#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    of: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'static str>,
    about: String,
    codes: Vec<&'a str>,
}

fn list(ui: &mut Ui) {
    let checks = driftless_checks::RULES.iter().map(|rule| Entry {
        name: rule.name,
        of: "check",
        level: None,
        about: about(rule.docs),
        codes: rule.codes.to_vec(),
    });
    let lints = driftless_lint::RULES.iter().map(|rule| Entry {
        name: rule.name,
        of: "lint",
        level: Some(rule.level.as_str()),
        about: about(rule.docs),
        codes: vec![rule.name],
    });
    let tenants = driftless_tenant::RULES.iter().map(|rule| Entry {
        name: rule.code,
        of: "rls",
        level: None,
        about: about(rule.docs),
        codes: vec![rule.code, rule.number],
    });
    let entries: Vec<Entry<'_>> = lints.chain(checks).chain(tenants).collect();
    ui.field("rules", &entries);
    let sheet = ui.sheet();
    let width = entries.iter().map(|entry| entry.name.len()).max();
    let width = width.unwrap_or_default() + 2;
    let mut text = String::new();
    for (of, title) in [
        ("lint", "rules of `driftless lint`, with their levels:"),
        ("check", "\nrules of `driftless check`:"),
        ("rls", "\nrules of `driftless rls`:"),
    ] {
        let _ = writeln!(text, "{title}");
        for entry in entries.iter().filter(|entry| entry.of == of) {
            let level = entry.level.map_or_else(String::new, |it| format!("{it:9}"));
            let name = sheet.paint(Label::Name, format!("{:width$}", entry.name));
            let _ = writeln!(text, "  {name}{level}{}", entry.about);
        }
    }
    ui.out(&text);
}

/// The first sentence about what a rule does.
fn about(docs: &str) -> String {
    let lines = docs.lines().map(str::trim);
    let body = lines.filter(|line| !line.starts_with("##"));
    let first: Vec<&str> = body.take_while(|line| !line.is_empty()).collect();
    let all = first.join(" ");
    let end = all.find(". ").map_or(all.len(), |end| end);
    all[..end].trim_end_matches('.').to_owned()
}

fn unknown(name: &str) -> Stop {
    let diagnostic = Diagnostic::error(
        "unknown-rule",
        format!("no rule and no finding of a rule is called `{name}`"),
    );
    let checks = driftless_checks::RULES.iter();
    let checks = checks.flat_map(|rule| [rule.name].into_iter().chain(rule.codes.iter().copied()));
    let known = checks.chain(driftless_tenant::RULES.iter().map(|rule| rule.code));
    let near = driftless_lint::nearest_of(name, known);
    Stop::usage(match near {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help("`driftless explain` lists the rules"),
    })
}
