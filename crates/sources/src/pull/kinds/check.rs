//! Checks: `check('positive', sql`amount > 0`)`.

use super::Part;
use crate::pull::page::Page;
use crate::pull::text::string;
use driftless_catalog::kinds::{Check, Descent};

pub(super) fn part(check: &Check) -> Part {
    Part::unless(&[
        (
            check.no_inherit || check.not_valid || check.not_enforced,
            "Drizzle has no words for NO INHERIT, NOT VALID and NOT ENFORCED",
        ),
        (check.origin != Descent::Own, "it comes from another table"),
    ])
}

pub(super) fn extra(check: &Check, page: &mut Page<'_>) -> String {
    let function = page.import("check");
    let expression = page.sql(&check.expression);
    format!("{function}({}, {expression})", string(&check.name))
}
