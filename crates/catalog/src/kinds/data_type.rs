//! Types of columns: how they are written, and what a change from one to another does to rows.

mod carrier;
mod numbers;

use serde::{Deserialize, Serialize};

use super::Ref;
use crate::id::qualified;
use crate::sql::{ident, literal, stored_name};
use carrier::CARRIER;

/// A type as a column has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataType {
    /// Schema of a type that the catalog holds; empty for SQL text taken as it is.
    pub schema: String,
    /// The type's name, or SQL text such as `varchar(20)`.
    pub name: String,
    /// Number of array dimensions, as many `[]` as are written.
    pub dimensions: u32,
}

/// How to find a value that does not become one of another type.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Trial {
    /// A condition that holds for such values.
    Misfit(String),
    /// An expression that fails at the first of them.
    Attempt(String),
}

impl DataType {
    /// SQL text as a declared source gives it, arrays and all.
    pub fn verbatim(text: &str) -> Self {
        let (name, dimensions) = split_array(text);
        Self {
            schema: String::new(),
            name: name.to_owned(),
            dimensions,
        }
    }

    /// A type that lives in a schema, perhaps with `[]` behind its name.
    pub fn named(schema: &str, text: &str) -> Self {
        let Self {
            name, dimensions, ..
        } = Self::verbatim(text);
        Self {
            schema: schema.to_owned(),
            name: stored_name(&name).to_owned(),
            dimensions,
        }
    }

    /// `text` with as many dimensions.
    pub(super) fn as_text(&self) -> Self {
        Self {
            schema: String::new(),
            name: "text".to_owned(),
            dimensions: self.dimensions,
        }
    }

