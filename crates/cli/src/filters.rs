//! `tablesFilter` of the config: which tables and views of a database belong to the project.

use std::collections::BTreeSet;

use driftless_catalog::{Catalog, Id, Object};
use driftless_diagnostic::{Diagnostic, Result};
use globset::{Glob, GlobMatcher};

use crate::settings::Settings;

/// Takes out of a live catalog the tables and views that the filter leaves out, with their parts.
///
/// # Errors
/// `config-pattern` for what is no pattern.
pub(crate) fn apply(live: &mut Catalog, settings: &Settings) -> Result<()> {
    let filter = Filter::new(&settings.config.tables_filter)?;
    if filter.0.is_empty() {
        return Ok(());
    }
    let left_out: BTreeSet<Id> = live
        .objects()
        .filter(|(id, _)| {
            let root = live.root_of(id);
            is_table_or_view(live, &root) && !filter.takes(&root.name)
        })
        .map(|(id, _)| id.clone())
        .collect();
    live.retain(|id| !left_out.contains(id));
    Ok(())
}

/// As drizzle-kit has it: whatever matches one pattern and no pattern behind a `!`.
struct Filter(Vec<(bool, GlobMatcher)>);

impl Filter {
    fn new(patterns: &[String]) -> Result<Self> {
        let read = |pattern: &String| {
            let (wanted, glob) = match pattern.strip_prefix('!') {
                Some(rest) => (false, rest),
                None => (true, pattern.as_str()),
            };
            let glob = Glob::new(glob).map_err(|error| {
                Diagnostic::error(
                    "config-pattern",
                    format!("`{pattern}` of tablesFilter is no pattern: {error}"),
                )
                .help("correct it in the config; `*` stands for any text")
            })?;
            Ok((wanted, glob.compile_matcher()))
        };
        patterns.iter().map(read).collect::<Result<_>>().map(Self)
    }

    fn takes(&self, name: &str) -> bool {
        let matches = |wanted: bool| {
            let mut all = self.0.iter();
            all.any(|(w, glob)| *w == wanted && glob.is_match(name))
        };
        let any_wanted = self.0.iter().any(|(wanted, _)| *wanted);
        (!any_wanted || matches(true)) && !matches(false)
    }
}

fn is_table_or_view(live: &Catalog, root: &Id) -> bool {
    matches!(
        live.get(root),
        Some(Object::Table(_) | Object::View(_) | Object::MaterializedView(_))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_choose_as_drizzle_kit_does() {
        for (patterns, taken, left) in [
            (&["app_*"][..], &["app_users"][..], &["users"][..]),
            (&["!geo_*"], &["users"], &["geo_columns"]),
            (
                &["app_*", "!app_old"],
                &["app_users"],
                &["app_old", "users"],
            ),
        ] {
            let patterns: Vec<String> = patterns.iter().map(|one| (*one).to_owned()).collect();
            let filter = Filter::new(&patterns).unwrap();
            assert!(taken.iter().all(|name| filter.takes(name)), "{patterns:?}");
            assert!(!left.iter().any(|name| filter.takes(name)), "{patterns:?}");
        }
    }
}
