//! Expressions that Postgres would say otherwise once it has read them back.
//!
//! `status IN ('new', 'old')` on a varchar is said as `(ARRAY['new'::character varying, …])::text[]`.
//! Read back, the cast goes to each element, and the same expression has another text for ever.
//! A cast in between stops that, and Postgres does not keep it.

use super::Ref;

const BEGIN: &str = "(ARRAY[";

/// Whether [`settle`] may have something to do.
pub(super) fn may_change(text: &str) -> bool {
    text.contains(BEGIN)
}

/// Makes an expression one that Postgres says again as it was.
pub(super) fn settle(found: Ref<'_>) {
    if let Ref::Expression { sql, .. } | Ref::Query(sql) = found
        && let Some(settled) = settled(sql)
    {
        *sql = settled;
    }
}

fn settled(sql: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = sql;
    while let Some(at) = rest.find(BEGIN) {
        let (before, array) = rest.split_at(at);
        out += before;
        let end = if let Some((element, length)) = element_type(&array[BEGIN.len()..]) {
            let end = BEGIN.len() + length;
            out += &format!("({}::{element}[])", &array[..end]);
            end
        } else {
            out += BEGIN;
            BEGIN.len()
        };
        rest = &array[end..];
    }
    (!out.is_empty()).then(|| out + rest)
}

/// The type that every element is cast to, and the bytes up to the end of `])`, where a cast of
/// the whole to another type follows.
fn element_type(elements: &str) -> Option<(&str, usize)> {
    let mut at = 0;
    let mut common = None;
    loop {
        at += literal_length(&elements[at..])?;
        let named = elements[at..].strip_prefix("::")?;
        let name = &named[..type_length(named)];
        if *common.get_or_insert(name) != name {
            return None;
        }
        at += 2 + name.len();
        match elements[at..].strip_prefix(", ") {
            Some(_) => at += 2,
            None => break,
        }
    }
    let cast = elements[at..].strip_prefix("])::")?;
    let (element, whole) = (common?, &cast[..type_length(cast)]);
    (whole != format!("{element}[]")).then_some((element, at + 2))
}

/// Length of `'it''s'`.
fn literal_length(text: &str) -> Option<usize> {
    let mut quotes = text.match_indices('\'').map(|(at, _)| at);
    if quotes.next()? != 0 {
        return None;
    }
    loop {
        let close = quotes.next()?;
        if !text[close + 1..].starts_with('\'') {
            return Some(close + 1);
        }
        quotes.next();
    }
}

/// Length of a type's name, its modifier and `[]` included.
fn type_length(text: &str) -> usize {
    let mut depth = 0;
    let mut quoted = false;
    let mut array = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            '[' => array = true,
            ']' if array => array = false,
            ',' if depth > 0 => {}
            ',' | ')' | ']' | '\n' => return at,
            c if c.is_alphanumeric() || " _.0123456789".contains(c) => {}
            _ => return at,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::settled;

    fn becomes(sql: &str, expected: &str) {
        assert_eq!(settled(sql).as_deref().unwrap_or(sql), expected);
    }

    #[test]
    fn a_cast_of_a_whole_array_stays_one() {
        becomes(
            "(status)::text = ANY ((ARRAY['a'::character varying, 'it''s'::character varying])::text[])",
            "(status)::text = ANY (((ARRAY['a'::character varying, 'it''s'::character varying])::character varying[])::text[])",
        );
        becomes(
            "(x = ANY ((ARRAY['a'::\"T 1\"])::text[])) OR y",
            "(x = ANY (((ARRAY['a'::\"T 1\"])::\"T 1\"[])::text[])) OR y",
        );
    }

    #[test]
    fn everything_else_is_left_as_it_is() {
        for sql in [
            "x = ANY (ARRAY[1, 2])",
            "x = ANY (ARRAY[('a'::character varying)::text])",
            "x = ANY ((ARRAY['a'::text, 'b'::text])::text[])",
            "x = ANY ((ARRAY['a'::text, y])::character varying[])",
            "(ARRAY['open",
        ] {
            becomes(sql, sql);
        }
    }
}
