//! The page: one document with everything in it.

use crate::diagram::Diagram;
use crate::facts::Facts;
use crate::layout::Layout;
use crate::svg::{escaped, svg};

const PAGE: &str = include_str!("../web/page.html");
const STYLE: &str = include_str!("../web/page.css");
const ERD: &str = include_str!("../web/erd.css");
const SCRIPT: &str = include_str!("../web/page.js");

/// Writes the document. It loads nothing, and runs no script but its own, which its policy names by
/// nonce.
#[must_use]
pub fn html(facts: &Facts, nonce: &str) -> String {
    let picture = picture(&facts.schema);
    // Within a script element only `<` can end it or begin a comment.
    let json = serde_json::to_string(facts).unwrap_or_default();
    let json = json.replace('<', "\\u003c");
    let title = escaped(&facts.title);
    let value = |mark: &str| match mark {
        "nonce" => nonce,
        "title" => &title,
        "style" => STYLE,
        "erd" => ERD,
        "script" => SCRIPT,
        "picture" => &picture,
        "facts" => &json,
        _ => "",
    };
    // In one pass: what stands in a value is never taken for a mark.
    let mut parts = PAGE.split("{{");
    let mut page = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (mark, rest) = part.split_once("}}").unwrap_or(("", part));
        page += value(mark);
        page += rest;
    }
    page
}

fn picture(schema: &Diagram) -> String {
    svg(schema, &Layout::of(schema), false)
}
