//! A database read into a catalog: everything that belongs to the user, in one snapshot.
//!
//! Each kind's query yields its objects with their addresses; `pg_depend` and `pg_shdepend` say
//! what needs what; and every row of every catalog that no kind accounts for is told.

mod places;

use driftless_catalog::kinds::{PRELUDE, ROWS};
use driftless_catalog::{Catalog, Spelling, Tag};
use driftless_diagnostic::{Diagnostic, Failure, Result};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;

use crate::error::QueryError;
use crate::session::Session;
use places::Places;

/// What of a database is looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Schemas that are left out, by name.
    pub without_schemas: Vec<String>,
    /// Tables that are left out, as SQL writes them: the ledger. Their indexes and sequences go with
    /// them, and a schema other than `public` that holds nothing else.
    pub without_tables: Vec<String>,
    /// The role whose ownership goes without saying; the connected one where it is not given.
    pub owner: Option<String>,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// Every object of a kind that the model holds.
    pub catalog: Catalog,
    /// Catalog rows of the user's that no kind accounts for, in Postgres's words, sorted.
    pub unmodelled: Vec<String>,
}

/// Where a row is, as in `pg_depend`: catalog, row, column.
pub(crate) type Address = (u32, u32, i32);

/// Least server version that can be read.
const LEAST_MAJOR: u32 = 14;

/// Reads a database; it must be in no transaction.
///
/// # Errors
/// `server-too-old` below Postgres 14, `schema-changing` where what is read is altered meanwhile,
/// again and again, and `read-failed` with the server's words otherwise.
pub async fn read(session: &mut Session, scope: &Scope) -> Result<Reading> {
    let server = session.server();
    if server.major() < LEAST_MAJOR {
        return Err(Diagnostic::error(
            "server-too-old",
            format!(
                "{} is Postgres {}, which cannot be read",
                session.shown(),
                server.version_text
            ),
        )
        .help(format!("use Postgres {LEAST_MAJOR} or later"))
        .into());
    }
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''; \
                 SET LOCAL quote_all_identifiers = off; SET LOCAL datestyle = 'ISO, DMY'; \
                 SET LOCAL intervalstyle = 'postgres'; SET LOCAL extra_float_digits = 1; \
                 SET LOCAL bytea_output = 'hex'; SET LOCAL row_security = off; SET LOCAL jit = off";
    // Rows are read from one snapshot, but Postgres writes definitions as they are now, or not at
    // all. What is dropped meanwhile is not met again; a bug is.
    let mut met = Vec::new();
    loop {
        let outcome = match session.execute(begin).await {
            Ok(()) => match Reader::new(session, scope).await {
                Ok(reader) => reader.read().await,
                Err(failure) => Err(failure),
            },
            Err(error) => Err(failed(session, &error)),
        };
        let end = session.execute("ROLLBACK").await;
        let failure = match outcome {
            Ok(reading) => {
                end.map_err(|error| failed(session, &error))?;
                return Ok(reading);
            }
            Err(failure) => failure,
        };
        let parts = failure.diagnostics().iter();
        let said: Vec<_> = parts
            .flat_map(|one| std::iter::once(&one.message).chain(&one.notes))
            .cloned()
            .collect();
        let said = said.join("; ");
        if !is_changing(&failure) || met.contains(&said) {
            return Err(failure);
        }
        met.push(said);
        if met.len() == ATTEMPTS {
            return Err(changing(session, &met[0]).into());
        }
    }
}

/// How often a schema that changes meanwhile is read.
const ATTEMPTS: usize = 5;

/// Whether something was looked up that is gone.
fn is_changing(failure: &Failure) -> bool {
    let codes = ["schema-changing", "internal-unreadable"];
    let mut found = failure.diagnostics().iter();
    found.any(|one| codes.contains(&one.code))
}

fn changing(session: &Session, why: &str) -> Diagnostic {
    Diagnostic::error(
        "schema-changing",
        format!(
            "the schema of {} is changed while it is read",
            session.shown()
        ),
    )
    .note(why.to_owned())
    .help("try again when whatever migrates it is done")
}

/// The relations of tables that are left out, and the schemas that hold nothing else.
const LEFT_OUT: &str = "\
WITH relation AS (
    SELECT c.oid FROM unnest($1::text[]) x (name) JOIN pg_class c ON c.oid = to_regclass(x.name)),
belonging AS (
    SELECT oid FROM relation
    UNION SELECT x.indexrelid FROM pg_index x JOIN relation r ON r.oid = x.indrelid
    UNION SELECT d.objid FROM pg_depend d JOIN relation r ON r.oid = d.refobjid
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))
SELECT ARRAY(SELECT oid FROM belonging), ARRAY(
    SELECT n.nspname::text FROM pg_namespace n
    WHERE n.nspname <> 'public'
      AND n.oid IN (SELECT c.relnamespace FROM pg_class c JOIN relation r ON r.oid = c.oid)
      AND NOT EXISTS (SELECT FROM pg_class c
          WHERE c.relnamespace = n.oid AND c.oid NOT IN (SELECT oid FROM belonging))
      AND NOT EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = n.oid)
      AND NOT EXISTS (SELECT FROM pg_type t
          WHERE t.typnamespace = n.oid AND t.typrelid = 0 AND t.typcategory <> 'A'))";

struct Reader<'a> {
    session: &'a Session,
    left_out: Vec<String>,
    ledger: Vec<u32>,
    owner: &'a str,
}

