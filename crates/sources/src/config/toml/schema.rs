//! `schema` and `out` of `driftless.toml`, together with those of `drizzle.config`.

use super::{DriftlessToml, Spanned};
use crate::config::Config;
use crate::sql::matched;
use camino::{Utf8Path, Utf8PathBuf};
use driftless_diagnostic::{Diagnostic, Failure, Result};
use std::collections::BTreeSet;

/// What declares the schema.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema {
    /// Entries for the evaluation of `schema.ts`.
    pub scripts: Vec<String>,
    /// SQL files, as paths joined to the project's directory.
    pub sql: BTreeSet<Utf8PathBuf>,
}

/// Endings of what is evaluated.
const SCRIPTS: [&str; 6] = ["ts", "js", "mts", "mjs", "cts", "cjs"];

/// The files of `[seed]`, in their order; those of a folder or a glob by name.
///
/// # Errors
/// `seed-not-found` for an entry that matches nothing.
pub fn seeds(dir: &Utf8Path, toml: &DriftlessToml) -> Result<Vec<Utf8PathBuf>> {
    sql_files(
        dir,
        toml,
        &toml.seed.files,
        ("seed.files", "seed-not-found"),
    )
}

/// The files of `scratch.setup`, in their order; those of a folder or a glob by name.
///
/// # Errors
/// `setup-not-found` for an entry that matches nothing.
pub fn setup(dir: &Utf8Path, toml: &DriftlessToml) -> Result<Vec<Utf8PathBuf>> {
    sql_files(
        dir,
        toml,
        &toml.scratch.setup,
        ("scratch.setup", "setup-not-found"),
    )
}

fn sql_files(
    dir: &Utf8Path,
    toml: &DriftlessToml,
    entries: &[Spanned<String>],
    (key, code): (&str, &'static str),
) -> Result<Vec<Utf8PathBuf>> {
    let mut problems = Vec::new();
    let mut files = Vec::new();
    for entry in entries {
        let (sql, _) = matched(dir, &entry.value);
        if sql.is_empty() {
            let message = format!("`{}` of `{key}` matches no SQL file", entry.value);
            let found = Diagnostic::error(code, message)
                .help("correct the path; it is relative to the project's directory");
            problems.push(toml.at(found, entry));
        }
        files.extend(
            sql.into_iter()
                .filter(|file| !files.contains(file))
                .collect::<Vec<_>>(),
        );
    }
    if problems.is_empty() {
        Ok(files)
    } else {
        Err(Failure::new(problems))
    }
}

/// What declares the schema, by `driftless.toml` and by `drizzle.config` where there is one.
///
/// # Errors
/// `schema-conflict` where both files name scripts and not the same; `schema-not-found` for an
/// entry that matches nothing.
pub fn schema(dir: &Utf8Path, config: Option<&Config>, toml: &DriftlessToml) -> Result<Schema> {
    let mut problems = Vec::new();
    let mut schema = Schema::default();
    for entry in &toml.schema {
        if is_script(&entry.value) {
            schema.scripts.push(entry.value.clone());
            continue;
        }
        let (sql, others) = matched(dir, &entry.value);
        let scripts = others.iter().any(|file| is_script(file.as_str()));
        // With a `drizzle.config`, that file says which scripts of a folder count.
        if scripts && config.is_none() {
            schema.scripts.push(entry.value.clone());
        } else if sql.is_empty() {
            problems.push(toml.at(nothing(dir, entry), entry));
        }
        schema.sql.extend(sql);
    }
    if let Some(config) = config {
        if schema.scripts.is_empty() {
            schema.scripts.clone_from(&config.schema);
        } else if !config.schema.is_empty() {
            let (ours, theirs) = (files(dir, &schema.scripts), files(dir, &config.schema));
            if ours == theirs {
                schema.scripts.clone_from(&config.schema);
            } else if let Some(entry) = toml.schema.iter().find(|entry| is_script(&entry.value)) {
                let shown = config.file.strip_prefix(dir).unwrap_or(&config.file);
                let diagnostic = Diagnostic::error(
                    "schema-conflict",
                    format!(
                        "{} and {shown} name different schema files",
                        toml.source.path()
                    ),
                )
                .note(format!("{shown} has {}", config.schema.join(", ")))
                .help(format!("name TypeScript files in {shown} alone"));
                problems.push(toml.at(diagnostic, entry));
            }
        }
    }
    if problems.is_empty() {
        Ok(schema)
    } else {
        Err(Failure::new(problems))
    }
}

fn is_script(path: &str) -> bool {
    Utf8Path::new(path)
        .extension()
        .is_some_and(|extension| SCRIPTS.contains(&extension))
}

fn files(dir: &Utf8Path, entries: &[String]) -> BTreeSet<Utf8PathBuf> {
    let found = entries.iter().flat_map(|entry| {
        let (_, others) = matched(dir, entry);
        others
    });
    found.filter(|file| is_script(file.as_str())).collect()
}

/// The migrations folder, joined to the project's directory.
///
/// # Errors
/// `out-conflict` where `drizzle.config` says another.
pub fn out(dir: &Utf8Path, config: Option<&Config>, toml: &DriftlessToml) -> Result<Utf8PathBuf> {
    let Some(out) = &toml.out else {
        return Ok(config.map_or_else(|| dir.join("drizzle"), |config| config.out.clone()));
    };
    let joined: Utf8PathBuf = dir.join(&out.value).components().collect();
    let Some(config) = config.filter(|config| config.out != joined) else {
        return Ok(joined);
    };
    let shown = config.file.strip_prefix(dir).unwrap_or(&config.file);
    let folder = config.out.strip_prefix(dir).unwrap_or(&config.out);
    let diagnostic = Diagnostic::error(
        "out-conflict",
        format!(
            "{} and {shown} name different migrations folders",
            toml.source.path()
        ),
    )
    .note(format!("with {shown} it is {folder}"))
    .help(format!("name it in {shown} alone"));
    Err(toml.at(diagnostic, out).into())
}

fn nothing(dir: &Utf8Path, entry: &Spanned<String>) -> Diagnostic {
    let path = dir.join(&entry.value);
    if path.is_dir() {
        return Diagnostic::error(
            "schema-not-found",
            format!("there is no SQL file in {}", entry.value),
        )
        .help("a folder stands for every .sql file in it and below");
    }
    if path.is_file() {
        return Diagnostic::error(
            "schema-not-found",
            format!("{} is no schema file", entry.value),
        )
        .help("schema files end in .sql or .ts");
    }
    Diagnostic::error(
        "schema-not-found",
        format!("{} matches no SQL file", entry.value),
    )
    .note(format!("looked in {dir}"))
    .help("correct the path; it is relative to the project's directory")
}
