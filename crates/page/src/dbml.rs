//! The diagram as DBML, which dbdiagram.io and others read.

use std::fmt::Write as _;

use crate::diagram::{Diagram, Key, Table};

/// Every name is quoted, as DBML has no other way for odd ones.
#[must_use]
pub fn dbml(diagram: &Diagram) -> String {
    let mut text = String::new();
    for table in diagram.tables.iter().filter(|table| table.kind == "table") {
        let _ = writeln!(text, "Table {} {{", name(table));
        let primary: Vec<&str> = table
            .columns
            .iter()
            .filter(|column| column.keys.contains(&Key::Primary))
            .map(|column| column.name.as_str())
            .collect();
        for column in &table.columns {
            let mut settings = Vec::new();
            if primary == [column.name.as_str()] {
                settings.push("pk".to_owned());
            }
            if column.not_null {
                settings.push("not null".to_owned());
            }
            if column.keys.contains(&Key::Unique) {
                settings.push("unique".to_owned());
            }
            if let Some(default) = &column.default {
                settings.push(format!("default: `{}`", default.replace('`', "'")));
            }
            let settings = if settings.is_empty() {
                String::new()
            } else {
                format!(" [{}]", settings.join(", "))
            };
            let _ = writeln!(
                text,
                "  {} {}{settings}",
                quoted(&column.name),
                quoted(&column.data_type)
            );
        }
        if primary.len() > 1 {
            let columns: Vec<String> = primary.iter().map(|one| quoted(one)).collect();
            let _ = writeln!(
                text,
                "\n  indexes {{\n    ({}) [pk]\n  }}",
                columns.join(", ")
            );
        }
        text += "}\n\n";
    }
    for edge in &diagram.edges {
        let columns = |all: &[String]| {
            let quoted: Vec<String> = all.iter().map(|one| quoted(one)).collect();
            match quoted.as_slice() {
                [one] => one.clone(),
                several => format!("({})", several.join(", ")),
            }
        };
        let settings = edge
            .on_delete
            .as_ref()
            .map_or_else(String::new, |rule| format!(" [delete: {rule}]"));
        let _ = writeln!(
            text,
            "Ref: {}.{} {} {}.{}{settings}",
            name(&diagram.tables[edge.from]),
            columns(&edge.columns),
            if edge.one { "-" } else { ">" },
            name(&diagram.tables[edge.to]),
            columns(&edge.to_columns)
        );
    }
    text
}

fn name(table: &Table) -> String {
    match table.schema.as_str() {
        "public" | "" => quoted(&table.name),
        schema => format!("{}.{}", quoted(schema), quoted(&table.name)),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "'"))
}
