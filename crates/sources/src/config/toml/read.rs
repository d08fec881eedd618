//! The keys of `driftless.toml`: what each may hold, and what is said when it holds something else.

use super::{DriftlessToml, Engine, Environment, Scratch, Seed, Spanned, Url};
use driftless_diagnostic::{Diagnostic, SourceFile};
use std::collections::BTreeMap;
use toml::Spanned as At;
use toml::de::{DeTable, DeValue};

/// The file, as far as it can be made sense of, and everything that is wrong with it.
pub(super) fn file(source: &SourceFile, text: &str) -> (DriftlessToml, Vec<Diagnostic>) {
    let mut reader = Reader {
        source,
        problems: Vec::new(),
    };
    let mut parsed = DriftlessToml {
        source: source.clone(),
        schema: Vec::new(),
        out: None,
        environments: BTreeMap::new(),
        seed: Seed::default(),
        reset_max_rows: None,
        scratch: Scratch::default(),
        role: None,
        exclude_schemas: Vec::new(),
        accept_unmodelled: Vec::new(),
        lint: Vec::new(),
        tenant: None,
    };
    match DeTable::parse(text) {
        Ok(root) => reader.root(root.get_ref(), &mut parsed),
        Err(error) => {
            let end = text.len();
            let range = error.span().unwrap_or(end..end);
            let message = format!("{} is no TOML: {}", source.path(), error.message());
            reader
                .problems
                .push(Diagnostic::error("invalid-toml", message).at(source, range, ""));
        }
    }
    (parsed, reader.problems)
}