impl<'a> Reader<'a> {
    async fn new(session: &'a Session, scope: &'a Scope) -> Result<Self> {
        let mut reader = Self {
            session,
            left_out: scope.without_schemas.clone(),
            ledger: Vec::new(),
            owner: scope.owner.as_deref().unwrap_or(&session.server().user),
        };
        if !scope.without_tables.is_empty() {
            let rows = session.query(LEFT_OUT, &[&scope.without_tables]).await;
            for row in rows.map_err(|error| failed(session, &error))? {
                reader.ledger.extend(row.get::<_, Vec<u32>>(0));
                reader.left_out.extend(row.get::<_, Vec<String>>(1));
            }
        }
        Ok(reader)
    }

    async fn read(&self) -> Result<Reading> {
        let major = u16::try_from(self.session.server().major()).unwrap_or(u16::MAX);
        let mut catalog = Catalog::empty(Spelling::Postgres { major });
        let mut places = Places::read(self).await?;
        for kind in self.present().await? {
            for row in self.rows(kind.query()).await? {
                let (at, json) = (address(&row, 0), row.get::<_, String>(3));
                let json = if kind.is_attached() {
                    // Nothing where it is of something that is not looked at.
                    match places.attach(at, &json) {
                        Some(json) => json,
                        None => continue,
                    }
                } else {
                    json
                };
                let object = kind
                    .parse(&json)
                    .map_err(|error| unreadable(kind, &json, &error))?;
                let id = object.id();
                if !kind.is_attached() {
                    places.ids.insert(at, id.clone());
                }
                if catalog.insert(object).is_some() {
                    return Err(Diagnostic::error(
                        "internal-duplicate",
                        format!("{id} was read twice"),
                    )
                    .help("this is a bug: please report the schema")
                    .into());
                }
            }
        }
        for (id, needs) in places.needs(self).await? {
            catalog.set_needs(id, needs);
        }
        let known: FxHashSet<Address> = places.accounted().collect();
        let mut unmodelled = self.rows(ROWS).await?;
        unmodelled.retain(|row| {
            let at = address(row, 0);
            !known.contains(&at) && !places.is_of_extension(at)
        });
        Ok(Reading {
            catalog,
            unmodelled: self.described(&unmodelled).await?,
        })
    }

    /// What Postgres calls the objects at the addresses of rows, sorted.
    async fn described(&self, rows: &[Row]) -> Result<Vec<String>> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<_> = rows
            .iter()
            .map(|row| {
                let (class, object, part) = address(row, 0);
                let before = row.get::<_, String>(3);
                format!("('{before}', {class}::oid, {object}::oid, {part})")
            })
            .collect();
        let sql = format!(
            "SELECT concat(x.before, pg_describe_object(x.class, x.object, x.part)) \
             FROM (VALUES {}) x (before, class, object, part)",
            places.join(", ")
        );
        let described = self.plain_rows(&sql).await?;
        let mut described: Vec<String> = described.iter().map(|row| row.get(0)).collect();
        described.sort();
        Ok(described)
    }

    /// The kinds of which there may be one, in the order of all of them.
    async fn present(&self) -> Result<Vec<Tag>> {
        let conditions: Vec<_> = Tag::ALL.iter().map(|kind| kind.present()).collect();
        let rows = self
            .plain_rows(&format!("SELECT ARRAY[{}]", conditions.join(", ")))
            .await?;
        let holds: Vec<bool> = rows.first().map(|row| row.get(0)).unwrap_or_default();
        let kinds = Tag::ALL.iter().zip(holds);
        Ok(kinds
            .filter(|(_, holds)| *holds)
            .map(|(kind, _)| *kind)
            .collect())
    }

    /// Rows of a query that stands behind the prelude and ends with text.
    async fn rows(&self, query: &str) -> Result<Vec<Row>> {
        let sql = format!(
            "{PRELUDE}, wanted (classid, objid, objsubid, said) AS (\n{query})\n\
             SELECT classid, objid, objsubid::int4, said::text FROM wanted"
        );
        self.session
            .query(&sql, &[&self.left_out, &self.owner, &self.ledger])
            .await
            .map_err(|error| failed(self.session, &error))
    }

    /// Rows of a query that stands alone.
    async fn plain_rows(&self, sql: &str) -> Result<Vec<Row>> {
        self.session
            .query(sql, &[])
            .await
            .map_err(|error| failed(self.session, &error))
    }
}

/// The address in three columns of a row, from `first` on.
fn address(row: &Row, first: usize) -> Address {
    (row.get(first), row.get(first + 1), row.get(first + 2))
}

fn failed(session: &Session, error: &QueryError) -> Failure {
    // Something is looked up that has been dropped: `cache lookup failed for …`, `could not open
    // relation with OID …`.
    if error.code() == Some("XX000") {
        return changing(session, &error.to_string()).into();
    }
    Diagnostic::error(
        "read-failed",
        format!("the schema of {} cannot be read: {error}", session.shown()),
    )
    .help("the connected role needs to read pg_catalog, as every role may unless it was taken away")
    .into()
}

fn unreadable(kind: Tag, json: &str, error: &serde_json::Error) -> Failure {
    Diagnostic::error(
        "internal-unreadable",
        format!("a {} was read that is not understood: {error}", kind.noun()),
    )
    .note(json.to_owned())
    .help("this is a bug: please report it with the line above")
    .into()
}
