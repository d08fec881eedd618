//! The picture as SVG: a box for each table, a curve for each foreign key.

use std::fmt::Write as _;

use crate::diagram::{Diagram, Edge, Key, Table};
use crate::layout::{HEAD, Layout, Place, SHOWN, line};

/// Draws a diagram. With `styled`, colours for light and dark are part of it, so that the file stands
/// for itself; else whoever shows it has them.
#[must_use]
pub fn svg(diagram: &Diagram, layout: &Layout, styled: bool) -> String {
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"erd\" viewBox=\"0 0 {w:.0} {h:.0}\" \
         width=\"{w:.0}\" height=\"{h:.0}\" role=\"img\" aria-label=\"Tables and their references\">\n",
        w = layout.width,
        h = layout.height
    );
    if styled {
        text += "<style>";
        text += include_str!("../web/erd.css");
        text += "</style>\n<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n";
    }
    text += "<g class=\"edges\">\n";
    for edge in &diagram.edges {
        curve(&mut text, diagram, layout, edge);
    }
    text += "</g>\n<g class=\"tables\">\n";
    for (at, (table, place)) in diagram.tables.iter().zip(&layout.places).enumerate() {
        table_box(&mut text, at, table, place);
    }
    text += "</g>\n</svg>\n";
    text
}

fn table_box(text: &mut String, at: usize, table: &Table, place: &Place) {
    let kind = table.kind.replace(' ', "-");
    let path = escaped(&table.path());
    let _ = writeln!(
        text,
        "<g class=\"table {kind}\" data-table=\"{at}\" transform=\"translate({:.0} {:.0})\">\
         <title>{path}</title><rect class=\"box\" width=\"{w:.0}\" height=\"{:.0}\" rx=\"6\"/>\
         <path class=\"head\" d=\"M0 {head:.0}V6a6 6 0 0 1 6-6H{:.0}a6 6 0 0 1 6 6V{head:.0}z\"/>\
         <text class=\"name\" x=\"12\" y=\"20\">{path}</text>",
        place.x,
        place.y,
        place.height,
        place.width - 6.0,
        w = place.width,
        head = HEAD
    );
    text.push_str("<g class=\"columns\">");
    for column in table.columns.iter().take(SHOWN) {
        let y = line(table, place, &column.name) - place.y + 4.0;
        let key = if column.keys.contains(&Key::Primary) {
            "primary"
        } else if column.keys.contains(&Key::Foreign) {
            "foreign"
        } else if column.keys.contains(&Key::Unique) {
            "unique"
        } else {
            ""
        };
        let null = if column.not_null { "" } else { " null" };
        let _ = write!(
            text,
            "<text class=\"column {key}{null}\" x=\"12\" y=\"{y:.0}\">{}</text>\
             <text class=\"type\" x=\"{:.0}\" y=\"{y:.0}\">{}</text>",
            escaped(&column.name),
            place.width - 12.0,
            escaped(&shortened(&column.data_type)),
        );
    }
    if table.columns.len() > SHOWN {
        let y = place.height - 14.0;
        let more = table.columns.len() - SHOWN;
        let _ = write!(
            text,
            "<text class=\"type more\" x=\"12\" y=\"{y:.0}\">and {more} more</text>"
        );
    }
    text.push_str("</g></g>\n");
}

fn curve(text: &mut String, diagram: &Diagram, layout: &Layout, edge: &Edge) {
    let (from, to) = (&layout.places[edge.from], &layout.places[edge.to]);
    let first = |columns: &[String]| columns.first().cloned().unwrap_or_default();
    let y1 = line(&diagram.tables[edge.from], from, &first(&edge.columns));
    let y2 = line(&diagram.tables[edge.to], to, &first(&edge.to_columns));
    // From the side that looks at the other; round the corner where they stand above each other.
    let (x1, x2, out1, out2) = if from.x > to.x + to.width {
        (from.x, to.x + to.width, -1.0, 1.0)
    } else if to.x > from.x + from.width {
        (from.x + from.width, to.x, 1.0, -1.0)
    } else {
        (from.x + from.width, to.x + to.width, 1.0, 1.0)
    };
    let bend = ((x1 - x2).abs() / 2.0).clamp(36.0, 160.0);
    let optional = if edge.optional { " optional" } else { "" };
    let foot = |x: f64, y: f64, out: f64| {
        if edge.one {
            format!("M{:.0} {:.0}v10", x + out * 8.0, y - 5.0)
        } else {
            format!(
                "M{x:.0} {:.0}L{:.0} {y:.0}L{x:.0} {:.0}",
                y - 5.0,
                x + out * 9.0,
                y + 5.0
            )
        }
    };
    let title = format!(
        "{}.{} → {}.{}{}",
        diagram.tables[edge.from].path(),
        edge.columns.join(", "),
        diagram.tables[edge.to].path(),
        edge.to_columns.join(", "),
        edge.on_delete
            .as_ref()
            .map_or_else(String::new, |rule| format!(" (on delete {rule})"))
    );
    let _ = writeln!(
        text,
        "<path class=\"edge{optional}\" data-from=\"{}\" data-to=\"{}\" d=\"M{x1:.0} {y1:.0}C{:.0} {y1:.0} \
         {:.0} {y2:.0} {x2:.0} {y2:.0}{}M{:.0} {:.0}v10\"><title>{}</title></path>",
        edge.from,
        edge.to,
        x1 + out1 * bend,
        x2 + out2 * bend,
        foot(x1, y1, out1),
        x2 + out2 * 6.0,
        y2 - 5.0,
        escaped(&title)
    );
}

fn shortened(data_type: &str) -> String {
    if data_type.chars().count() <= 24 {
        return data_type.to_owned();
    }
    data_type.chars().take(23).collect::<String>() + "…"
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