pub(super) struct Reader<'a> {
    pub(super) source: &'a SourceFile,
    pub(super) problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn root(&mut self, root: &DeTable<'_>, parsed: &mut DriftlessToml) {
        let known = [
            "schema", "out", "env", "scratch", "database", "seed", "reset", "lint", "tenant",
        ];
        self.unknown(root, "", &known);
        parsed.schema = self.texts(root, "schema", "schema");
        parsed.out = self.text(root, "out", "out");
        if let Some(environments) = self.table(root, "env", "env") {
            for (name, value) in environments {
                let path = format!("env.{}", name.get_ref());
                let Some(table) = value.get_ref().as_table() else {
                    self.wrong(&path, "a table with a `url`", value);
                    continue;
                };
                self.unknown(table, &path, &["url", "protected"]);
                let protected = self.flag(table, "protected", &format!("{path}.protected"));
                match self.url(table, &path) {
                    Some(url) => {
                        let name = name.get_ref().to_string();
                        parsed.environments.insert(name, Environment { url, protected });
                    }
                    None if table.get("url").is_none() => self.problems.push(
                        Diagnostic::error("config-type", format!("`{path}` has no `url`"))
                            .at(self.source, name.span(), "")
                            .help("add `url = \"$DATABASE_URL\"`, with the name of an environment variable"),
                    ),
                    None => {}
                }
            }
        }
        if let Some(seed) = self.table(root, "seed", "seed") {
            self.unknown(seed, "seed", &["files", "command"]);
            parsed.seed.files = self.texts(seed, "files", "seed.files");
            parsed.seed.command = self.text(seed, "command", "seed.command");
        }
        if let Some(reset) = self.table(root, "reset", "reset") {
            self.unknown(reset, "reset", &["max_rows"]);
            parsed.reset_max_rows = self.number(reset, "max_rows", "reset.max_rows");
        }
        if let Some(scratch) = self.table(root, "scratch", "scratch") {
            self.unknown(scratch, "scratch", &["url", "engine", "setup"]);
            parsed.scratch.setup = self.texts(scratch, "setup", "scratch.setup");
            parsed.scratch.url = self.url(scratch, "scratch");
            self.engine(scratch, &mut parsed.scratch);
        }
        if let Some(lint) = self.table(root, "lint", "lint") {
            self.lint(lint, parsed);
        }
        if let Some(database) = self.table(root, "database", "database") {
            self.unknown(
                database,
                "database",
                &["role", "exclude_schemas", "accept_unmodelled"],
            );
            parsed.role = self.text(database, "role", "database.role");
            parsed.accept_unmodelled =
                self.texts(database, "accept_unmodelled", "database.accept_unmodelled");
            parsed.exclude_schemas =
                self.texts(database, "exclude_schemas", "database.exclude_schemas");
        }
        if let Some(value) = root.get("tenant")
            && let Some(tenant) = self.table(root, "tenant", "tenant")
        {
            parsed.tenant = super::tenant::read(self, tenant, value.span());
        }
    }

    /// `RULE = "level"`; which rules there are is the linter's business.
    fn lint(&mut self, table: &DeTable<'_>, parsed: &mut DriftlessToml) {
        for (name, value) in table {
            let path = format!("lint.{}", name.get_ref());
            let name = Spanned {
                value: name.get_ref().to_string(),
                range: name.span(),
            };
            match spanned(value) {
                Some(level) => parsed.lint.push((name, level)),
                None => self.wrong(&path, "\"off\", \"info\", \"warning\" or \"error\"", value),
            }
        }
    }

    fn engine(&mut self, table: &DeTable<'_>, scratch: &mut Scratch) {
        let Some(engine) = self.text(table, "engine", "scratch.engine") else {
            return;
        };
        scratch.engine = match engine.value.as_str() {
            "auto" => Engine::Auto,
            "native" => Engine::Native,
            "embedded" => Engine::Embedded,
            other => {
                self.problems.push(
                    Diagnostic::error(
                        "config-type",
                        format!("`scratch.engine` must be \"auto\", \"native\" or \"embedded\", it is \"{other}\""),
                    )
                    .at(self.source, engine.range, ""),
                );
                return;
            }
        };
        if let Some(url) = &scratch.url
            && scratch.engine != Engine::Auto
        {
            self.problems.push(
                Diagnostic::error(
                    "config-conflict",
                    "`scratch.engine` chooses an engine although `scratch.url` gives a server",
                )
                .at(self.source, engine.range, "")
                .at(self.source, url.range.clone(), "the server")
                .help("keep one of the two"),
            );
        }
    }

    /// `url`: a literal, or `$NAME`.
    fn url(&mut self, table: &DeTable<'_>, path: &str) -> Option<Spanned<Url>> {
        let path = format!("{path}.url");
        let Spanned { value: text, range } = self.text(table, "url", &path)?;
        let Some(name) = text.strip_prefix('$') else {
            if text.trim().is_empty() {
                let message = format!("`{path}` is empty");
                self.problems
                    .push(Diagnostic::error("config-type", message).at(self.source, range, ""));
                return None;
            }
            return Some(Spanned {
                value: Url::Literal(text),
                range,
            });
        };
        let name = name
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'))
            .unwrap_or(name);
        let is_name = !name.is_empty()
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_name {
            // What follows the sign may be half of a password.
            let message =
                format!("`{path}` begins with `$`, but no name of an environment variable follows");
            self.problems.push(
                Diagnostic::error("config-type", message)
                    .at(self.source, range, "")
                    .help("write `\"$NAME\"` alone, or the URL itself"),
            );
            return None;
        }
        Some(Spanned {
            value: Url::Variable(name.to_owned()),
            range,
        })
    }

    // --- kinds of values ---------------------------------------------------------------------

    pub(super) fn table<'v, 'i>(
        &mut self,
        table: &'v DeTable<'i>,
        key: &str,
        path: &str,
    ) -> Option<&'v DeTable<'i>> {
        let value = table.get(key)?;
        let found = value.get_ref().as_table();
        if found.is_none() {
            self.wrong(path, "a table", value);
        }
        found
    }

    pub(super) fn text(
        &mut self,
        table: &DeTable<'_>,
        key: &str,
        path: &str,
    ) -> Option<Spanned<String>> {
        let value = table.get(key)?;
        let found = spanned(value);
        if found.is_none() {
            self.wrong(path, "a string", value);
        }
        found
    }

    fn flag(&mut self, table: &DeTable<'_>, key: &str, path: &str) -> Option<Spanned<bool>> {
        let value = table.get(key)?;
        let found = value.get_ref().as_bool();
        if found.is_none() {
            self.wrong(path, "true or false", value);
        }
        found.map(|found| Spanned {
            value: found,
            range: value.span(),
        })
    }

    fn number(&mut self, table: &DeTable<'_>, key: &str, path: &str) -> Option<Spanned<u64>> {
        let value = table.get(key)?;
        let found = value.get_ref().as_integer();
        let found =
            found.and_then(|number| u64::from_str_radix(number.as_str(), number.radix()).ok());
        if found.is_none() {
            self.wrong(path, "a number from 0 on", value);
        }
        found.map(|found| Spanned {
            value: found,
            range: value.span(),
        })
    }

    /// A string, or a list of them.
    pub(super) fn texts(
        &mut self,
        table: &DeTable<'_>,
        key: &str,
        path: &str,
    ) -> Vec<Spanned<String>> {
        let Some(value) = table.get(key) else {
            return Vec::new();
        };
        if let Some(one) = spanned(value) {
            return vec![one];
        }
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(path, "a list of strings", value);
            return Vec::new();
        };
        let mut found = Vec::new();
        for value in list {
            match spanned(value) {
                Some(text) => found.push(text),
                None => self.wrong(path, "a list of strings", value),
            }
        }
        found
    }

    pub(super) fn wrong(&mut self, path: &str, wanted: &str, value: &At<DeValue<'_>>) {
        let is = match value.get_ref().type_str() {
            "array" => "a list",
            "integer" | "float" => "a number",
            "boolean" => "true or false",
            "datetime" => "a date",
            "string" => "a string",
            _ => "a table",
        };
        let message = format!("`{path}` must be {wanted}, here it is {is}");
        self.problems
            .push(Diagnostic::error("config-type", message).at(self.source, value.span(), ""));
    }

    pub(super) fn unknown(&mut self, table: &DeTable<'_>, path: &str, known: &[&str]) {
        for key in table.keys() {
            let name = key.get_ref().as_ref();
            if known.contains(&name) {
                continue;
            }
            let dot = if path.is_empty() { "" } else { "." };
            let message = format!("`{path}{dot}{name}` is not a key of {}", self.source.path());
            let diagnostic =
                Diagnostic::error("unknown-config-key", message).at(self.source, key.span(), "");
            let near = known
                .iter()
                .map(|known| (strsim::damerau_levenshtein(name, known), known))
                .min()
                .filter(|(distance, known)| *distance <= 2 && *distance < known.len());
            self.problems.push(match near {
                Some((_, near)) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.note(format!("the keys here are {}", known.join(", "))),
            });
        }
    }
}

pub(super) fn spanned(value: &At<DeValue<'_>>) -> Option<Spanned<String>> {
    Some(Spanned {
        value: value.get_ref().as_str()?.to_owned(),
        range: value.span(),
    })
}
