//! Types of columns: Drizzle's builder where it has one, else `customType`.

use crate::pull::page::Page;
use crate::pull::text::call;
use driftless_catalog::kinds::{Column, DataType};
use driftless_catalog::{Id, Space, Tag, ident, identifiers};

/// A type as TypeScript has it.
pub(super) struct Typed {
    /// The builder: `varchar`.
    function: String,
    /// What it takes besides the name: `{ length: 20 }`.
    options: Option<String>,
    dimensions: u32,
    /// What its values are.
    pub(super) values: Values,
}

/// What the values of a type are to TypeScript, as far as defaults are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    /// Text, which Postgres shows as `'x'::word`; the word for an enum is its own name.
    Text(&'static str),
    Enum,
    Integer,
    Float,
    Boolean,
    Jsonb,
    Uuid,
    /// `now()` has a word, nothing else does.
    Time,
    Array,
    Other,
}

impl Typed {
    fn new(function: impl Into<String>, values: Values) -> Self {
        Self {
            function: function.into(),
            options: None,
            dimensions: 0,
            values,
        }
    }

    fn with(mut self, options: &[(&str, Option<String>)]) -> Self {
        let members: Vec<_> = options
            .iter()
            .filter_map(|(name, value)| Some(format!("{name}: {}", value.as_ref()?)))
            .collect();
        if !members.is_empty() {
            self.options = Some(format!("{{ {} }}", members.join(", ")));
        }
        self
    }

    /// `varchar('name', { length: 20 }).array()`.
    pub(super) fn call(&self, name: Option<String>) -> String {
        let text = call(&self.function, &[name, self.options.clone()]);
        text + &".array()".repeat(self.dimensions as usize)
    }

    fn array(mut self, dimensions: u32) -> Self {
        self.dimensions = dimensions;
        if dimensions > 0 {
            self.values = Values::Array;
        }
        self
    }
}

/// `serial` and its sizes.
pub(super) fn serial(word: &'static str, page: &mut Page<'_>) -> Typed {
    let typed = Typed::new(page.import(word), Values::Other);
    if word == "bigserial" {
        return typed.with(&[("mode", Some("'number'".to_owned()))]);
    }
    typed
}

/// The type of a table's column.
pub(super) fn of(column: &Column, page: &mut Page<'_>) -> Typed {
    let DataType {
        schema,
        name,
        dimensions,
    } = &column.data_type;
    if let Some(collation) = &column.collation {
        // `[]` comes before COLLATE: an array of them is a type of its own here.
        let sql = format!("{} COLLATE {collation}", column.data_type.sql());
        let collation = collation.rsplit('.').next().unwrap_or(collation);
        return custom(&sql, &format!("{name} {collation}"), page);
    }
    let typed = if schema.is_empty() {
        built_in(name, page)
    } else {
        user_type(schema, name, page)
    };
    typed.array(*dimensions)
}

/// The type of a view's column, from what Postgres calls it.
pub(super) fn of_text(text: &str, page: &mut Page<'_>) -> Typed {
    let text = text.split(" COLLATE ").next().unwrap_or(text);
    let base = text.trim_end_matches("[]");
    let dimensions = u32::try_from((text.len() - base.len()) / 2).unwrap_or_default();
    let (parts, _) = identifiers(base);
    let typed = match &parts[..] {
        [schema, name] if is_user_type(&schema.name, &name.name, page) => {
            user_type(&schema.name, &name.name, page)
        }
        _ => built_in(base, page),
    };
    typed.array(dimensions)
}

fn is_enum(schema: &str, name: &str, page: &Page<'_>) -> bool {
    page.said
        .own
        .contains(&Id::in_schema(Tag::EnumType, schema, name))
}

/// Whether the catalog holds a type of this name: an enum, a domain, a composite type, a range.
fn is_user_type(schema: &str, name: &str, page: &Page<'_>) -> bool {
    let types = Tag::ALL.iter().filter(|kind| kind.space() == Space::Type);
    let mut ids = types.map(|kind| Id::in_schema(*kind, schema, name));
    ids.any(|id| page.live.contains(&id))
}

fn user_type(schema: &str, name: &str, page: &mut Page<'_>) -> Typed {
    if is_enum(schema, name, page) {
        let constant = page.constant(&Id::in_schema(Tag::EnumType, schema, name));
        return Typed::new(constant, Values::Enum);
    }
    let sql = format!("{}.{}", ident(schema), ident(name));
    custom(&sql, name, page)
}

fn custom(sql: &str, name: &str, page: &mut Page<'_>) -> Typed {
    let data = match sql {
        "bytea" => "Buffer",
        "oid" => "number",
        _ => "string",
    };
    let constant = page.custom_type(sql, name, data);
    Typed::new(constant, Values::Other)
}

