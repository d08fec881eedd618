//! SARIF 2.1.0, as code scanning reads it.

use driftless_diagnostic::{Diagnostic, Label, Severity};
use serde_json::{Map, Value, json};

use crate::place::in_repository;

/// The program that found something.
#[derive(Debug)]
pub struct Tool<'a> {
    /// Semantic version.
    pub version: &'a str,
    /// Where it is at home on the web.
    pub home: &'a str,
    /// Texts about codes; one that is not among them is told by its name alone.
    pub rules: Vec<RuleText<'a>>,
    /// Where the project is in its repository: empty, or ending in `/`.
    pub prefix: &'a str,
    /// The file that a finding without a place is shown at; code scanning takes none without.
    pub config: &'a str,
    /// Whether the command came to its end, whatever it found.
    pub worked: bool,
}

/// What is known about a code.
#[derive(Debug)]
pub struct RuleText<'a> {
    /// The code of the findings.
    pub code: &'a str,
    /// The rule's name.
    pub name: &'a str,
    /// Markdown.
    pub docs: String,
}

/// Findings as one log, of one run.
pub fn sarif(found: &[Diagnostic], tool: &Tool<'_>) -> String {
    let mut codes: Vec<&str> = Vec::new();
    let mut results = Vec::new();
    for one in found {
        let index = codes.iter().position(|code| *code == one.code);
        let index = index.unwrap_or_else(|| {
            codes.push(one.code);
            codes.len() - 1
        });
        results.push(result(one, index, tool));
    }
    let rules: Vec<Value> = codes.iter().map(|code| rule(code, tool)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "driftless",
                "semanticVersion": tool.version,
                "informationUri": tool.home,
                "rules": rules,
            }},
            "invocations": [{ "executionSuccessful": tool.worked }],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&log).unwrap_or_default()
}

fn rule(code: &str, tool: &Tool<'_>) -> Value {
    let mut rule = json!({ "id": code });
    if let Some(known) = tool.rules.iter().find(|rule| rule.code == code) {
        let docs = known.docs.as_str();
        // The first paragraph says what the rule does.
        let first = docs.split("\n\n").next().unwrap_or(docs);
        let lines = first.lines().filter(|line| !line.starts_with('#'));
        let short = lines.collect::<Vec<_>>().join(" ");
        rule["name"] = known.name.into();
        rule["shortDescription"] = json!({ "text": short });
        rule["help"] = json!({ "text": docs, "markdown": docs });
    }
    rule
}

fn result(found: &Diagnostic, index: usize, tool: &Tool<'_>) -> Value {
    let mut text = found.message.clone();
    for note in &found.notes {
        text += &format!("\nnote: {note}");
    }
    for help in &found.help {
        text += &format!("\nhelp: {help}");
    }
    let (first, related) = match found.labels.split_first() {
        Some((first, related)) => (place(first, tool), related),
        None => (artifact(tool.config, tool), &[][..]),
    };
    let mut result = json!({
        "ruleId": found.code,
        "ruleIndex": index,
        "level": match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "note",
        },
        "message": { "text": text },
        "locations": [first],
    });
    if !related.is_empty() {
        let related = related.iter().map(|label| place(label, tool));
        result["relatedLocations"] = related.collect();
    }
    result
}

fn place(label: &Label, tool: &Tool<'_>) -> Value {
    let start = label.source.position(label.start);
    let end = label.source.position(label.end.max(label.start));
    let mut place = artifact(label.source.path(), tool);
    place["physicalLocation"]["region"] = json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    });
    if !label.message.is_empty() {
        place["message"] = json!({ "text": label.message });
    }
    place
}

fn artifact(path: &str, tool: &Tool<'_>) -> Value {
    let path = in_repository(tool.prefix, path);
    let mut artifact = Map::new();
    artifact.insert("uri".to_owned(), uri(&path).into());
    if !path.starts_with('/') {
        artifact.insert("uriBaseId".to_owned(), "%SRCROOT%".into());
    }
    json!({ "physicalLocation": { "artifactLocation": artifact } })
}

fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri += &format!("%{byte:02X}");
        }
    }
    uri
}
