//! Schemas: `pgSchema('billing')`.

use crate::pull::page::Page;
use crate::pull::text::string;
use driftless_catalog::kinds::Schema;

pub(super) fn statement(schema: &Schema, page: &mut Page<'_>) -> String {
    let function = page.import("pgSchema");
    let constant = page.constant(&super::schema_id(&schema.name));
    format!(
        "export const {constant} = {function}({});",
        string(&schema.name)
    )
}
