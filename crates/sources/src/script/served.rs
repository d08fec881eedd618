//! The JavaScript that we serve: our `drizzle-orm`, its extractor, and what stands in for Node.

use super::{rewrite, strip};
use camino::Utf8Path;
use oxc::allocator::Allocator;
use oxc::ast::ast::Statement;
use rquickjs::loader::bundle::{Bundle, ScaBundleData};
use std::collections::BTreeSet;

/// Prefix of the names of these modules among themselves.
pub(super) const RUNTIME: &str = "driftless:runtime/";

// `TEXTS` and `BYTECODE`, made by build.rs.
include!(concat!(env!("OUT_DIR"), "/modules.rs"));

/// Loads the modules as compiled when the program was built.
pub(super) const COMPILED: Bundle<ScaBundleData<&[u8]>> = Bundle(BYTECODE);

/// Names that a module of ours exports.
pub(super) fn exports(name: &str) -> BTreeSet<String> {
    let Some((_, text)) = TEXTS.iter().find(|(n, _)| *n == name) else {
        return BTreeSet::new();
    };
    let allocator = Allocator::default();
    let Ok(program) = strip::parse(&allocator, text, Utf8Path::new(name)) else {
        return BTreeSet::new();
    };
    let mut names = rewrite::exported(&program);
    for statement in &program.body {
        if let Statement::ExportAllDeclaration(all) = statement
            && all.exported.is_none()
        {
            let inner = all.source.value.trim_start_matches("./").to_owned();
            names.extend(exports(&inner));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_include_those_of_parts() {
        assert!(exports("stub.js").contains("taintOf"));
        assert!(exports("pg_core.js").contains("pgTable"));
    }
}
