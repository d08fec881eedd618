//! As much of JSON Schema as the schema of SARIF uses. A word that is not known here is a panic: nothing
//! passes because nobody looked.

use serde_json::{Map, Value};

/// What a document has otherwise than its schema says, each with its place.
pub(crate) fn problems(schema: &Value, document: &Value) -> Vec<String> {
    let mut check = Check {
        root: schema,
        found: Vec::new(),
    };
    check.value(schema, document, "");
    check.found
}

struct Check<'a> {
    root: &'a Value,
    found: Vec<String>,
}

impl Check<'_> {
    fn value(&mut self, schema: &Value, value: &Value, at: &str) {
        let schema = self.resolved(schema).as_object().unwrap().clone();
        for (word, says) in &schema {
            let problem = match word.as_str() {
                // Texts for people, and what is looked at below.
                "$schema"
                | "$id"
                | "title"
                | "description"
                | "default"
                | "definitions"
                | "required"
                | "properties"
                | "additionalProperties" => None,
                "type" => (!is_of_type(value, says.as_str().unwrap()))
                    .then(|| format!("is no {}", says.as_str().unwrap())),
                "enum" => (!says.as_array().unwrap().contains(value))
                    .then(|| "is none of the values".to_owned()),
                "minimum" => (number(value) < number(says)).then(|| format!("is less than {says}")),
                "maximum" => (number(value) > number(says)).then(|| format!("is more than {says}")),
                "minItems" => value
                    .as_array()
                    .is_some_and(|items| (items.len() as u64) < says.as_u64().unwrap())
                    .then(|| format!("has less than {says} items")),
                "uniqueItems" => value
                    .as_array()
                    .is_some_and(|items| {
                        items
                            .iter()
                            .enumerate()
                            .any(|(n, one)| items[..n].contains(one))
                    })
                    .then(|| "has an item twice".to_owned()),
                "pattern" => value
                    .as_str()
                    .is_some_and(|text| {
                        !regex::Regex::new(says.as_str().unwrap())
                            .unwrap()
                            .is_match(text)
                    })
                    .then(|| format!("does not match {says}")),
                "format" => value
                    .as_str()
                    .and_then(|text| format_problem(says.as_str().unwrap(), text)),
                "anyOf" | "oneOf" => {
                    let fit = |one: &&Value| problems(one, value).is_empty();
                    let fit = says.as_array().unwrap().iter().filter(fit).count();
                    let well = fit == 1 || fit > 1 && word == "anyOf";
                    (!well).then(|| format!("fits {fit} of {word}"))
                }
                "items" => {
                    for (n, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.value(says, item, &format!("{at}/{n}"));
                    }
                    None
                }
                word => panic!("the word {word} of a JSON schema is not known here"),
            };
            self.found
                .extend(problem.map(|problem| format!("{at}: {problem}")));
        }
        if let Some(fields) = value.as_object() {
            self.fields(&schema, fields, at);
        }
    }

    fn fields(&mut self, schema: &Map<String, Value>, fields: &Map<String, Value>, at: &str) {
        let required = schema.get("required").and_then(Value::as_array);
        for name in required
            .into_iter()
            .flatten()
            .map(|name| name.as_str().unwrap())
        {
            if !fields.contains_key(name) {
                self.found.push(format!("{at}: {name} is missing"));
            }
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, value) in fields {
            let place = format!("{at}/{name}");
            let known = properties.and_then(|known| known.get(name));
            match known.or_else(|| schema.get("additionalProperties")) {
                Some(Value::Bool(false)) => {
                    self.found.push(format!("{at}: {name} is not expected"));
                }
                Some(Value::Bool(true)) | None => {}
                Some(schema) => self.value(schema, value, &place),
            }
        }
    }

    /// `$ref` stands alone in version 7.
    fn resolved<'s>(&'s self, schema: &'s Value) -> &'s Value {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(path) => self.root.pointer(path.strip_prefix('#').unwrap()).unwrap(),
            None => schema,
        }
    }
}

fn is_of_type(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        kind => panic!("the type {kind} is not known here"),
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}

fn format_problem(format: &str, text: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
    match format {
        "uri" => {
            (!text.chars().all(allowed) || !text.contains(':')).then(|| "is no URI".to_owned())
        }
        "uri-reference" => (!text.chars().all(allowed)).then(|| "is no URI reference".to_owned()),
        format => panic!("the format {format} is not known here"),
    }
}
