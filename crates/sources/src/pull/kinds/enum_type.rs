//! Enums: `pgEnum('mood', ['sad', 'ok'])`.

use super::Part;
use crate::pull::page::Page;
use crate::pull::text::string;
use driftless_catalog::kinds::EnumType;
use driftless_catalog::{Id, Tag};

pub(super) fn part(one: &EnumType) -> Part {
    Part::unless(&[(one.labels.is_empty(), "Drizzle has no enums without values")])
}

pub(super) fn statement(one: &EnumType, page: &mut Page<'_>) -> String {
    let function = page.builder(&one.schema, "enum", "pgEnum");
    let constant = page.constant(&Id::in_schema(Tag::EnumType, &one.schema, &one.name));
    let labels: Vec<_> = one.labels.iter().map(|label| string(label)).collect();
    format!(
        "export const {constant} = {function}({}, [{}]);",
        string(&one.name),
        labels.join(", ")
    )
}
