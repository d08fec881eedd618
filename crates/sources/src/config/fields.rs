//! The config's fields: what each may hold, and what is said when it holds something else.

use super::credentials::Text;
use super::locate::Located;
use super::value::Value;
use super::{Config, Driver, IntrospectCasing, Migrations, Prefix, Roles};
use crate::script::Casing;
use camino::Utf8Path;
use driftless_diagnostic::Diagnostic;

/// Fields of the config itself.
const FIELDS: [&str; 15] = [
    "dialect",
    "schema",
    "out",
    "breakpoints",
    "driver",
    "dbCredentials",
    "tablesFilter",
    "schemaFilter",
    "extensionsFilters",
    "entities",
    "migrations",
    "casing",
    "introspect",
    "verbose",
    "strict",
];

/// Reads fields, and collects what is wrong with them.
pub(super) struct Reader<'a> {
    pub(super) located: &'a Located,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(located: &'a Located) -> Self {
        Self {
            located,
            diagnostics: Vec::new(),
        }
    }

    /// The whole config; nothing when it cannot be made sense of.
    pub(super) fn config(
        &mut self,
        root: &Value,
        dir: &Utf8Path,
        file: &Utf8Path,
    ) -> Option<Config> {
        if !matches!(root, Value::Object(_)) {
            let message = match root {
                Value::Undefined => "the config file exports nothing".to_owned(),
                other => format!("the config file exports {}, not an object", other.words()),
            };
            let diagnostic = Diagnostic::error("config-type", message)
                .help("write `export default defineConfig({ dialect: \"postgresql\", ... })`");
            self.diagnostics
                .push(self.located.at_value(diagnostic, &[]));
            return None;
        }
        if !FIELDS.iter().any(|field| root.get(field).is_set()) {
            let message = "the config file exports no config";
            let diagnostic = Diagnostic::error("config-type", message)
                .help("write `export default defineConfig({ dialect: \"postgresql\", ... })`");
            self.diagnostics
                .push(self.located.at_value(diagnostic, &[]));
            return None;
        }
        self.unknown(root, &[], &FIELDS);
        self.dialect(root);
        let schema = self.texts(root, &["schema"]).unwrap_or_default();
        let out = self
            .text(root, &["out"])
            .unwrap_or_else(|| "drizzle".to_owned());
        let credentials = self.credentials(root);
        let migrations = self.migrations(root);
        let driver = self.driver(root);
        Some(Config {
            file: file.to_owned(),
            dir: dir.to_owned(),
            schema,
            out: dir.join(out).components().collect(),
            credentials,
            migrations,
            casing: self.choice(
                root,
                &["casing"],
                &[
                    ("snake_case", Casing::SnakeCase),
                    ("camelCase", Casing::CamelCase),
                ],
            ),
            breakpoints: self.flag(root, &["breakpoints"]).unwrap_or(true),
            schema_filter: self
                .texts(root, &["schemaFilter"])
                .unwrap_or_else(|| vec!["public".to_owned()]),
            tables_filter: self.texts(root, &["tablesFilter"]).unwrap_or_default(),
            extensions_filters: self.texts(root, &["extensionsFilters"]).unwrap_or_default(),
            roles: self.roles(root),
            introspect_casing: self.introspect(root),
            verbose: self.flag(root, &["verbose"]).unwrap_or(false),
            strict: self.flag(root, &["strict"]).unwrap_or(false),
            driver,
        })
    }

    fn dialect(&mut self, root: &Value) {
        let value = root.get("dialect");
        let diagnostic = match value {
            Value::Text(dialect) if dialect == "postgresql" => return,
            Value::Undefined => Diagnostic::error("wrong-dialect", "the config names no `dialect`")
                .help("add `dialect: \"postgresql\"`"),
            Value::Text(dialect) => Diagnostic::error(
                "wrong-dialect",
                format!("the config is for {dialect}: only Postgres can be migrated"),
            )
            .help("set `dialect: \"postgresql\"` if the database is Postgres"),
            other => Diagnostic::error(
                "config-type",
                format!("`dialect` must be \"postgresql\", it is {}", other.words()),
            ),
        };
        self.diagnostics
            .push(self.located.at_value(diagnostic, &["dialect"]));
    }

    fn migrations(&mut self, root: &Value) -> Migrations {
        let object = self.object(root, "migrations", &["table", "schema", "prefix"]);
        Migrations {
            table: self
                .text(object, &["migrations", "table"])
                .unwrap_or_else(|| "__drizzle_migrations".to_owned()),
            schema: self
                .text(object, &["migrations", "schema"])
                .unwrap_or_else(|| "drizzle".to_owned()),
            prefix: self
                .choice(
                    object,
                    &["migrations", "prefix"],
                    &[
                        ("index", Prefix::Index),
                        ("timestamp", Prefix::Timestamp),
                        ("supabase", Prefix::Supabase),
                        ("unix", Prefix::Unix),
                        ("none", Prefix::None),
                    ],
                )
                .unwrap_or(Prefix::Index),
        }
    }

    fn introspect(&mut self, root: &Value) -> Option<IntrospectCasing> {
        let object = self.object(root, "introspect", &["casing"]);
        self.choice(
            object,
            &["introspect", "casing"],
            &[
                ("camel", IntrospectCasing::Camel),
                ("preserve", IntrospectCasing::Preserve),
            ],
        )
    }

    fn roles(&mut self, root: &Value) -> Roles {
        let entities = self.object(root, "entities", &["roles"]);
        let path = ["entities", "roles"];
        let roles = entities.get("roles");
        match roles {
            Value::Undefined => Roles::default(),
            Value::Bool(managed) => Roles {
                managed: *managed,
                ..Roles::default()
            },
            Value::Object(_) => {
                self.unknown(roles, &path, &["provider", "include", "exclude"]);
                Roles {
                    managed: true,
                    provider: self.choice(
                        roles,
                        &["entities", "roles", "provider"],
                        &[
                            ("supabase", "supabase".to_owned()),
                            ("neon", "neon".to_owned()),
                        ],
                    ),
                    include: self
                        .texts(roles, &["entities", "roles", "include"])
                        .unwrap_or_default(),
                    exclude: self
                        .texts(roles, &["entities", "roles", "exclude"])
                        .unwrap_or_default(),
                }
            }
            other => {
                self.wrong(&path, "true, false or an object", other);
                Roles::default()
            }
        }
    }

    fn driver(&mut self, root: &Value) -> Option<Driver> {
        let driver = self.choice(
            root,
            &["driver"],
            &[
                ("pglite", Driver::Pglite),
                ("aws-data-api", Driver::AwsDataApi),
            ],
        )?;
        let name = match driver {
            Driver::Pglite => "pglite",
            Driver::AwsDataApi => "aws-data-api",
        };
        let diagnostic = Diagnostic::warning(
            "unsupported-driver",
            format!("commands that need a database cannot use the driver `{name}`"),
        )
        .note("generate and check work as they are")
        .help("give the URL of a Postgres server in DATABASE_URL or with --url for the others");
        self.diagnostics
            .push(self.located.at_value(diagnostic, &["driver"]));
        Some(driver)
    }

    // --- kinds of values ---------------------------------------------------------------------

    /// An object field; nothing in it when it is not one.
    pub(super) fn object<'v>(&mut self, root: &'v Value, name: &str, known: &[&str]) -> &'v Value {
        let value = root.get(name);
        match value {
            Value::Undefined => value,
            Value::Object(_) => {
                self.unknown(value, &[name], known);
                value
            }
            other => {
                self.wrong(&[name], "an object", other);
                root.get("") // nothing
            }
        }
    }

    pub(super) fn text(&mut self, object: &Value, path: &[&str]) -> Option<String> {
        match object.get(path[path.len() - 1]) {
            Value::Undefined => None,
            Value::Text(text) if !text.is_empty() => Some(text.clone()),
            other => {
                self.wrong(path, "text", other);
                None
            }
        }
    }

    pub(super) fn texts(&mut self, object: &Value, path: &[&str]) -> Option<Vec<String>> {
        match object.get(path[path.len() - 1]) {
            Value::Undefined => None,
            Value::Text(text) => Some(vec![text.clone()]),
            Value::List(items) => {
                let mut texts = Vec::new();
                for (at, item) in items.iter().enumerate() {
                    if let Value::Text(text) = item {
                        texts.push(text.clone());
                    } else {
                        let at = at.to_string();
                        let mut path = path.to_vec();
                        path.push(&at);
                        self.wrong(&path, "text", item);
                    }
                }
                Some(texts)
            }
            other => {
                self.wrong(path, "text or a list of texts", other);
                None
            }
        }
    }

    pub(super) fn flag(&mut self, object: &Value, path: &[&str]) -> Option<bool> {
        match object.get(path[path.len() - 1]) {
            Value::Undefined => None,
            Value::Bool(flag) => Some(*flag),
            other => {
                self.wrong(path, "true or false", other);
                None
            }
        }
    }

    pub(super) fn choice<T: Clone>(
        &mut self,
        object: &Value,
        path: &[&str],
        choices: &[(&str, T)],
    ) -> Option<T> {
        let value = object.get(path[path.len() - 1]);
        if !value.is_set() {
            return None;
        }
        if let Value::Text(text) = value
            && let Some((_, choice)) = choices.iter().find(|(name, _)| name == text)
        {
            return Some(choice.clone());
        }
        let names: Vec<String> = choices
            .iter()
            .map(|(name, _)| format!("\"{name}\""))
            .collect();
        self.wrong(path, &or(&names), value);
        None
    }

    // --- what is said -------------------------------------------------------------------------

    pub(super) fn wrong(&mut self, path: &[&str], expected: &str, found: &Value) {
        let field = dotted(path);
        let mut diagnostic = Diagnostic::error(
            "config-type",
            format!("`{field}` must be {expected}, it is {}", found.words()),
        );
        if let Value::Taint(origin) = found {
            diagnostic = match Text::from_origin(origin) {
                Text::Unset(name) => {
                    diagnostic.help(format!("set the environment variable {name}"))
                }
                _ => diagnostic.help(format!(
                    "write the value into the config: `{origin}` is not run here"
                )),
            };
        }
        self.diagnostics
            .push(self.located.at_value(diagnostic, path));
    }

    pub(super) fn unknown(&mut self, object: &Value, path: &[&str], known: &[&str]) {
        let Value::Object(entries) = object else {
            return;
        };
        for (name, value) in entries {
            if known.contains(&name.as_str()) || !value.is_set() {
                continue;
            }
            let mut path = path.to_vec();
            path.push(name);
            let mut diagnostic = Diagnostic::warning(
                "unknown-config-key",
                format!(
                    "`{}` is not a field of the config and is ignored",
                    dotted(&path)
                ),
            );
            let near = known
                .iter()
                .map(|known| (strsim::damerau_levenshtein(known, name), known))
                .filter(|(distance, _)| *distance <= 1 + name.len() / 4)
                .min();
            if let Some((_, near)) = near {
                diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            }
            self.diagnostics
                .push(self.located.at_key(diagnostic, &path));
        }
    }
}

/// `schema[0]`, `dbCredentials.url`.
fn dotted(path: &[&str]) -> String {
    let mut text = String::new();
    for part in path {
        if part.starts_with(|c: char| c.is_ascii_digit()) {
            text.push('[');
            text.push_str(part);
            text.push(']');
        } else {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(part);
        }
    }
    text
}

/// `a, b or c`.
fn or(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} or {last}", before.join(", ")),
    }
}
