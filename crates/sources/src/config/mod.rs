//! `drizzle.config.ts`, read as it is.
//!
//! The file is evaluated by the engine that evaluates schema files; what it exports is then
//! checked field by field, and every complaint points at the field.

mod credentials;
mod fields;
mod locate;
pub mod toml;
mod value;

pub use credentials::{Credentials, Server, Ssl, Text};

use crate::script::{self, Casing, Limits};
use camino::{Utf8Path, Utf8PathBuf};
use driftless_diagnostic::{Diagnostic, Failure, Result, Severity, SourceFile};
use std::collections::{BTreeMap, BTreeSet};
use value::Value;

/// Names of config files, the first one found is taken; drizzle-kit's order.
pub const NAMES: [&str; 7] = [
    "drizzle.config.ts",
    "drizzle.config.js",
    "drizzle.config.json",
    "drizzle.config.mts",
    "drizzle.config.mjs",
    "drizzle.config.cts",
    "drizzle.config.cjs",
];

/// A project's configuration as plain data.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file it came from.
    pub file: Utf8PathBuf,
    /// Where its relative paths start: the directory of the project, as in drizzle-kit.
    pub dir: Utf8PathBuf,
    /// Files, globs and folders, as written.
    pub schema: Vec<String>,
    /// The migrations folder, joined to `dir`.
    pub out: Utf8PathBuf,
    /// How to reach the database, if the config says so.
    pub credentials: Option<Credentials>,
    /// The ledger and the names of files.
    pub migrations: Migrations,
    /// How names are made for columns that have none.
    pub casing: Option<Casing>,
    /// Whether statements are separated by `--> statement-breakpoint`.
    pub breakpoints: bool,
    /// Schemas of a live database that belong to the project.
    pub schema_filter: Vec<String>,
    /// Tables of a live database that belong to the project; `!pattern` leaves out.
    pub tables_filter: Vec<String>,
    /// Extensions whose own tables do not belong to the project.
    pub extensions_filters: Vec<String>,
    /// Which roles of a live database belong to the project.
    pub roles: Roles,
    /// How names are made when a database is read into a schema file.
    pub introspect_casing: Option<IntrospectCasing>,
    /// Say more.
    pub verbose: bool,
    /// Ask before anything is run.
    pub strict: bool,
    /// A way to the database other than a server's.
    pub driver: Option<Driver>,
}

/// `migrations` of the config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrations {
    /// The ledger's table.
    pub table: String,
    /// The ledger's schema.
    pub schema: String,
    /// What names of migration files start with.
    pub prefix: Prefix,
}

/// `migrations.prefix` of the config.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefix {
    /// `0000`.
    Index,
    /// `20240131235959`.
    Timestamp,
    /// As `Timestamp`, as Supabase wants it.
    Supabase,
    /// Seconds since 1970.
    Unix,
    /// Nothing.
    None,
}

/// `entities.roles` of the config.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    /// Whether roles of a live database are looked at.
    pub managed: bool,
    /// `supabase` or `neon`, whose own roles are left alone.
    pub provider: Option<String>,
    /// Only these.
    pub include: Vec<String>,
    /// Not these.
    pub exclude: Vec<String>,
}

/// `introspect.casing` of the config.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntrospectCasing {
    /// `camel`.
    Camel,
    /// `preserve`.
    Preserve,
}

/// `driver` of the config.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Driver {
    /// `pglite`.
    Pglite,
    /// `aws-data-api`.
    AwsDataApi,
}

/// Reads the config of the project in `dir`, or the file `explicit` (relative to `dir`).
///
/// `env` is what `process.env` shows. The second part of the answer are warnings.
pub fn load(
    dir: &Utf8Path,
    explicit: Option<&Utf8Path>,
    env: &BTreeMap<String, String>,
) -> Result<(Config, Vec<Diagnostic>)> {
    let file = match explicit {
        Some(path) => dir.join(path),
        None => find(dir).ok_or_else(|| none(dir))?,
    };
    if !file.is_file() {
        return Err(Diagnostic::error(
            "config-not-found",
            format!(
                "the config file {} does not exist",
                explicit.unwrap_or(&file)
            ),
        )
        .help("correct the path given with --config")
        .into());
    }
    let (root, located) = evaluate(dir, &file, env)?;
    let mut reader = fields::Reader::new(&located);
    let config = reader.config(&root, dir, &file);
    let diagnostics = reader.diagnostics;
    match config {
        Some(config) if !diagnostics.iter().any(|d| d.severity == Severity::Error) => {
            Ok((config, diagnostics))
        }
        _ => Err(Failure::new(diagnostics)),
    }
}

impl Config {
    /// What holds where there is no config file: drizzle-kit's defaults. `file` is what says so.
    pub fn without_file(dir: &Utf8Path, file: &Utf8Path) -> Self {
        Self {
            file: file.to_owned(),
            dir: dir.to_owned(),
            schema: Vec::new(),
            out: dir.join("drizzle"),
            credentials: None,
            migrations: Migrations {
                table: "__drizzle_migrations".to_owned(),
                schema: "drizzle".to_owned(),
                prefix: Prefix::Index,
            },
            casing: None,
            breakpoints: true,
            schema_filter: vec!["public".to_owned()],
            tables_filter: Vec::new(),
            extensions_filters: Vec::new(),
            roles: Roles::default(),
            introspect_casing: None,
            verbose: false,
            strict: false,
            driver: None,
        }
    }
}

/// The config file of the project in `dir`.
pub fn find(dir: &Utf8Path) -> Option<Utf8PathBuf> {
    NAMES
        .iter()
        .map(|name| dir.join(name))
        .find(|file| file.is_file())
}

fn none(dir: &Utf8Path) -> Diagnostic {
    Diagnostic::error(
        "config-not-found",
        format!("there is no drizzle.config.ts in {dir}"),
    )
    .note(format!("looked for {}", NAMES.join(", ")))
    .help("go to the project's directory, or name it with -C, or the file with --config")
}

/// The exported value, and the file's text to point into. When a value comes from a package, the
/// package itself is tried.
fn evaluate(
    dir: &Utf8Path,
    file: &Utf8Path,
    env: &BTreeMap<String, String>,
) -> Result<(Value, locate::Located)> {
    let limits = Limits::default();
    let text = script::value(dir, file, env, &limits, &BTreeSet::new())?;
    let mut root = Value::parse(&text)?;
    let packages: BTreeSet<String> = root.origins().filter_map(package).collect();
    if !packages.is_empty() {
        let again = script::value(dir, file, env, &limits, &packages);
        if let Some(better) = again.ok().and_then(|text| Value::parse(&text).ok()) {
            root = better;
        }
    }
    let (real_dir, real_file) = (script::real_path(dir)?, script::real_path(file)?);
    let source = SourceFile::new(
        script::relative(&real_dir, &real_file),
        fs_err::read_to_string(file).unwrap_or_default(),
    );
    Ok((root, locate::Located::new(&source, file)))
}

fn package(origin: &str) -> Option<String> {
    let specifier = origin.split('#').next().unwrap_or(origin);
    let known = specifier.starts_with("process.env") || specifier.starts_with("node:");
    (!known).then(|| script::package_of(specifier).to_owned())
}
