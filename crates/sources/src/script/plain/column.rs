//! Descriptions of columns: `varchar('slug', { length: 120 }).notNull().unique()`.

use super::draft::{ColumnDraft, Reference};
use super::literal::{arguments, boolean, fields, integer, json, key, member, sql_quoted, string};
use super::read::{Reader, result};
use driftless_migrations::snapshot::Column;
use oxc::ast::ast::{CallExpression, Expression, ObjectExpression, ObjectPropertyKind};
use serde_json::Value;

/// What `.references()` may say, besides nothing.
const ACTIONS: [&str; 5] = [
    "no action",
    "restrict",
    "cascade",
    "set null",
    "set default",
];

/// What the methods of a column depend on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Plain,
    Dated,
    Uuid,
    Json,
    /// Has a default of its own.
    Serial,
    Enum,
    Array,
}

/// A column while its methods are read.
struct Builder {
    draft: ColumnDraft,
    family: Family,
}

/// Name and options of a column function: either may be left out.
struct Settings<'a> {
    name: Option<&'a str>,
    options: Vec<(&'a str, &'a Expression<'a>)>,
}

impl Reader<'_> {
    /// An object of nothing but columns.
    pub(super) fn columns(&mut self, object: &ObjectExpression<'_>) -> Option<Vec<ColumnDraft>> {
        object
            .properties
            .iter()
            .map(|property| match property {
                ObjectPropertyKind::ObjectProperty(property) => {
                    self.column(key(property)?, &property.value)
                }
                ObjectPropertyKind::SpreadProperty(_) => None,
            })
            .collect()
    }

    pub(super) fn column(&mut self, key: &str, value: &Expression<'_>) -> Option<ColumnDraft> {
        let mut builder = self.builder(value)?;
        key.clone_into(&mut builder.draft.key);
        if builder.draft.column.name.is_empty() {
            key.clone_into(&mut builder.draft.column.name);
        }
        Some(builder.draft)
    }

    fn builder(&mut self, value: &Expression<'_>) -> Option<Builder> {
        let Expression::CallExpression(call) = value else {
            return None;
        };
        match member(&call.callee) {
            Some((object, method)) => {
                let mut builder = self.builder(object)?;
                self.method(&mut builder, method, call)?;
                Some(builder)
            }
            None => self.start(call),
        }
    }

    /// `integer('count')`, or the same of an enum of the schema.
    fn start(&mut self, call: &CallExpression<'_>) -> Option<Builder> {
        let Expression::Identifier(callee) = &call.callee else {
            return None;
        };
        let settings = settings(call)?;
        let mut column = Column {
            name: settings.name.unwrap_or_default().to_owned(),
            ..Column::default()
        };
        let local = callee.name.as_str();
        let mut of_enum = None;
        let family = if let Some(function) = self.served(local) {
            let (family, sql_type) = settings.sql_type(function)?;
            column.r#type = sql_type;
            column.not_null = family == Family::Serial;
            family
        } else {
            settings.options.is_empty().then_some(())?;
            of_enum = Some(self.used_at_once(local)?);
            Family::Enum
        };
        let draft = ColumnDraft {
            key: String::new(),
            column,
            of_enum,
            unique: None,
            references: None,
        };
        Some(Builder { draft, family })
    }

    fn method(
        &mut self,
        builder: &mut Builder,
        method: &str,
        call: &CallExpression<'_>,
    ) -> Option<()> {
        let args = arguments(call)?;
        let draft = &mut builder.draft;
        match (method, &args[..]) {
            ("notNull", []) => draft.column.not_null = true,
            ("primaryKey", []) => {
                draft.column.primary_key = true;
                draft.column.not_null = true;
            }
            ("$type", []) => {}
            // These run in the application alone.
            ("$defaultFn" | "$default" | "$onUpdate" | "$onUpdateFn", [later]) => {
                matches!(later, Expression::ArrowFunctionExpression(_)).then_some(())?;
                self.later(later)?;
            }
            ("defaultNow", []) if builder.family == Family::Dated => {
                draft.column.default = Some("now()".into());
            }
            ("defaultRandom", []) if builder.family == Family::Uuid => {
                draft.column.default = Some("gen_random_uuid()".into());
            }
            ("default", [value]) if builder.family != Family::Serial => {
                draft.column.default =
                    Some(self.default(builder.family, &draft.column.r#type, value)?);
            }
            ("unique", given) => draft.unique = Some(unique(given)?),
            ("references", [table, actions @ ..]) if draft.references.is_none() => {
                draft.references = Some(self.reference(table, actions)?);
            }
            ("array", []) if builder.family != Family::Serial => {
                // A new description, of which only name and type are the old one's.
                draft.column.r#type.push_str("[]");
                draft.column.not_null = false;
                draft.column.primary_key = false;
                draft.column.default = None;
                draft.unique = None;
                draft.references = None;
                builder.family = Family::Array;
            }
            _ => return None,
        }
        Some(())
    }

    fn default(&mut self, family: Family, sql_type: &str, value: &Expression<'_>) -> Option<Value> {
        if matches!(value, Expression::TaggedTemplateExpression(_)) {
            let mut text = String::new();
            for piece in self.sql(value, None)? {
                match piece {
                    super::draft::Piece::Text(piece) => text.push_str(&piece),
                    // Postgres refuses a default that refers to a column.
                    _ => return None,
                }
            }
            return Some(text.into());
        }
        match family {
            Family::Serial | Family::Array => None,
            Family::Json => {
                // A text may be JSON already or not.
                if matches!(
                    value,
                    Expression::StringLiteral(_) | Expression::NullLiteral(_)
                ) {
                    return None;
                }
                let mut text = String::new();
                json(value, &mut text)?;
                Some(format!("{}::{sql_type}", sql_quoted(&text)).into())
            }
            _ => match string(value) {
                Some(text) => Some(sql_quoted(text).into()),
                None => integer(value)
                    .map(Value::from)
                    .or_else(|| boolean(value).map(Value::from)),
            },
        }
    }

    fn reference(
        &mut self,
        table: &Expression<'_>,
        actions: &[&Expression<'_>],
    ) -> Option<Reference> {
        let Expression::ArrowFunctionExpression(arrow) = table else {
            return None;
        };
        let bare = arrow.params.items.is_empty() && arrow.params.rest.is_none();
        let (object, key) = member(bare.then(|| result(arrow))??)?;
        let Expression::Identifier(table) = object else {
            return None;
        };
        let mut reference = Reference {
            table: self.used(table.name.as_str()),
            key: key.to_owned(),
            on_delete: "no action".to_owned(),
            on_update: "no action".to_owned(),
        };
        match actions {
            [] => {}
            [Expression::ObjectExpression(actions)] => {
                for (name, value) in fields(actions)? {
                    let action = ACTIONS.contains(&string(value)?).then(|| string(value))??;
                    match name {
                        "onDelete" => action.clone_into(&mut reference.on_delete),
                        "onUpdate" => action.clone_into(&mut reference.on_update),
                        _ => return None,
                    }
                }
            }
            _ => return None,
        }
        Some(reference)
    }
}

/// Name and NULLS NOT DISTINCT of `.unique(name, { nulls })`.
fn unique(given: &[&Expression<'_>]) -> Option<(Option<String>, bool)> {
    let name = match given.first() {
        Some(name) => Some(string(name).filter(|name| !name.is_empty())?.to_owned()),
        None => None,
    };
    let not_distinct = match given.get(1) {
        None => false,
        Some(Expression::ObjectExpression(options)) => match fields(options)?[..] {
            [("nulls", nulls)] => match string(nulls)? {
                "distinct" => false,
                "not distinct" => true,
                _ => return None,
            },
            _ => return None,
        },
        Some(_) => return None,
    };
    (given.len() <= 2).then_some((name, not_distinct))
}

fn settings<'a>(call: &'a CallExpression<'a>) -> Option<Settings<'a>> {
    let options = |value: &'a Expression<'a>| match value {
        Expression::ObjectExpression(object) => fields(object),
        _ => None,
    };
    Some(match arguments(call)?[..] {
        [] => Settings {
            name: None,
            options: Vec::new(),
        },
        [name @ Expression::StringLiteral(_)] => Settings {
            name: Some(string(name)?),
            options: Vec::new(),
        },
        [given] => Settings {
            name: None,
            options: options(given)?,
        },
        [name, given] => Settings {
            name: Some(string(name)?),
            options: options(given)?,
        },
        _ => return None,
    })
}

impl Settings<'_> {
    /// The type that a function of pg-core makes, with these options.
    fn sql_type(&self, function: &str) -> Option<(Family, String)> {
        let known: &[&str] = match function {
            "varchar" | "char" => &["length", "enum"],
            "text" => &["enum"],
            "numeric" | "decimal" => &["precision", "scale", "mode"],
            "timestamp" => &["precision", "withTimezone", "mode"],
            "time" => &["precision", "withTimezone"],
            "date" | "bigint" | "bigserial" => &["mode"],
            _ => &[],
        };
        if !self.options.iter().all(|(name, _)| known.contains(name)) {
            return None;
        }
        for name in ["length", "precision", "scale"] {
            if let Some(value) = self.option(name) {
                integer(value).filter(|number| *number >= 0)?;
            }
        }
        if let Some(values) = self.option("enum") {
            super::literal::strings(values)?;
        }
        let mode = self.option("mode").map(string);
        if mode.is_some_and(|mode| mode.is_none()) {
            return None;
        }
        let mode = mode.flatten();
        Some(match function {
            "integer" | "smallint" | "real" | "boolean" | "inet" | "cidr" | "macaddr"
            | "macaddr8" | "text" => (Family::Plain, function.to_owned()),
            "doublePrecision" => (Family::Plain, "double precision".to_owned()),
            "uuid" => (Family::Uuid, "uuid".to_owned()),
            "json" | "jsonb" => (Family::Json, function.to_owned()),
            "serial" | "smallserial" => (Family::Serial, function.to_owned()),
            "bigint" if mode.is_some() => (Family::Plain, function.to_owned()),
            "date" => (Family::Dated, "date".to_owned()),
            "varchar" | "char" => (Family::Plain, self.sized(function, &["length"])),
            "numeric" | "decimal" => (
                Family::Plain,
                self.sized("numeric", &["precision", "scale"]),
            ),
            "timestamp" if mode == Some("string") => (Family::Dated, self.timed("timestamp", "")?),
            "timestamp" => (Family::Dated, self.timed("timestamp", " ")?),
            "time" => (Family::Dated, self.timed("time", "")?),
            _ => return None,
        })
    }

    fn option(&self, name: &str) -> Option<&Expression<'_>> {
        let found = self.options.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value)
    }

    /// The number of an option, where it is given.
    fn number(&self, name: &str) -> Option<i64> {
        self.option(name).and_then(integer)
    }

    /// `numeric(12, 2)`: without the first number the others do not count.
    fn sized(&self, word: &str, names: &[&str]) -> String {
        let given = names.iter().map_while(|name| self.number(name));
        let numbers: Vec<String> = given.map(|number| number.to_string()).collect();
        if numbers.is_empty() {
            word.to_owned()
        } else {
            format!("{word}({})", numbers.join(", "))
        }
    }

    fn timed(&self, word: &str, blank: &str) -> Option<String> {
        let mut text = word.to_owned();
        if let Some(precision) = self.number("precision") {
            text.push_str(&format!("{blank}({precision})"));
        }
        let zone = match self.option("withTimezone") {
            Some(value) => boolean(value)?,
            None => false,
        };
        if zone {
            text.push_str(" with time zone");
        }
        Some(text)
    }
}
