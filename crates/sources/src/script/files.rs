//! The files that `schema` names.

use super::glob;
use super::resolve::relative;
use camino::{Utf8Path, Utf8PathBuf};
use driftless_diagnostic::{Diagnostic, Failure, Result};

/// Endings of files that can declare tables.
const CODE: [&str; 8] = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"];

/// Files, globs and folders (their direct files) as real paths, in drizzle-kit's order.
pub(super) fn named(root: &Utf8Path, patterns: &[String]) -> Result<Vec<Utf8PathBuf>> {
    let mut files: Vec<Utf8PathBuf> = Vec::new();
    let mut problems = Vec::new();
    if patterns.is_empty() {
        return Err(Diagnostic::error("schema-not-found", "no schema file is named")
            .help("set `schema` in drizzle.config.ts, for example `schema: \"./src/db/schema.ts\"`")
            .into());
    }
    for pattern in patterns {
        let mut found = Vec::new();
        for path in glob::expand(root, pattern) {
            if path.is_dir() {
                found.extend(direct(&path));
            } else {
                found.push(path);
            }
        }
        if found.iter().all(|path| !is_code(path)) {
            problems.push(nothing(root, pattern, &found));
        }
        found.retain(|path| is_code(path));
        for path in found {
            let real = path.canonicalize_utf8().unwrap_or(path);
            if !files.contains(&real) {
                files.push(real);
            }
        }
    }
    if problems.is_empty() {
        Ok(files)
    } else {
        Err(Failure::new(problems))
    }
}

fn direct(dir: &Utf8Path) -> Vec<Utf8PathBuf> {
    let Ok(entries) = dir.read_dir_utf8() else {
        return Vec::new();
    };
    let mut files: Vec<Utf8PathBuf> = entries
        .filter_map(std::result::Result::ok)
        .map(camino::Utf8DirEntry::into_path)
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files
}

fn is_code(path: &Utf8Path) -> bool {
    let types = [".d.ts", ".d.mts", ".d.cts"];
    path.extension()
        .is_some_and(|ending| CODE.contains(&ending))
        && !types.iter().any(|ending| path.as_str().ends_with(ending))
}

fn nothing(root: &Utf8Path, pattern: &str, found: &[Utf8PathBuf]) -> Diagnostic {
    if let Some(other) = found.first() {
        return Diagnostic::error(
            "schema-not-found",
            format!(
                "`{pattern}` names no schema: {} is neither TypeScript nor JavaScript",
                relative(root, other)
            ),
        )
        .help("let `schema` name .ts or .js files");
    }
    let diagnostic = Diagnostic::error(
        "schema-not-found",
        format!("no schema file matches `{pattern}`"),
    )
    .note(format!("looked in {root}"));
    let near = CODE
        .iter()
        .map(|ending| format!("{pattern}.{ending}"))
        .find(|near| root.join(near).is_file());
    match near {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help("correct `schema` in the config; it is relative to the project"),
    }
}
