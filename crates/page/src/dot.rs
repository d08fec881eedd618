//! The diagram for Graphviz.

use std::fmt::Write as _;

use crate::diagram::{Diagram, Key};
use crate::svg::escaped;

/// `dot -Tsvg` draws it.
#[must_use]
pub fn dot(diagram: &Diagram) -> String {
    let mut text =
        "digraph schema {\n  rankdir=RL;\n  node [shape=plain, fontname=\"Helvetica\"];\n  \
                    edge [arrowhead=none, arrowtail=crow, dir=back];\n"
            .to_owned();
    for (at, table) in diagram.tables.iter().enumerate() {
        let _ = write!(
            text,
            "  t{at} [label=<<table border=\"0\" cellborder=\"1\" cellspacing=\"0\">\
             <tr><td colspan=\"2\"><b>{}</b></td></tr>",
            escaped(&table.path())
        );
        for (row, column) in table.columns.iter().enumerate() {
            let name = escaped(&column.name);
            let name = if column.keys.contains(&Key::Primary) {
                format!("<u>{name}</u>")
            } else {
                name
            };
            let _ = write!(
                text,
                "<tr><td align=\"left\" port=\"c{row}\">{name}</td><td align=\"left\">{}</td></tr>",
                escaped(&column.data_type)
            );
        }
        text += "</table>>];\n";
    }
    for edge in &diagram.edges {
        let port = |table: usize, columns: &[String]| {
            let columns = columns.first();
            let all = &diagram.tables[table].columns;
            let at = columns.and_then(|name| all.iter().position(|one| one.name == *name));
            at.map_or_else(String::new, |at| format!(":c{at}"))
        };
        let _ = writeln!(
            text,
            "  t{}{} -> t{}{}{};",
            edge.to,
            port(edge.to, &edge.to_columns),
            edge.from,
            port(edge.from, &edge.columns),
            if edge.optional { " [style=dashed]" } else { "" }
        );
    }
    text + "}\n"
}