    pub(super) fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        if self.schema.is_empty() {
            visit(Ref::Expression {
                sql: &mut self.name,
                relation: None,
            });
        } else {
            visit(Ref::Type {
                schema: &mut self.schema,
                name: &mut self.name,
            });
        }
    }

    /// The type in SQL.
    pub fn sql(&self) -> String {
        let base = if self.schema.is_empty() {
            verbatim(&self.name)
        } else {
            qualified(&self.schema, &self.name)
        };
        base + &"[]".repeat(self.dimensions as usize)
    }

    /// For `serial` and its sizes: the integer type below it.
    pub fn serial_base(&self) -> Option<&'static str> {
        if !self.schema.is_empty() || self.dimensions > 0 {
            return None;
        }
        match self.name.as_str() {
            "smallserial" | "serial2" => Some("smallint"),
            "serial" | "serial4" => Some("integer"),
            "bigserial" | "serial8" => Some("bigint"),
            _ => None,
        }
    }

    /// The type that values are stored as: `serial` is `integer`.
    pub(super) fn stored(&self) -> Self {
        self.serial_base()
            .map_or_else(|| self.clone(), Self::verbatim)
    }

    /// How values get from this type to another.
    pub fn conversion(&self, new: &Self) -> Conversion {
        let (old, new) = (Parts::of(&self.stored()), Parts::of(&new.stored()));
        if old == new {
            return Conversion::None;
        }
        if new.base == CARRIER || old.base == CARRIER {
            return Conversion::Rewrite;
        }
        if old.dimensions != new.dimensions {
            let whole = new.dimensions == 0 && matches!(new.base.as_str(), "json" | "jsonb");
            return if whole {
                Conversion::Rewrite
            } else {
                Conversion::Narrowing
            };
        }
        if old.family == Family::User || new.family == Family::User {
            return if new.is_text() {
                Conversion::Rewrite
            } else {
                Conversion::Narrowing
            };
        }
        widening(&old, &new)
    }

    /// Whether of an array only the first element is left.
    pub(super) fn keeps_first_alone(&self, new: &Self) -> bool {
        let to = Parts::of(&new.stored());
        let one = self.dimensions > 0 && to.dimensions == 0;
        one && !to.is_text() && !matches!(to.base.as_str(), "json" | "jsonb" | CARRIER)
    }

    /// The expression for `USING`, or nothing where Postgres converts by itself.
    pub(super) fn using(&self, new: &Self, name: &str) -> String {
        self.converted(new, &ident(name))
            .map_or_else(String::new, |value| format!(" USING {value}"))
    }

    /// How to find a value that does not become one of the new type; nothing where each does.
    /// `column` is SQL text.
    pub(super) fn trial(&self, new: &Self, column: &str, major: u16) -> Option<Trial> {
        if self.conversion(new) != Conversion::Narrowing {
            return None;
        }
        let (from, to) = (Parts::of(&self.stored()), Parts::of(&new.stored()));
        let plain = from.dimensions == 0 && to.dimensions == 0;
        let from_text = plain && from.family == Family::Text;
        if from_text
            && to.family == Family::Text
            && let [length] = to.modifiers[..]
        {
            // An assignment cuts off blanks and nothing else.
            return Some(Trial::Misfit(format!(
                "length(rtrim({column}::text, ' ')) > {length}"
            )));
        }
        let target = new.stored().sql();
        // Older servers cannot say whether a text would be taken.
        if from_text && major >= 16 {
            let target = literal(&target);
            return Some(Trial::Misfit(format!(
                "NOT pg_input_is_valid({column}::text, {target})"
            )));
        }
        let value = self.converted(new, column);
        Some(Trial::Attempt(
            value.unwrap_or_else(|| format!("{column}::{target}")),
        ))
    }

    /// SQL text of a value of this type as one of the new type.
    fn converted(&self, new: &Self, column: &str) -> Option<String> {
        let (from, to) = (Parts::of(&self.stored()), Parts::of(&new.stored()));
        let target = new.stored().sql();
        if new.is_carrier() {
            return Some(format!("to_jsonb({column})"));
        }
        if self.is_carrier() {
            return Some(format!("jsonb_populate_record(NULL::{target}, {column})"));
        }
        let element_of = |array: &Self| Self {
            name: array.name.trim_end_matches("[]").to_owned(),
            dimensions: 0,
            ..array.clone()
        };
        if from.dimensions == 0 && to.dimensions > 0 {
            // Each element is converted as a column of its type would be.
            let element = self.converted(&element_of(new), column);
            let element = element.as_deref().unwrap_or(column);
            return Some(format!(
                "CASE WHEN {column} IS NULL THEN NULL ELSE ARRAY[{element}]::{target} END"
            ));
        }
        if from.dimensions > 0 && matches!(to.base.as_str(), "json" | "jsonb") {
            return Some(format!("to_{}({column})", to.base));
        }
        if self.keeps_first_alone(new) {
            let first = format!("{column}[1]");
            let first = element_of(self).converted(new, &first);
            return Some(first.unwrap_or_else(|| format!("{column}[1]::{target}")));
        }
        if from.family == to.family && from.base == to.base {
            return None;
        }
        if let Some(number) = numbers::converted(&from, &to, column, &target) {
            return Some(number);
        }
        let direct = from.is_text()
            || to.is_text()
            || (from.family == to.family
                && from.family != Family::Other
                && from.family != Family::User);
        Some(if direct {
            format!("{column}::{target}")
        } else {
            let brackets = "[]".repeat(from.dimensions.min(to.dimensions) as usize);
            format!("{column}::text{brackets}::{target}")
        })
    }
}

/// What a change of type does to the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversion {
    /// Nothing: the catalog alone changes.
    None,
    /// Rows are rewritten and keep their values.
    Rewrite,
    /// Rows are rewritten, and a value may not fit or loses precision.
    Narrowing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Number,
    Text,
    Time,
    Json,
    Other,
    User,
}

/// A type's text taken apart: `numeric(10, 2)` is `numeric` with `[10, 2]`.
#[derive(Debug, PartialEq, Eq)]
struct Parts {
    base: String,
    modifiers: Vec<u32>,
    family: Family,
    dimensions: u32,
}

