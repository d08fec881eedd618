//! How the tenant function gets to know the tenant, found in the function and then tried.

use std::collections::BTreeSet;

use driftless_catalog::kinds::Function;
use driftless_catalog::{Object, Tag, identifiers};
use driftless_postgres::literal;
use squawk_lexer::{LiteralKind, TokenKind, tokenize};

use crate::facts::Facts;

/// SQL that sets the tenant, with `{tenant}` for its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setting {
    template: String,
}

impl Setting {
    pub(super) fn new(template: &str) -> Self {
        Self {
            template: template.trim().trim_end_matches(';').to_owned(),
        }
    }

    /// The statement for a tenant.
    pub(super) fn sql(&self, tenant: &str) -> String {
        self.template.replace("{tenant}", &literal(tenant))
    }

    /// For people.
    pub(super) fn shown(&self) -> &str {
        &self.template
    }
}

/// What may set it, the likeliest first: what driftless.toml says, or the settings that the function
/// reads.
pub(super) fn guesses(facts: &Facts<'_>) -> Vec<Setting> {
    if let Some(template) = &facts.tenant.set {
        return vec![Setting::new(template)];
    }
    let mut guesses = Vec::new();
    for key in keys(facts) {
        let key = literal(&key);
        let column = literal(&facts.tenant.column);
        guesses.push(format!("SELECT set_config({key}, {{tenant}}, true)"));
        // A token's claims.
        guesses.push(format!(
            "SELECT set_config({key}, json_build_object({column}, {{tenant}}, 'sub', {{tenant}}, \
             'tenant_id', {{tenant}}, 'app_metadata', json_build_object({column}, {{tenant}}, \
             'tenant_id', {{tenant}}))::text, true)"
        ));
    }
    guesses
        .iter()
        .map(|template| Setting::new(template))
        .collect()
}

/// The settings that the tenant function reads, itself or through functions that it calls.
pub(crate) fn keys(facts: &Facts<'_>) -> Vec<String> {
    let mut keys = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next: Vec<&Function> = facts.functions().into_iter().map(|(_, one)| one).collect();
    while let Some(function) = next.pop() {
        if !seen.insert((&function.schema, &function.name, &function.signature)) {
            continue;
        }
        for key in read_in(&function.body) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let (mentions, _) = identifiers(&function.body);
        next.extend(
            facts
                .catalog
                .of_kind(Tag::Function)
                .filter_map(|(_, object)| match object {
                    Object::Function(other) if mentions.iter().any(|m| m.name == other.name) => {
                        Some(other)
                    }
                    _ => None,
                }),
        );
    }
    keys
}

/// The first argument of each `current_setting(…)` that is a literal.
fn read_in(body: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let (mut at, mut call) = (0, 0);
    for token in tokenize(body) {
        let text = &body[at..at + token.len as usize];
        at += token.len as usize;
        match token.kind {
            TokenKind::Whitespace => {}
            TokenKind::Ident if text.eq_ignore_ascii_case("current_setting") => call = 1,
            TokenKind::OpenParen if call == 1 => call = 2,
            TokenKind::Literal {
                kind: LiteralKind::Str { .. },
            } if call == 2 => {
                keys.push(text.trim_matches('\'').replace("''", "'"));
                call = 0;
            }
            _ => call = 0,
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::read_in;

    #[test]
    fn settings_are_found_where_they_are_read() {
        for (body, keys) in [
            (
                "SELECT nullif(current_setting('app.a', true), '')::uuid",
                &["app.a"][..],
            ),
            ("select CURRENT_SETTING ( 'app.a' )", &["app.a"]),
            ("select current_setting(name)", &[]),
            (
                "select coalesce(current_setting('a.b', true), current_setting('c.d', true))",
                &["a.b", "c.d"],
            ),
            ("-- current_setting('x.y')\nselect 1", &[]),
        ] {
            assert_eq!(read_in(body), keys, "{body}");
        }
    }
}
