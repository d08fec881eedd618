//! What a config file exports, as host/config.js describes it.

use driftless_diagnostic::{Diagnostic, Failure};
use serde_json::Value as Json;

/// A value of the config.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
    /// A value that is not known here, and where it comes from.
    Taint(String),
    /// What no config field can be, in words.
    Other(String),
}

impl Value {
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        serde_json::from_str(text).map(from_json).map_err(|error| {
            Diagnostic::error("internal", format!("the config is not understood: {error}"))
                .help("please report this with the config file")
                .into()
        })
    }

    /// A field of an object.
    pub(super) fn get(&self, key: &str) -> &Self {
        const UNDEFINED: &Value = &Value::Undefined;
        let Self::Object(entries) = self else {
            return UNDEFINED;
        };
        entries
            .iter()
            .find(|(name, _)| name == key)
            .map_or(UNDEFINED, |(_, value)| value)
    }

    pub(super) fn is_set(&self) -> bool {
        !matches!(self, Self::Undefined)
    }

    /// Where its tainted parts come from.
    pub(super) fn origins(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match self {
            Self::Taint(origin) => Box::new(std::iter::once(origin.as_str())),
            Self::List(items) => Box::new(items.iter().flat_map(Self::origins)),
            Self::Object(entries) => Box::new(entries.iter().flat_map(|(_, v)| v.origins())),
            _ => Box::new(std::iter::empty()),
        }
    }

    /// What kind of value it is, for messages.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Undefined => "undefined".to_owned(),
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Number(value) => value.to_string(),
            Self::Text(text) => format!("\"{text}\""),
            Self::List(_) => "a list".to_owned(),
            Self::Object(_) => "an object".to_owned(),
            Self::Taint(origin) => format!("a value from `{origin}`"),
            Self::Other(what) => what.clone(),
        }
    }
}

fn from_json(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(value),
        Json::Number(value) => Value::Number(value.as_f64().unwrap_or(f64::NAN)),
        Json::String(text) => Value::Text(text),
        Json::Array(items) => Value::List(items.into_iter().map(from_json).collect()),
        Json::Object(mut map) => tagged(&mut map),
    }
}

fn tagged(map: &mut serde_json::Map<String, Json>) -> Value {
    let text = |json: Option<Json>| match json {
        Some(Json::String(text)) => text,
        _ => String::new(),
    };
    match text(map.remove("$")).as_str() {
        "taint" => Value::Taint(text(map.remove("origin"))),
        "other" => Value::Other(text(map.remove("what"))),
        "object" => {
            let Some(Json::Array(entries)) = map.remove("entries") else {
                return Value::Undefined;
            };
            let entries = entries.into_iter().filter_map(|entry| match entry {
                Json::Array(mut pair) if pair.len() == 2 => {
                    let value = from_json(pair.pop()?);
                    Some((text(pair.pop()), value))
                }
                _ => None,
            });
            Value::Object(entries.collect())
        }
        _ => Value::Undefined,
    }
}
