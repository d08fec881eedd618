//! Columns of materialized views, which only TypeScript wants to know.

use driftless_catalog::kinds::ViewColumn;
use driftless_diagnostic::Result;
use driftless_postgres::Session;
use std::collections::BTreeMap;

const QUERY: &str = "\
SELECT n.nspname, c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'm' ORDER BY c.oid, a.attnum";

/// The columns of every materialized view, by schema and name.
///
/// # Errors
/// What the server says.
pub async fn materialized(
    session: &mut Session,
) -> Result<BTreeMap<(String, String), Vec<ViewColumn>>> {
    let failed = |error: driftless_postgres::QueryError| {
        error.diagnostic("reading the columns of materialized views")
    };
    // Types are spelled as the reader spells them.
    let begin = "BEGIN READ ONLY; SET LOCAL search_path = ''";
    session.execute(begin).await.map_err(failed)?;
    let rows = session.texts(QUERY).await;
    session.execute("ROLLBACK").await.map_err(failed)?;
    let mut columns: BTreeMap<_, Vec<ViewColumn>> = BTreeMap::new();
    for row in rows.map_err(failed)? {
        let mut fields = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || fields.next().unwrap_or_default();
        let view = (next(), next());
        columns.entry(view).or_default().push(ViewColumn {
            name: next(),
            r#type: next(),
            default: None,
        });
    }
    Ok(columns)
}
