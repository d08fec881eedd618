//! Sequences that stand by themselves: `pgSequence('numbers', { startWith: 100 })`.

use super::{Cx, Part};
use crate::pull::page::Page;
use crate::pull::text::{call, number, object, string};
use driftless_catalog::kinds::{Sequence, SequenceOptions};
use driftless_catalog::{Id, Tag};

pub(super) fn part(one: &Sequence, cx: &Cx<'_>) -> Part {
    if cx.serials.has_sequence(&one.schema, &one.name, cx) {
        return Part::Whole;
    }
    Part::unless(&[
        (
            one.data_type.is_some(),
            "every sequence of Drizzle is a bigint",
        ),
        (one.unlogged, "Drizzle has no word for UNLOGGED"),
    ])
}

pub(super) fn statement(one: &Sequence, page: &mut Page<'_>) -> String {
    let function = page.builder(&one.schema, "sequence", "pgSequence");
    let constant = page.constant(&Id::in_schema(Tag::Sequence, &one.schema, &one.name));
    let options = object(&options(&one.options));
    let call = call(&function, &[Some(string(&one.name)), options]);
    format!("export const {constant} = {call};")
}

/// How it counts, as members of an object.
pub(super) fn options(options: &SequenceOptions) -> Vec<(&'static str, String)> {
    let mut members: Vec<_> = [
        ("startWith", &options.start),
        ("increment", &options.increment),
        ("minValue", &options.min_value),
        ("maxValue", &options.max_value),
        ("cache", &options.cache),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, number(value.as_ref()?))))
    .collect();
    if options.cycle {
        members.push(("cycle", "true".to_owned()));
    }
    members
}
