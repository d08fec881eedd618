//! Where sources go: `schema.ts`, the folder `schema` beside it, and what names them.

use camino::{Utf8Path, Utf8PathBuf};
use driftless_diagnostic::{Diagnostic, Failure, Result};
use driftless_sources::config::toml::NAME;
use driftless_sources::pull::Pulled;

use crate::placed::Files;
use crate::settings::Settings;

/// The files of a project, as seen from its directory.
pub(super) struct Layout {
    dir: Utf8PathBuf,
    script: Utf8PathBuf,
    /// Folder of the SQL files.
    sql: Utf8PathBuf,
    /// SQL files that are there already.
    existing: Vec<String>,
    /// `driftless.toml` as it is: its path, its text, and what `schema` of it names.
    toml: Option<(Utf8PathBuf, String, Vec<String>)>,
    /// `drizzle.config` names the script.
    drizzle: bool,
}

impl Layout {
    /// # Errors
    /// `pull-which-file` where the config names no single file; `declared-elsewhere` where SQL files
    /// declare something already that would be declared twice.
    pub(super) fn of(settings: &Settings) -> Result<Self> {
        let dir = settings.dir.clone();
        let entries = |toml: &driftless_sources::config::toml::DriftlessToml| -> Vec<String> {
            toml.schema.iter().map(|one| one.value.clone()).collect()
        };
        let toml = match &settings.toml {
            Some(toml) => {
                let path = Utf8PathBuf::from(toml.source.path());
                let text = fs_err::read_to_string(dir.join(&path)).map_err(|error| {
                    Diagnostic::error("unreadable-file", format!("{path} cannot be read: {error}"))
                })?;
                Some((path, text, entries(toml)))
            }
            None => None,
        };
        let drizzle = settings.has_drizzle_config();
        let named: Vec<String> = match (&toml, drizzle) {
            (_, true) => settings.config.schema.clone(),
            (Some((_, _, entries)), false) => {
                let is_script = |entry: &&String| entry.ends_with("ts") || entry.ends_with("js");
                entries.iter().filter(is_script).cloned().collect()
            }
            (None, false) => Vec::new(),
        };
        let script = match &named[..] {
            [] if !drizzle => Utf8PathBuf::from("schema.ts"),
            [one] if is_one_file(one) => plain(&dir, one),
            _ => return Err(which_file(settings, &named).into()),
        };
        let sql = script.parent().unwrap_or(Utf8Path::new("")).join("schema");
        let mut existing: Vec<String> = sql_below(&dir.join(&sql));
        existing.sort();
        let elsewhere = settings.schema().unwrap_or_default().sql;
        let elsewhere: Vec<_> = elsewhere
            .iter()
            .map(|path| path.strip_prefix(&dir).unwrap_or(path))
            .filter(|path| path.parent() != Some(&sql))
            .map(declared_elsewhere)
            .collect();
        if !elsewhere.is_empty() {
            return Err(Failure::new(elsewhere));
        }
        Ok(Self {
            dir,
            script,
            sql,
            existing,
            toml,
            drizzle,
        })
    }

    /// # Errors
    /// `pull-would-overwrite` for each file that is there.
    pub(super) fn refuse_existing(&self) -> Result<()> {
        let script = self
            .dir
            .join(&self.script)
            .exists()
            .then(|| self.script.to_string());
        let sql = self.existing.iter().map(|name| self.sql_path(name));
        let found: Vec<_> = script
            .into_iter()
            .chain(sql)
            .map(|path| {
                Diagnostic::error("pull-would-overwrite", format!("{path} is there already"))
                    .note("nothing was written")
                    .help("pass --force to write it anew from the database, or move it away")
            })
            .collect();
        if found.is_empty() {
            Ok(())
        } else {
            Err(Failure::new(found))
        }
    }

    /// `schema.ts`, as people call it.
    pub(super) fn script(&self) -> &str {
        self.script.as_str()
    }

    /// The folder of SQL files, as people call it.
    pub(super) fn sql_folder(&self) -> String {
        slashed(&self.sql)
    }

    /// An SQL file, as people call it.
    pub(super) fn sql_path(&self, name: &str) -> String {
        slashed(&self.sql.join(name))
    }

