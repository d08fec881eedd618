//! What a migration's text says of how it came to be.

use driftless_catalog::{HazardKind, Plan};
use driftless_diagnostic::Diagnostic;
use driftless_migrations::tokens::{BREAKPOINT, token_hash};

use super::later::Later;
use crate::commands::generate::files;
use crate::git::Revision;

/// Whether a file is none of those that `generate` may have made of its change.
pub(super) fn is_edited<'p>(one: &Later, made: impl IntoIterator<Item = &'p Plan>) -> bool {
    let separator = if one.breakpoints {
        format!("{BREAKPOINT}\n")
    } else {
        "\n".to_owned()
    };
    let tokens = token_hash(&one.text);
    let mut batches = made.into_iter().flat_map(Plan::batches);
    batches.all(|batch| token_hash(&files::chunks(&batch).join(&separator)) != tokens)
}

pub(super) fn edited(one: &Later, base: &Revision, plan: &Plan) -> Diagnostic {
    Diagnostic::error(
        "generated-edited",
        format!(
            "{} is not as it was generated, and on top of {} it has to do something else",
            one.path, base.name
        ),
    )
    .note(format!(
        "what it would be:\n{}",
        driftless_report::sql(plan, driftless_report::Sheet::PLAIN).trim_end()
    ))
    .note("nothing was written")
    .help("move what was written by hand into a migration of its own (`driftless generate --custom`) before the merge")
    .help("or give it up: driftless rebase --discard-edits")
}

/// Hazards that somebody has allowed already: `generate` wrote each above its statement.
pub(super) fn allowed_in(text: &str) -> Vec<(HazardKind, String)> {
    text.lines()
        .filter_map(|line| {
            let rest = line.strip_prefix("-- driftless: hazard ")?;
            let (kind, message) = rest.split_once(": ")?;
            Some((kind.parse().ok()?, message.to_owned()))
        })
        .collect()
}
