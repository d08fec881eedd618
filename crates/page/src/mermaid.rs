//! The diagram as Mermaid's `erDiagram`, which GitHub draws.

use std::fmt::Write as _;

use crate::diagram::{Diagram, Key};

/// Mermaid takes letters, digits and underscores for names and types; everything else is replaced, and
/// the name as it is stands beside it.
#[must_use]
pub fn mermaid(diagram: &Diagram) -> String {
    let mut text = "erDiagram\n".to_owned();
    for (at, table) in diagram.tables.iter().enumerate() {
        let _ = writeln!(text, "  t{at}[\"{}\"] {{", table.path().replace('"', "'"));
        for column in &table.columns {
            let keys: Vec<&str> = column
                .keys
                .iter()
                .map(|key| match key {
                    Key::Primary => "PK",
                    Key::Unique => "UK",
                    Key::Foreign => "FK",
                })
                .collect();
            let name = word(&column.name);
            let comment = if name == column.name {
                String::new()
            } else {
                format!(" \"{}\"", column.name.replace('"', "'"))
            };
            let _ = writeln!(
                text,
                "    {} {name}{}{comment}",
                word(&column.data_type),
                if keys.is_empty() {
                    String::new()
                } else {
                    format!(" {}", keys.join(","))
                }
            );
        }
        text += "  }\n";
    }
    for edge in &diagram.edges {
        let to = if edge.optional { "|o" } else { "||" };
        let from = if edge.one { "o|" } else { "o{" };
        let _ = writeln!(
            text,
            "  t{} {to}--{from} t{} : \"{}\"",
            edge.to,
            edge.from,
            edge.columns.join(", ").replace('"', "'")
        );
    }
    text
}

fn word(text: &str) -> String {
    let mut word: String = text
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '_' {
                c
            } else {
                '_'
            }
        })
        .collect();
    if !word.starts_with(|c: char| c.is_ascii_alphabetic()) {
        word.insert(0, 'x');
    }
    word
}
