//! Values that stand in the text themselves.

use super::draft::Piece;
use super::read::Reader;
use oxc::ast::ast::{
    Argument, ArrayExpressionElement, CallExpression, Expression, ObjectExpression,
    ObjectPropertyKind, PropertyKey, PropertyKind, TemplateLiteral,
};
use std::fmt::Write as _;

/// A text without halves of surrogate pairs, which only JavaScript can hold.
pub(super) fn string<'a>(value: &'a Expression<'_>) -> Option<&'a str> {
    match value {
        Expression::StringLiteral(text) if !text.lone_surrogates => Some(text.value.as_str()),
        _ => None,
    }
}

/// A number whose text is the same in JavaScript, JSON and Rust.
pub(super) fn integer(value: &Expression<'_>) -> Option<i64> {
    const LARGEST: f64 = 1e15;
    match value {
        Expression::NumericLiteral(number)
            if number.value.fract() == 0.0 && number.value < LARGEST =>
        {
            #[expect(clippy::cast_possible_truncation, reason = "whole and small enough")]
            Some(number.value as i64)
        }
        Expression::UnaryExpression(unary) if unary.operator.as_str() == "-" => {
            integer(&unary.argument).filter(|n| *n > 0).map(|n| -n)
        }
        _ => None,
    }
}

pub(super) fn boolean(value: &Expression<'_>) -> Option<bool> {
    match value {
        Expression::BooleanLiteral(literal) => Some(literal.value),
        _ => None,
    }
}

/// The arguments of a call, none of them spread.
pub(super) fn arguments<'a, 'b>(call: &'b CallExpression<'a>) -> Option<Vec<&'b Expression<'a>>> {
    if call.optional {
        return None;
    }
    call.arguments.iter().map(Argument::as_expression).collect()
}

/// `object.name` without `?.`.
pub(super) fn member<'a, 'b>(value: &'b Expression<'a>) -> Option<(&'b Expression<'a>, &'b str)> {
    match value {
        Expression::StaticMemberExpression(member) if !member.optional => {
            Some((&member.object, member.property.name.as_str()))
        }
        _ => None,
    }
}

/// Keys and values of an object in the order that JavaScript keeps: keys that look like numbers,
/// which it would move, and keys that come twice are refused.
pub(super) fn fields<'a, 'b>(
    object: &'b ObjectExpression<'a>,
) -> Option<Vec<(&'b str, &'b Expression<'a>)>> {
    let mut fields: Vec<(&str, &Expression<'_>)> = Vec::with_capacity(object.properties.len());
    for property in &object.properties {
        let ObjectPropertyKind::ObjectProperty(property) = property else {
            return None;
        };
        let name = key(property)?;
        if fields.iter().any(|(known, _)| *known == name) {
            return None;
        }
        fields.push((name, &property.value));
    }
    Some(fields)
}

/// The key of a plain `key: value`.
pub(super) fn key<'b>(property: &'b oxc::ast::ast::ObjectProperty<'_>) -> Option<&'b str> {
    if property.computed || property.method || property.kind != PropertyKind::Init {
        return None;
    }
    let name = match &property.key {
        PropertyKey::StaticIdentifier(name) => name.name.as_str(),
        PropertyKey::StringLiteral(text) if !text.lone_surrogates => text.value.as_str(),
        _ => return None,
    };
    let moved = name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit());
    (!moved && name != "__proto__").then_some(name)
}

/// As `JSON.stringify` writes it.
pub(super) fn json(value: &Expression<'_>, out: &mut String) -> Option<()> {
    match value {
        Expression::NullLiteral(_) => out.push_str("null"),
        Expression::BooleanLiteral(literal) => {
            out.push_str(if literal.value { "true" } else { "false" });
        }
        Expression::StringLiteral(_) => out.push_str(&quoted(string(value)?)),
        Expression::ArrayExpression(array) => {
            out.push('[');
            for (at, element) in array.elements.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                json(element.as_expression()?, out)?;
            }
            out.push(']');
        }
        Expression::ObjectExpression(object) => {
            out.push('{');
            for (at, (name, value)) in fields(object)?.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                out.push_str(&quoted(name));
                out.push(':');
                json(value, out)?;
            }
            out.push('}');
        }
        _ => {
            let _ = write!(out, "{}", integer(value)?);
        }
    }
    Some(())
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A list of texts.
pub(super) fn strings(value: &Expression<'_>) -> Option<Vec<String>> {
    let Expression::ArrayExpression(array) = value else {
        return None;
    };
    array
        .elements
        .iter()
        .map(|element| element.as_expression().and_then(string).map(str::to_owned))
        .collect()
}

/// The items of an array, none of them spread or left out.
pub(super) fn items<'a, 'b>(value: &'b Expression<'a>) -> Option<Vec<&'b Expression<'a>>> {
    let Expression::ArrayExpression(array) = value else {
        return None;
    };
    array
        .elements
        .iter()
        .map(ArrayExpressionElement::as_expression)
        .collect()
}

/// An SQL literal.
pub(super) fn sql_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

impl Reader<'_> {
    /// `` sql`...` `` whose values are columns of `own`, the parameter of the extras, or of tables.
    pub(super) fn sql(&mut self, value: &Expression<'_>, own: Option<&str>) -> Option<Vec<Piece>> {
        let Expression::TaggedTemplateExpression(tagged) = value else {
            return None;
        };
        let Expression::Identifier(tag) = &tagged.tag else {
            return None;
        };
        if own == Some(tag.name.as_str()) || self.served(tag.name.as_str())? != "sql" {
            return None;
        }
        self.pieces(&tagged.quasi, own)
    }

    fn pieces(&mut self, template: &TemplateLiteral<'_>, own: Option<&str>) -> Option<Vec<Piece>> {
        let mut pieces = Vec::with_capacity(template.quasis.len() * 2);
        for (at, quasi) in template.quasis.iter().enumerate() {
            if quasi.lone_surrogates {
                return None;
            }
            pieces.push(Piece::Text(quasi.value.cooked.as_ref()?.to_string()));
            let Some(value) = template.expressions.get(at) else {
                continue;
            };
            let (object, key) = member(value)?;
            let Expression::Identifier(table) = object else {
                return None;
            };
            let table = table.name.as_str();
            pieces.push(if own == Some(table) {
                Piece::Own(key.to_owned())
            } else {
                Piece::Of(self.used(table), key.to_owned())
            });
        }
        Some(pieces)
    }
}
