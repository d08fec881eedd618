//! TypeScript's spelling of text, names and lists.

/// A string literal, in the quotes that need no escape where there are any.
pub(super) fn string(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            c if c == quote => out.extend(['\\', c]),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

/// An `sql` template.
pub(super) fn template(sql: &str) -> String {
    // A template takes every end of line for `\n`.
    let text = sql
        .replace('\\', "\\\\")
        .replace('`', "\\`")
        .replace("${", "\\${")
        .replace('\r', "\\r");
    format!("sql`{text}`")
}

/// Whether it can stand behind a dot and before a colon as it is.
pub(super) fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_' || c == '$')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
}

/// The key of an object literal.
pub(super) fn key(name: &str) -> String {
    if is_identifier(name) {
        name.to_owned()
    } else {
        string(name)
    }
}

/// A member: `t.email`, `t['first name']`.
pub(super) fn member(of: &str, name: &str) -> String {
    if is_identifier(name) {
        format!("{of}.{name}")
    } else {
        format!("{of}[{}]", string(name))
    }
}

/// `{ a: 1, b: 2 }`, or nothing for no members.
pub(super) fn object(members: &[(&str, String)]) -> Option<String> {
    if members.is_empty() {
        return None;
    }
    let members: Vec<_> = members
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    Some(format!("{{ {} }}", members.join(", ")))
}

/// `f(a, b)`, without the arguments that are not there.
pub(super) fn call(name: &str, arguments: &[Option<String>]) -> String {
    let arguments: Vec<_> = arguments.iter().flatten().map(String::as_str).collect();
    format!("{name}({})", arguments.join(", "))
}

/// A whole number as TypeScript holds it exactly, else its text.
pub(super) fn number(text: &str) -> String {
    const SAFE: i64 = (1 << 53) - 1;
    match text.parse::<i64>() {
        Ok(number) if number.abs() <= SAFE => number.to_string(),
        _ => string(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        for (text, expected) in [
            ("plain", "'plain'"),
            ("it's", "\"it's\""),
            ("it's \"so\"", "'it\\'s \"so\"'"),
            ("a\\b\nc", r"'a\\b\nc'"),
            ("\u{1}\u{2028}", r"'\u0001\u2028'"),
        ] {
            assert_eq!(string(text), expected);
        }
        assert_eq!(template(r"a ~ '\d`${x}'"), r"sql`a ~ '\\d\`\${x}'`");
    }

    #[test]
    fn numbers_that_would_lose_digits_are_text() {
        assert_eq!(number("-5"), "-5");
        assert_eq!(number("9007199254740991"), "9007199254740991");
        assert_eq!(number("9223372036854775807"), "'9223372036854775807'");
    }
}