/// A type by the words that `format_type` has for it.
fn built_in(text: &str, page: &mut Page<'_>) -> Typed {
    let (word, parameters, rest) = parts(text);
    let number = |at: usize| parameters.get(at).map(|one| (*one).to_owned());
    let mut plain =
        |function: &'static str, values: Values| Typed::new(page.import(function), values);
    let text_like = Values::Text;
    match (word, parameters.len(), rest) {
        ("smallint", 0, "") => plain("smallint", Values::Integer),
        ("integer", 0, "") => plain("integer", Values::Integer),
        ("bigint", 0, "") => {
            plain("bigint", Values::Integer).with(&[("mode", Some("'number'".to_owned()))])
        }
        ("real", 0, "") => plain("real", Values::Float),
        ("double precision", 0, "") => plain("doublePrecision", Values::Float),
        ("numeric", 0 | 2, "") => plain("numeric", text_like("numeric"))
            .with(&[("precision", number(0)), ("scale", number(1))]),
        ("boolean", 0, "") => plain("boolean", Values::Boolean),
        ("text", 0, "") => plain("text", text_like("text")),
        ("character varying", 0 | 1, "") => {
            plain("varchar", text_like("character varying")).with(&[("length", number(0))])
        }
        ("character", 1, "") => plain("char", text_like("bpchar")).with(&[("length", number(0))]),
        ("uuid", 0, "") => plain("uuid", Values::Uuid),
        ("json", 0, "") => plain("json", Values::Other),
        ("jsonb", 0, "") => plain("jsonb", Values::Jsonb),
        ("inet", 0, "") => plain("inet", text_like("inet")),
        ("cidr", 0, "") => plain("cidr", text_like("cidr")),
        ("macaddr", 0, "") => plain("macaddr", text_like("macaddr")),
        ("macaddr8", 0, "") => plain("macaddr8", text_like("macaddr8")),
        ("date", 0, "") => plain("date", Values::Time),
        ("time", 0 | 1, "without time zone") => {
            plain("time", Values::Time).with(&[("precision", number(0))])
        }
        ("time", 0 | 1, "with time zone") => plain("time", Values::Time).with(&[
            ("precision", number(0)),
            ("withTimezone", Some("true".to_owned())),
        ]),
        ("timestamp", 0 | 1, "without time zone") => {
            plain("timestamp", Values::Time).with(&[("precision", number(0))])
        }
        ("timestamp", 0 | 1, "with time zone") => plain("timestamp", Values::Time).with(&[
            ("precision", number(0)),
            ("withTimezone", Some("true".to_owned())),
        ]),
        ("interval", 0 | 1, "") => {
            plain("interval", text_like("interval")).with(&[("precision", number(0))])
        }
        ("point", 0, "") => plain("point", Values::Other),
        ("line", 0, "") => plain("line", Values::Other),
        ("bit", 1, "") => plain("bit", Values::Other).with(&[("dimensions", number(0))]),
        // pgvector in `public`, where everybody finds it.
        ("public.vector" | "vector", 1, "") => {
            plain("vector", Values::Other).with(&[("dimensions", number(0))])
        }
        ("public.halfvec" | "halfvec", 1, "") => {
            plain("halfvec", Values::Other).with(&[("dimensions", number(0))])
        }
        ("public.sparsevec" | "sparsevec", 1, "") => {
            plain("sparsevec", Values::Other).with(&[("dimensions", number(0))])
        }
        _ => match interval_fields(text) {
            Some(fields) => plain("interval", text_like("interval"))
                .with(&[("fields", Some(crate::pull::text::string(fields)))]),
            None => custom(text, word.strip_prefix("public.").unwrap_or(word), page),
        },
    }
}

/// `interval day to second` says its fields; one with a precision besides says it behind them.
fn interval_fields(text: &str) -> Option<&str> {
    let fields = text.strip_prefix("interval ")?;
    fields
        .chars()
        .all(|c| c.is_ascii_lowercase() || c == ' ')
        .then_some(fields)
}

/// `numeric(10,2)` and `timestamp(3) without time zone` in three: words, numbers, words.
fn parts(text: &str) -> (&str, Vec<&str>, &str) {
    if let Some((word, behind)) = text.split_once('(')
        && let Some((numbers, rest)) = behind.split_once(')')
    {
        let numbers: Vec<_> = numbers.split(',').map(str::trim).collect();
        if numbers.iter().all(|number| number.parse::<i64>().is_ok()) {
            return (word.trim_end(), numbers, rest.trim());
        }
        return (text, Vec::new(), "");
    }
    for word in ["time", "timestamp"] {
        if let Some(rest) = text.strip_prefix(word)
            && let Some(zone) = rest.strip_prefix(' ')
        {
            return (word, Vec::new(), zone);
        }
    }
    (text, Vec::new(), "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_come_apart() {
        for (text, expected) in [
            ("integer", ("integer", vec![], "")),
            ("numeric(10,2)", ("numeric", vec!["10", "2"], "")),
            (
                "timestamp(3) with time zone",
                ("timestamp", vec!["3"], "with time zone"),
            ),
            (
                "time without time zone",
                ("time", vec![], "without time zone"),
            ),
            ("double precision", ("double precision", vec![], "")),
            (
                "public.geometry(Point,4326)",
                ("public.geometry(Point,4326)", vec![], ""),
            ),
        ] {
            assert_eq!(parts(text), expected);
        }
        assert_eq!(
            interval_fields("interval day to second"),
            Some("day to second")
        );
        assert_eq!(interval_fields("interval day to second(3)"), None);
    }
}
