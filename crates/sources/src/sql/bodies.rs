//! Bodies of functions, looked at when everything they may mention is there.
//!
//! While statements are run, `check_function_bodies` is off: two functions may call each other.

use super::prepare::Prepared;
use super::run::server_at;
use super::scan::Class;
use driftless_diagnostic::{Diagnostic, Result};
use driftless_postgres::{Session, literal};

/// Functions whose language can look at their body; those of `BEGIN ATOMIC` have been.
const FUNCTIONS: &str = "
SELECT p.oid::text, n.nspname, p.proname, p.prosrc,
       format('%I.%I(%s)', vn.nspname, v.proname, p.oid),
       coalesce((SELECT string_agg(format('pg_catalog.set_config(%L, %L, true)',
                   split_part(c, '=', 1), substr(c, strpos(c, '=') + 1)), ', ')
                 FROM unnest(p.proconfig) AS c), '')
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
JOIN pg_catalog.pg_language l ON l.oid = p.prolang
JOIN pg_catalog.pg_proc v ON v.oid = l.lanvalidator
JOIN pg_catalog.pg_namespace vn ON vn.oid = v.pronamespace
WHERE p.oid >= 16384 AND l.lanname NOT IN ('c', 'internal') AND p.prosqlbody IS NULL
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                  WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
ORDER BY p.oid";

/// What is wrong with bodies.
pub(super) async fn problems(
    session: &mut Session,
    statements: &[Prepared],
) -> Result<Vec<Diagnostic>> {
    let asking = "looking at the bodies of functions";
    let any = statements.iter().any(|one| {
        one.words
            .iter()
            .any(|word| ["function", "procedure"].iter().any(|kind| word.is(kind)))
    });
    if !any {
        return Ok(Vec::new());
    }
    let rows = session
        .texts(FUNCTIONS)
        .await
        .map_err(|error| error.diagnostic(asking))?;
    let mut sent = Vec::new();
    let mut asked = Vec::new();
    for row in &rows {
        let [
            _,
            Some(schema),
            Some(name),
            Some(body),
            Some(validate),
            Some(config),
        ] = &row[..]
        else {
            continue;
        };
        let statement = maker(statements, schema, name, body);
        if statement.is_some_and(|one| !one.settings.checks_bodies()) {
            continue;
        }
        // As the function itself will see the database.
        let mut set_up = format!(
            "BEGIN; SET LOCAL check_function_bodies TO {}",
            literal("on")
        );
        for setting in statement
            .into_iter()
            .flat_map(|one| one.settings.statements())
        {
            set_up.push_str("; ");
            set_up.push_str(&setting.replacen("SET ", "SET LOCAL ", 1));
        }
        if !config.is_empty() {
            set_up.push_str(&format!("; SELECT {config}"));
        }
        sent.extend([set_up, format!("SELECT {validate}"), "ROLLBACK".to_owned()]);
        asked.push((statement, name));
    }
    let sent: Vec<&str> = sent.iter().map(String::as_str).collect();
    let results = session.run_each(&sent).await;
    let mut problems = Vec::new();
    let mut results = results.into_iter();
    for (statement, name) in asked {
        let first = [results.next(), results.next(), results.next()]
            .into_iter()
            .flatten()
            .find_map(std::result::Result::err);
        if let Some(error) = first {
            problems.push(match statement {
                Some(statement) => {
                    let mut found = server_at(statement, &error);
                    // The body is where the label points.
                    found.notes.retain(|note| !note.starts_with("inside: "));
                    found
                }
                None => error.diagnostic(&format!("looking at the body of function {name}")),
            });
        }
    }
    Ok(problems)
}

/// The statement that made a function: by its name, and by its body among those of one name.
fn maker<'a>(
    statements: &'a [Prepared],
    schema: &str,
    name: &str,
    body: &str,
) -> Option<&'a Prepared> {
    let named = |one: &&Prepared| {
        one.scanned.defines.iter().any(|defined| {
            let in_schema = defined.schema.as_deref().is_none_or(|own| own == schema);
            defined.class == Class::Function && defined.name == name && in_schema
        })
    };
    let mut candidates: Vec<_> = statements.iter().filter(named).collect();
    if candidates.len() > 1
        && let Some(same) = candidates.iter().find(|one| one.sql().contains(body))
    {
        return Some(same);
    }
    candidates.pop()
}
