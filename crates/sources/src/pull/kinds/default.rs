//! Defaults: a value of TypeScript where that comes to the same, else `sql`.

use super::column_type::{Typed, Values};
use crate::pull::page::Page;
use crate::pull::text::string;
use serde_json::Value;

/// `.default('draft')`, `.defaultNow()`.
pub(super) fn method(expression: &str, typed: &Typed, page: &mut Page<'_>) -> String {
    match (typed.values, expression) {
        (Values::Time, "now()") => return ".defaultNow()".to_owned(),
        (Values::Uuid, "gen_random_uuid()") => return ".defaultRandom()".to_owned(),
        _ => {}
    }
    let value = value(expression, typed.values).unwrap_or_else(|| page.sql(expression));
    format!(".default({value})")
}

/// The value that Postgres shows as this expression.
fn value(expression: &str, values: Values) -> Option<String> {
    let quoted = || quoted(expression);
    match values {
        Values::Integer => integer(expression),
        Values::Float => {
            let number = expression.parse::<f64>().ok()?;
            let digits = |c: char| c.is_ascii_digit() || c == '.';
            (expression.chars().all(digits) && number.to_string() == expression)
                .then(|| expression.to_owned())
        }
        Values::Boolean => ["true", "false"]
            .contains(&expression)
            .then(|| expression.to_owned()),
        Values::Text(word) => quoted()
            .filter(|(_, cast)| *cast == word)
            .map(|(text, _)| string(&text)),
        Values::Uuid => quoted()
            .filter(|(_, cast)| *cast == "uuid")
            .map(|(text, _)| string(&text)),
        // Nothing but the enum itself is behind the colons: Postgres has no implicit cast to one.
        Values::Enum => quoted().map(|(text, _)| string(&text)),
        Values::Jsonb => {
            let (text, _) = quoted().filter(|(_, cast)| *cast == "jsonb")?;
            json(&serde_json::from_str(&text).ok()?)
        }
        Values::Array => quoted()
            .filter(|(text, _)| text == "{}")
            .map(|_| "[]".to_owned()),
        Values::Time | Values::Other => None,
    }
}

/// `5`, `'-5'::integer`, `'5000000000'::bigint`: what Postgres makes of a number without a cast.
fn integer(expression: &str) -> Option<String> {
    const SAFE: i64 = (1 << 53) - 1;
    let (text, cast) = quoted(expression).map_or_else(
        || (expression.to_owned(), None),
        |(text, cast)| (text, Some(cast)),
    );
    let number = text
        .parse::<i64>()
        .ok()
        .filter(|number| number.to_string() == text)?;
    let small = i32::try_from(number).is_ok();
    let is_plain = match cast {
        None => number >= 0 && small,
        Some("integer") => number < 0 && small,
        Some("bigint") => !small && number.abs() <= SAFE,
        Some(_) => false,
    };
    is_plain.then_some(text)
}

/// Text and type of `'text'::type`, where the whole expression is that.
fn quoted(expression: &str) -> Option<(String, &str)> {
    let rest = expression.strip_prefix('\'')?;
    let mut text = String::new();
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c != '\'' {
            text.push(c);
        } else if chars.next_if(|(_, next)| *next == '\'').is_some() {
            text.push('\'');
        } else {
            let cast = rest[at + 1..].strip_prefix("::")?;
            let simple = |c: char| c.is_alphanumeric() || " _.[]\"".contains(c);
            return cast.chars().all(simple).then_some((text, cast));
        }
    }
    None
}

/// A list or an object that JavaScript writes as Postgres does.
fn json(value: &Value) -> Option<String> {
    match value {
        Value::Array(_) | Value::Object(_) => member(value),
        _ => None,
    }
}

fn member(value: &Value) -> Option<String> {
    const SAFE: i64 = (1 << 53) - 1;
    Some(match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => {
            let number = number.as_i64().filter(|number| number.abs() <= SAFE)?;
            number.to_string()
        }
        Value::String(text) => string(text),
        Value::Array(values) => {
            let values: Option<Vec<_>> = values.iter().map(member).collect();
            format!("[{}]", values?.join(", "))
        }
        Value::Object(values) if values.is_empty() => "{}".to_owned(),
        Value::Object(values) => {
            let members = values
                .iter()
                .map(|(name, value)| {
                    // This one would be the prototype of the object.
                    let name = (name != "__proto__").then(|| crate::pull::text::key(name))?;
                    Some(format!("{name}: {}", member(value)?))
                })
                .collect::<Option<Vec<_>>>();
            format!("{{ {} }}", members?.join(", "))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_what_postgres_makes_of_them() {
        for (values, expression, expected) in [
            (Values::Integer, "0", Some("0")),
            (Values::Integer, "'-1'::integer", Some("-1")),
            (Values::Integer, "'5'::smallint", None),
            (Values::Integer, "'5000000000'::bigint", Some("5000000000")),
            (Values::Integer, "'9223372036854775807'::bigint", None),
            (Values::Integer, "(1 + 1)", None),
            (Values::Float, "1.5", Some("1.5")),
            (Values::Float, "'-1.5'::numeric", None),
            (Values::Boolean, "true", Some("true")),
            (Values::Text("text"), "'it''s'::text", Some("\"it's\"")),
            (Values::Text("text"), "'a'::text || 'b'::text", None),
            (Values::Text("numeric"), "0", None),
            (Values::Text("numeric"), "'0'::numeric", Some("'0'")),
            (Values::Enum, "'sad'::public.mood", Some("'sad'")),
            (
                Values::Jsonb,
                r#"'{"a": [1, "x"]}'::jsonb"#,
                Some("{ a: [1, 'x'] }"),
            ),
            (Values::Jsonb, "'1.50'::jsonb", None),
            (Values::Array, "'{}'::text[]", Some("[]")),
            (Values::Array, "ARRAY['a'::text]", None),
        ] {
            assert_eq!(
                value(expression, values).as_deref(),
                expected,
                "{expression}"
            );
        }
    }
}
