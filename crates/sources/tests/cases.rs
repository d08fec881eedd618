//! Every file in `tests/cases` is a project and what Driftless says about it.
//!
//! `-- path --` starts a file of the project, `-- expect --` the outcome. Lines before the first
//! file say what is unusual: `schema:`, `casing:`, `env:`, `time:`, `memory:`, `link: from -> to`,
//! `config` (evaluate the config instead), `locate`. Run with `UPDATE_CASES=1` to write what came
//! out into the files, then read the difference.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot lay out its case should stop"
)]

use camino::{Utf8Path, Utf8PathBuf};
use driftless_diagnostic::{Diagnostic, Severity};
use driftless_sources::config;
use driftless_sources::script::{self, Casing, Limits, SchemaRequest};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

#[test]
fn errors() {
    every_case_in("errors");
}

#[test]
fn language() {
    every_case_in("language");
}

#[test]
fn resolution() {
    every_case_in("resolution");
}

#[test]
fn sandbox() {
    every_case_in("sandbox");
}

#[test]
fn config() {
    every_case_in("config");
}

#[test]
fn a_file_that_is_not_text() {
    let dir = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(dir.path()).unwrap();
    std::fs::write(root.join("schema.ts"), b"export const x = '\xff';").unwrap();
    let request = SchemaRequest {
        root: root.to_owned(),
        files: vec!["schema.ts".to_owned()],
        casing: None,
        env: BTreeMap::new(),
        limits: Limits::default(),
        allow_empty: false,
        kept: None,
    };
    assert_eq!(
        rendered(script::load(&request).unwrap_err().diagnostics()),
        "error[unreadable-file]: schema.ts cannot be read: it is not UTF-8 text (byte 18)\n  \
         help: save the file as UTF-8"
    );
}

#[test]
fn names_in_messages_do_not_depend_on_how_the_project_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let top = Utf8Path::from_path(dir.path()).unwrap();
    std::fs::create_dir_all(top.join("a")).unwrap();
    std::fs::write(
        top.join("a/drizzle.config.ts"),
        "export default { dialect: 1 };",
    )
    .unwrap();
    for root in [top.join("a"), top.join("a/../a/.")] {
        let failure = config::load(&root, None, &BTreeMap::new()).unwrap_err();
        let place = &failure.diagnostics()[0].labels[0];
        assert_eq!(place.source.path(), "drizzle.config.ts");
    }
}

