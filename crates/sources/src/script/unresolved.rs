//! What is said about an import that leads nowhere.

use super::resolve::{Miss, Resolver};
use driftless_diagnostic::{Diagnostic, SourceFile};
use std::ops::Range;

/// The diagnostic for a specifier that could not be resolved.
pub(super) fn diagnostic(
    source: &SourceFile,
    span: Range<usize>,
    specifier: &str,
    miss: &Miss,
    resolver: &Resolver,
) -> Diagnostic {
    match miss {
        Miss::WrongDialect(dialect) => Diagnostic::error(
            "wrong-dialect",
            format!(
                "{} declares {} tables: `{specifier}` is not for Postgres",
                source.path(),
                dialect.name
            ),
        )
        .at(source, span, "imported here")
        .help("import from `drizzle-orm/pg-core`, or take the file out of `schema`"),
        Miss::Outside(path) => Diagnostic::error(
            "outside-project",
            format!(
                "`{specifier}` leads out of the project, to {}, and is not read",
                resolver.shown(path)
            ),
        )
        .at(source, span, "imported here")
        .help("keep what the schema needs inside the project, its workspace or a package"),
        Miss::Unresolved { tried, advice } => {
            let mut found = Diagnostic::error(
                "unresolved-import",
                format!("`{specifier}` cannot be found"),
            )
            .at(source, span, "imported here");
            for place in tried {
                found = found.note(format!("looked for {place}"));
            }
            let help = advice.as_deref();
            found.help(help.unwrap_or("correct the path, or create the file"))
        }
    }
}