    /// Everything to be written, and what has to go.
    ///
    /// # Errors
    /// `schema-not-named` where driftless.toml names other sources.
    pub(super) fn files(&self, pulled: &Pulled) -> Result<Files> {
        let mut files = Files::new(&self.dir);
        if let Some(text) = &pulled.typescript {
            files.write(self.script.as_str(), text);
        }
        for file in &pulled.sql {
            files.write(&self.sql_path(&file.name), &file.text);
        }
        // What it declared is declared in the new files, or gone.
        for name in &self.existing {
            if !pulled.sql.iter().any(|file| file.name == *name) {
                files.remove(&self.sql_path(name));
            }
        }
        if let Some((path, text)) = self.toml_for(pulled)? {
            files.write(path.as_str(), &text);
        }
        Ok(files)
    }

    /// The text of `driftless.toml` where it has to change.
    fn toml_for(&self, pulled: &Pulled) -> Result<Option<(Utf8PathBuf, String)>> {
        let mut wanted = Vec::new();
        if !self.drizzle && pulled.typescript.is_some() {
            wanted.push(slashed(&self.script));
        }
        if !pulled.sql.is_empty() {
            wanted.push(format!("{}/*.sql", self.sql_folder()));
        }
        let names = |known: &[String], entry: &str| {
            let folder = entry.strip_suffix("/*.sql").unwrap_or(entry);
            known.iter().any(|known| {
                let known = known.strip_prefix("./").unwrap_or(known);
                known == entry
                    || known.trim_end_matches('/') == folder
                    || known == format!("{folder}/**/*.sql")
            })
        };
        let line = || {
            let quoted: Vec<_> = wanted.iter().map(|entry| format!("\"{entry}\"")).collect();
            format!("schema = [{}]\n", quoted.join(", "))
        };
        match &self.toml {
            _ if wanted.is_empty() => Ok(None),
            None => Ok(Some((
                Utf8PathBuf::from(NAME),
                format!(
                    "# What declares the schema; the SQL files say what Drizzle has no words for.\n{}",
                    line()
                ),
            ))),
            // A key without a table has to stand before the first one.
            Some((path, text, known)) if known.is_empty() => {
                Ok(Some((path.clone(), format!("{}\n{text}", line()))))
            }
            Some((path, _, known)) => {
                let missing: Vec<_> = wanted
                    .iter()
                    .filter(|entry| !names(known, entry))
                    .map(|entry| {
                        Diagnostic::error(
                            "schema-not-named",
                            format!("{path} does not name {entry}, so it would declare nothing"),
                        )
                        .note("nothing was written")
                        .help(format!("add \"{entry}\" to `schema` in {path}"))
                    })
                    .collect();
                if missing.is_empty() {
                    Ok(None)
                } else {
                    Err(Failure::new(missing))
                }
            }
        }
    }
}

/// Whether an entry of the config is one file, there or not.
fn is_one_file(entry: &str) -> bool {
    let path = Utf8Path::new(entry);
    !entry.contains(['*', '?', '[', '{'])
        && matches!(path.extension(), Some("ts" | "mts" | "cts" | "js" | "mjs"))
}

/// As seen from the directory.
fn plain(dir: &Utf8Path, entry: &str) -> Utf8PathBuf {
    let joined: Utf8PathBuf = dir.join(entry).components().collect();
    joined
        .strip_prefix(dir)
        .map_or(joined.clone(), Utf8Path::to_owned)
}

fn slashed(path: &Utf8Path) -> String {
    path.as_str().replace('\\', "/")
}

fn sql_below(folder: &Utf8Path) -> Vec<String> {
    let entries = folder.read_dir_utf8().into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.path().extension() == Some("sql"))
        .map(|entry| entry.file_name().to_owned())
        .collect()
}

fn which_file(settings: &Settings, named: &[String]) -> Diagnostic {
    let file = &settings.config.file;
    let shown = file.strip_prefix(&settings.dir).unwrap_or(file);
    let diagnostic = Diagnostic::error(
        "pull-which-file",
        format!(
            "{shown} names no single file for the schema, so it is not known where to write it"
        ),
    );
    let diagnostic = match named {
        [] => diagnostic,
        _ => diagnostic.note(format!("it names {}", named.join(", "))),
    };
    diagnostic.help("name one file there, for example schema: './src/schema.ts'")
}

fn declared_elsewhere(path: &Utf8Path) -> Diagnostic {
    Diagnostic::error(
        "declared-elsewhere",
        format!("{path} declares something already, which would be declared twice"),
    )
    .note("nothing was written")
    .help(format!(
        "take it out of `schema` in {NAME}: what the database has of it is pulled anew"
    ))
}