impl Parts {
    fn of(data_type: &DataType) -> Self {
        let text = data_type.name.trim().to_lowercase();
        let (head, tail) = text.split_once('(').unwrap_or((&text, ""));
        let (inside, after) = tail.split_once(')').unwrap_or((tail, ""));
        let written = format!("{} {}", head.trim(), after.trim());
        let base = if data_type.schema.is_empty() {
            canonical(written.trim()).to_owned()
        } else {
            data_type.sql()
        };
        let family = if data_type.schema.is_empty() {
            family(&base)
        } else {
            Family::User
        };
        Self {
            base,
            modifiers: inside
                .split(',')
                .filter_map(|number| number.trim().parse().ok())
                .collect(),
            family,
            dimensions: data_type.dimensions,
        }
    }

    fn is_text(&self) -> bool {
        self.family == Family::Text && self.modifiers.is_empty() && self.base != "character"
    }
}

fn widening(old: &Parts, new: &Parts) -> Conversion {
    use Conversion::{Narrowing, None, Rewrite};
    const WHOLE: [&str; 4] = ["smallint", "integer", "bigint", "numeric"];
    let rank = |base: &str| WHOLE.iter().position(|name| *name == base);
    let (from, to) = (old.base.as_str(), new.base.as_str());
    if new.is_text() {
        // Variable text to unlimited text keeps its bytes; anything else is printed anew.
        return if from == "character varying" || from == "text" {
            None
        } else {
            Rewrite
        };
    }
    match (from, to) {
        ("character varying", "character varying")
            if new.modifiers >= old.modifiers && !old.modifiers.is_empty() =>
        {
            None
        }
        ("character", "character" | "character varying") if new.modifiers >= old.modifiers => {
            Rewrite
        }
        ("numeric", "numeric") => numeric(&old.modifiers, &new.modifiers),
        ("real" | "smallint" | "integer", "double precision")
        | ("date", "timestamp without time zone" | "timestamp with time zone")
        | ("json", "jsonb")
        | ("smallint", "real") => Rewrite,
        _ if from == to && old.family == Family::Time && new.modifiers.is_empty() => None,
        _ => match (rank(from), rank(to)) {
            (Some(a), Some(b)) if a < b && new.modifiers.is_empty() => Rewrite,
            _ => Narrowing,
        },
    }
}

fn numeric(old: &[u32], new: &[u32]) -> Conversion {
    let scale = |modifiers: &[u32]| modifiers.get(1).copied().unwrap_or(0);
    match (old.first(), new.first()) {
        (_, None) => Conversion::None,
        (Some(a), Some(b)) if b >= a && scale(old) == scale(new) => Conversion::None,
        _ => Conversion::Narrowing,
    }
}

fn family(base: &str) -> Family {
    match base {
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => {
            Family::Number
        }
        "text" | "character varying" | "character" | "citext" => Family::Text,
        "date" | "timestamp without time zone" | "timestamp with time zone" => Family::Time,
        "json" | "jsonb" => Family::Json,
        _ => Family::Other,
    }
}

fn canonical(name: &str) -> &str {
    match name {
        "int" | "int4" => "integer",
        "int2" => "smallint",
        "int8" => "bigint",
        "decimal" => "numeric",
        "float4" => "real",
        "float8" | "float" => "double precision",
        "varchar" => "character varying",
        "char" | "bpchar" => "character",
        "bool" => "boolean",
        "timestamptz" => "timestamp with time zone",
        "timestamp" => "timestamp without time zone",
        "timetz" => "time with time zone",
        "time" => "time without time zone",
        other => other,
    }
}

/// `text[][3]` is `text` with two dimensions.
fn split_array(text: &str) -> (&str, u32) {
    let mut base = text.trim_end();
    let mut dimensions = 0;
    while let Some(inner) = base.strip_suffix(']')
        && let Some(open) = inner.rfind('[')
        && inner[open + 1..].chars().all(|c| c.is_ascii_digit())
    {
        base = inner[..open].trim_end();
        dimensions += 1;
    }
    (base, dimensions)
}