fn every_case_in(folder: &str) {
    let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(folder);
    let mut files: Vec<Utf8PathBuf> = folder
        .read_dir_utf8()
        .unwrap()
        .map(|entry| entry.unwrap().into_path())
        .collect();
    files.sort();
    assert!(!files.is_empty());
    let mut wrong = String::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let case = Case::parse(&text);
        let outcome = case.outcome();
        if outcome.trim() == case.expect.trim() {
            continue;
        }
        if std::env::var_os("UPDATE_CASES").is_some() {
            let before = text.split("-- expect --\n").next().unwrap().trim_end();
            let text = format!("{before}\n-- expect --\n{}\n", outcome.trim());
            std::fs::write(&file, text).unwrap();
        } else {
            let _ = writeln!(
                wrong,
                "=== {}\n--- expected\n{}\n--- came out\n{}",
                file.file_name().unwrap(),
                case.expect.trim(),
                outcome.trim()
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

struct Case<'a> {
    settings: Vec<(&'a str, &'a str)>,
    files: Vec<(&'a str, String)>,
    expect: String,
}

impl<'a> Case<'a> {
    fn parse(text: &'a str) -> Self {
        let mut case = Self {
            settings: Vec::new(),
            files: Vec::new(),
            expect: String::new(),
        };
        let mut current: Option<&str> = None;
        for line in text.split_inclusive('\n') {
            let header = line.trim_end().strip_prefix("-- ");
            if let Some(name) = header.and_then(|h| h.strip_suffix(" --")) {
                current = Some(name);
                if name != "expect" {
                    case.files.push((name, String::new()));
                }
                continue;
            }
            match current {
                None => {
                    let (key, value) = line.trim().split_once(':').unwrap_or((line.trim(), ""));
                    if !key.is_empty() && !key.starts_with('#') {
                        case.settings.push((key, value.trim()));
                    }
                }
                Some("expect") => case.expect.push_str(line),
                Some(_) => case.files.last_mut().unwrap().1.push_str(line),
            }
        }
        case
    }

    fn setting(&self, key: &str) -> Option<&'a str> {
        self.all(key).next()
    }

    fn all(&self, key: &str) -> impl Iterator<Item = &'a str> {
        self.settings
            .iter()
            .filter(move |(k, _)| *k == key)
            .map(|(_, value)| *value)
    }

    /// The project on disk; its root is what `root:` says.
    fn laid_out(&self) -> (tempfile::TempDir, Utf8PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let top = Utf8Path::from_path(dir.path())
            .unwrap()
            .canonicalize_utf8()
            .unwrap();
        for (path, text) in &self.files {
            let path = top.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        for link in self.all("link") {
            let (from, to) = link.split_once(" -> ").unwrap();
            let from = top.join(from);
            std::fs::create_dir_all(from.parent().unwrap()).unwrap();
            std::os::unix::fs::symlink(top.join(to), from).unwrap();
        }
        let root = top.join(self.setting("root").unwrap_or("."));
        (dir, root.canonicalize_utf8().unwrap())
    }

    fn outcome(&self) -> String {
        let (dir, root) = self.laid_out();
        let env: BTreeMap<String, String> = self
            .all("env")
            .map(|pair| pair.split_once('=').unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let outcome = if self.setting("config").is_some() {
            config_outcome(&root, self.setting("file"), &env)
        } else {
            self.schema_outcome(&root, env)
        };
        let dir = dir.path().canonicalize().unwrap();
        outcome.replace(dir.to_str().unwrap(), "/top")
    }

    fn schema_outcome(&self, root: &Utf8Path, env: BTreeMap<String, String>) -> String {
        let files = self.setting("schema").unwrap_or("schema.ts");
        let mut limits = Limits::default();
        if let Some(time) = self.setting("time") {
            limits.time = Duration::from_millis(time.parse().unwrap());
        }
        if let Some(memory) = self.setting("memory") {
            limits.memory = memory.parse::<usize>().unwrap() << 20;
        }
        let request = SchemaRequest {
            root: root.to_owned(),
            files: files.split_whitespace().map(str::to_owned).collect(),
            casing: match self.setting("casing") {
                Some("snake_case") => Some(Casing::SnakeCase),
                Some("camelCase") => Some(Casing::CamelCase),
                _ => None,
            },
            env,
            limits,
            allow_empty: self.setting("allow-empty").is_some(),
            kept: None,
        };
        if self.setting("locate").is_some() {
            return located(&request);
        }
        match script::load(&request) {
            Ok(declared) => {
                let mut text = tables(&declared.snapshot.to_json());
                if !declared.stubbed.is_empty() {
                    let _ = writeln!(text, "stood in for: {}", declared.stubbed.join(", "));
                }
                text + &rendered(&declared.warnings)
            }
            Err(failure) => rendered(failure.diagnostics()),
        }
    }
}

fn config_outcome(root: &Utf8Path, file: Option<&str>, env: &BTreeMap<String, String>) -> String {
    match config::load(root, file.map(Utf8Path::new), env) {
        Ok((config, warnings)) => format!("{config:#?}\n{}", rendered(&warnings)),
        Err(failure) => rendered(failure.diagnostics()),
    }
}

fn located(request: &SchemaRequest) -> String {
    let locations = script::locate(request).unwrap();
    let mut text = String::new();
    for (key, label) in locations.iter() {
        let position = label.source.position(label.start);
        let _ = writeln!(
            text,
            "{key}: {}:{}:{} `{}`",
            label.source.path(),
            position.line,
            position.column,
            &label.source.text()[label.start..label.end]
        );
    }
    text
}

/// `public.users: id serial, email text`, one line for each table.
fn tables(snapshot: &str) -> String {
    let snapshot: serde_json::Value = serde_json::from_str(snapshot).unwrap();
    let mut text = String::new();
    for (name, table) in snapshot["tables"].as_object().unwrap() {
        let columns: Vec<String> = table["columns"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, column)| {
                let default = column.get("default").map(|d| format!(" default {d}"));
                format!(
                    "{name} {}{}",
                    column["type"].as_str().unwrap(),
                    default.unwrap_or_default()
                )
            })
            .collect();
        let _ = writeln!(text, "{name}: {}", columns.join(", "));
    }
    for kind in ["enums", "views", "schemas", "sequences"] {
        for (name, _) in snapshot[kind].as_object().unwrap() {
            let _ = writeln!(text, "{kind}: {name}");
        }
    }
    text
}

fn rendered(diagnostics: &[Diagnostic]) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        let _ = writeln!(
            text,
            "{severity}[{}]: {}",
            diagnostic.code, diagnostic.message
        );
        for label in &diagnostic.labels {
            let position = label.source.position(label.start);
            let _ = writeln!(
                text,
                "  at {}:{}:{} `{}` {}",
                label.source.path(),
                position.line,
                position.column,
                label.source.text()[label.start..label.end]
                    .lines()
                    .next()
                    .unwrap_or_default(),
                label.message
            );
        }
        for note in &diagnostic.notes {
            let _ = writeln!(text, "  note: {note}");
        }
        for help in &diagnostic.help {
            let _ = writeln!(text, "  help: {help}");
        }
    }
    text.lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n")
}
