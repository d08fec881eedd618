//! What functions, procedures and aggregates have in common: signatures, bodies, settings.

use super::Tag;
use crate::id::Id;
use crate::sql::{ident, literal};

/// The id of a routine: its name and the types that tell it from others of that name.
pub(super) fn id(kind: Tag, schema: &str, name: &str, signature: &str) -> Id {
    Id::in_schema(kind, schema, &format!("{name}({signature})"))
}

/// A body between dollars that do not occur in it.
pub(super) fn quoted(body: &str) -> String {
    if !body.contains("$$") && !body.ends_with('$') {
        return format!("$${body}$$");
    }
    let mut tag = "body".to_owned();
    while body.contains(&format!("${tag}")) {
        tag.push('_');
    }
    format!("${tag}${body}${tag}$")
}

/// Settings whose value is a list of names, stored as Postgres quotes them.
const LISTS: [&str; 6] = [
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
];

/// The SET clause for `name=value`.
pub(super) fn setting(text: &str) -> String {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let value = if LISTS.contains(&name.to_lowercase().as_str()) {
        let names: Vec<_> = names(value).iter().map(|name| literal(name)).collect();
        names.join(", ")
    } else {
        literal(value)
    };
    format!("SET {} TO {value}", ident(name))
}

/// The names of a list such as `public, "A b"`.
fn names(list: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut name = String::new();
    let mut quoted = false;
    let mut chars = list.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                name.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => names.push(std::mem::take(&mut name)),
            c if c.is_whitespace() && !quoted => {}
            c => name.push(c),
        }
    }
    names.push(name);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_survives_between_dollars() {
        assert_eq!(quoted("select $1"), "$$select $1$$");
        assert_eq!(quoted("a$"), "$body$a$$body$");
        assert_eq!(quoted("$$ $body$"), "$body_$$$ $body$$body_$");
    }

    #[test]
    fn settings_are_said_as_they_are_stored() {
        assert_eq!(setting("work_mem=4MB"), r#"SET "work_mem" TO '4MB'"#);
        assert_eq!(setting("search_path=\"\""), r#"SET "search_path" TO ''"#);
        assert_eq!(
            setting(r#"search_path=public, "A ""b", "$user""#),
            r#"SET "search_path" TO 'public', 'A "b', '$user'"#
        );
    }
}