/// A custom type is SQL text. A lone name with capitals is meant as a name, and Drizzle Kit quotes it.
fn verbatim(text: &str) -> String {
    let lone = text.chars().all(|c| c.is_alphanumeric() || c == '_')
        && text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let lower = text.to_lowercase();
    if lone
        && lower != text
        && family(canonical(&lower)) == Family::Other
        && !BUILT_IN.contains(&lower.as_str())
    {
        ident(text)
    } else {
        text.to_owned()
    }
}

const BUILT_IN: [&str; 16] = [
    "bytea", "uuid", "inet", "cidr", "macaddr", "macaddr8", "boolean", "interval", "point", "line",
    "bit", "xml", "money", "tsvector", "tsquery", "oid",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn change(old: &str, new: &str, conversion: Conversion, using: &str) {
        let (a, b) = (DataType::verbatim(old), DataType::verbatim(new));
        assert_eq!(a.conversion(&b), conversion, "{old} -> {new}");
        assert_eq!(a.using(&b, "c"), using, "{old} -> {new}");
    }

    #[test]
    fn type_changes_say_what_they_do_to_rows() {
        use Conversion::{Narrowing, None, Rewrite};
        change("varchar(10)", "varchar(20)", None, "");
        change("varchar(20)", "varchar(10)", Narrowing, "");
        change("varchar", "varchar(10)", Narrowing, "");
        change("varchar(10)", "text", None, " USING \"c\"::text");
        change("integer", "bigint", Rewrite, " USING \"c\"::bigint");
        change("serial", "integer", None, "");
        change("integer", "bigserial", Rewrite, " USING \"c\"::bigint");
        change("bigint", "integer", Narrowing, " USING \"c\"::integer");
        change("text", "integer", Narrowing, " USING \"c\"::integer");
        change("numeric(10, 2)", "numeric(12, 2)", None, "");
        change("numeric(10, 2)", "numeric(12,4)", Narrowing, "");
        change("numeric(10, 2)", "numeric(10,2)", None, "");
        change("timestamp (3)", "timestamp", None, "");
        change(
            "timestamp",
            "timestamp with time zone",
            Narrowing,
            " USING \"c\"::timestamp with time zone",
        );
        change("uuid", "integer", Narrowing, " USING \"c\"::text::integer");
        change("boolean", "integer", Narrowing, " USING \"c\"::integer");
        change(
            "boolean",
            "numeric(3)",
            Narrowing,
            " USING \"c\"::integer::numeric(3)",
        );
        change("integer", "boolean", Narrowing, " USING \"c\"::boolean");
        change("smallint", "boolean", Narrowing, " USING \"c\" <> 0");
        change("json", "jsonb", Rewrite, " USING \"c\"::jsonb");
        change(
            "text",
            "text[]",
            Narrowing,
            " USING CASE WHEN \"c\" IS NULL THEN NULL ELSE ARRAY[\"c\"]::text[] END",
        );
        change("text[]", "uuid[]", Narrowing, " USING \"c\"::uuid[]");
        change("text[]", "jsonb", Rewrite, " USING to_jsonb(\"c\")");
        change(
            "integer[]",
            "integer",
            Narrowing,
            " USING \"c\"[1]::integer",
        );
        change(
            "integer[]",
            "uuid[]",
            Narrowing,
            " USING \"c\"::text[]::uuid[]",
        );
    }

    #[test]
    fn custom_types_are_taken_as_written() {
        for (text, sql) in [
            ("geography(Point,4326)", "geography(Point,4326)"),
            ("citext", "citext"),
            ("MyType", "\"MyType\""),
            ("VARCHAR(20)", "VARCHAR(20)"),
            ("INTEGER", "INTEGER"),
            ("text[][]", "text[][]"),
            ("integer[3]", "integer[]"),
        ] {
            assert_eq!(DataType::verbatim(text).sql(), sql);
        }
        assert_eq!(
            DataType::named("app", "status[]").sql(),
            "\"app\".\"status\"[]"
        );
    }
}
