//! One way of one pair, from two empty databases to a verdict.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use driftless_catalog::kinds::DataType;
use driftless_catalog::{
    Catalog, Decision, Id, Object, Outcome, Plan, Space, Tag, plan, plan_online,
};
use driftless_postgres::{ConnectOptions, Reading, Scope, connect, read};
use driftless_testing::Cluster;
use driftless_testing::corpus::{Databases, difference};

use super::Way;
use super::case::Case;

/// A cluster, and where its databases are made.
pub(crate) struct Bench {
    pub(super) cluster: Cluster,
    pub(super) databases: Databases,
    /// What the database holds as it was loaded, with its catalog: where a pair starts on its way
    /// back is where the way forth ended.
    pub(super) loaded: RefCell<Option<(String, Reading)>>,
}

pub(super) const DATABASE: &str = "pair";

impl Bench {
    pub(crate) fn new(cluster: Cluster) -> Self {
        Self {
            databases: cluster.databases(),
            cluster,
            loaded: RefCell::new(None),
        }
    }

    /// Major version of the server.
    pub(crate) fn major(&self) -> Result<u32, String> {
        let version = self.databases.run("postgres", "SHOW server_version_num;")?;
        let version: u32 = version.trim().parse().map_err(|_| version)?;
        Ok(version / 10_000)
    }

    /// A database with no more than this, in a cluster with no roles but those of the case.
    pub(crate) fn load(&self, case: &Case, sql: &str) -> Result<Reading, String> {
        let sql = format!("{}{sql}", case.roles());
        if let Some((loaded, reading)) = &*self.loaded.borrow()
            && *loaded == sql
        {
            return Ok(reading.clone());
        }
        self.loaded.take();
        self.databases.forget(DATABASE)?;
        self.databases.create(DATABASE)?;
        self.run(&sql).map_err(|why| format!("loading: {why}"))?;
        let reading = self.read().map_err(|why| format!("reading: {why}"))?;
        self.loaded.replace(Some((sql, reading.clone())));
        Ok(reading)
    }

    pub(super) fn run(&self, sql: &str) -> Result<String, String> {
        self.databases.run(DATABASE, sql)
    }

    /// An empty database, in a cluster without roles of the user's.
    pub(crate) fn empty(&self) -> Result<(), String> {
        self.loaded.take();
        self.databases.forget(DATABASE)?;
        self.databases.create(DATABASE).map(|_| ())
    }

    /// How to connect to it.
    pub(crate) fn options(&self) -> Result<ConnectOptions, String> {
        ConnectOptions::from_url(&self.cluster.url(DATABASE)).map_err(said)
    }

    pub(crate) fn read(&self) -> Result<Reading, String> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| e.to_string())?;
        let options = self.options()?;
        runtime.block_on(async {
            let mut session = connect(&options).await.map_err(said)?;
            let reading = read(&mut session, &Scope::default()).await;
            session.close().await;
            reading.map_err(said)
        })
    }

    /// The schema as `pg_dump` says it, with owners and grants, and the cluster's roles.
    pub(crate) fn dump(&self) -> Result<Vec<String>, String> {
        self.databases.dump_all(DATABASE)
    }

    /// What tells a table or an index that was built anew: its file.
    fn files(&self) -> Result<BTreeMap<String, String>, String> {
        let rows = self.run(
            "SELECT n.nspname || '.' || c.relname, c.relfilenode FROM pg_class c \
             JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'i', 'm') \
             AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';",
        )?;
        Ok(pairs(&rows))
    }

    /// Number of rows of each table that has any.
    fn rows(&self) -> Result<BTreeMap<String, String>, String> {
        let rows = self.run(
            "SELECT format('%I.%I', n.nspname, c.relname), (xpath('/row/n/text()', query_to_xml( \
             format('SELECT count(*) AS n FROM %I.%I', n.nspname, c.relname), true, true, '')))[1] \
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' \
             AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
             AND NOT EXISTS (SELECT FROM pg_inherits h JOIN pg_class below ON below.oid = h.inhrelid \
             WHERE h.inhparent = c.oid AND below.relkind = 'f');",
        )?;
        let mut rows = pairs(&rows);
        rows.retain(|_, count| count != "0");
        Ok(rows)
    }
}

/// What is told, and how it is planned.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct How {
    pub(super) verbose: bool,
    /// With statements that let others read and write.
    pub(super) online: bool,
}

/// Runs one way.
pub(super) fn run(
    case: &Case,
    way: Way,
    start: &Bench,
    end: &Bench,
    how: How,
) -> Result<(), String> {
    let sides = case.sides(way);
    let step = |name: &'static str| move |why: String| format!("{name}: {why}");
    let from = start.load(case, &sides.start).map_err(step("the start"))?;
    let to = end.load(case, &sides.end).map_err(step("the end"))?;
    start.loaded.take();
    start.run(&sides.seed).map_err(step("loading rows"))?;
    let unmodelled: BTreeSet<&String> = from.unmodelled.iter().chain(&to.unmodelled).collect();
    let (files, rows) = (start.files()?, start.rows()?);
    let plan = planned(&from.catalog, &to.catalog, how.online).map_err(step("planning"))?;
    let sql = sql(&plan);
    if how.verbose {
        println!("-- {} {way:?}\n{sql}", case.name);
    }
    let with_sql = |why: String| format!("{why}\n{sql}");
    start
        .run(&sql)
        .map_err(|why| with_sql(format!("the plan fails: {why}")))?;
    let (ours, wanted) = (start.dump()?, end.dump()?);
    if let Some(difference) = difference(&ours, &wanted) {
        return Err(with_sql(format!("pg_dump differs:\n{difference}")));
    }
    let again = planned(
        &start.read().map_err(step("reading the result"))?.catalog,
        &to.catalog,
        false,
    )
    .map_err(step("planning again"))?;
    if !again.is_empty() {
        return Err(with_sql(format!(
            "planning again gives:\n{}",
            self::sql(&again)
        )));
    }
    kept_rows(&rows, &start.rows()?).map_err(with_sql)?;
    kept_files(&from.catalog, &to.catalog, &files, &start.files()?).map_err(with_sql)?;
    if !unmodelled.is_empty() {
        return Err(format!("not modelled: {unmodelled:?}"));
    }
    Ok(())
}

/// A plan in which nothing is a rename.
pub(crate) fn planned(from: &Catalog, to: &Catalog, online: bool) -> Result<Plan, String> {
    let plan = if online { plan_online } else { plan };
    let mut decisions = Vec::new();
    loop {
        match plan(from, to, &decisions).map_err(said)? {
            Outcome::Plan(plan) => return Ok(plan),
            Outcome::Questions(questions) => decisions.extend(
                questions
                    .iter()
                    .map(|question| Decision::Create(question.created.full_path())),
            ),
        }
    }
}

fn sql(plan: &Plan) -> String {
    let mut text = String::new();
    for batch in plan.batches() {
        let (begin, commit) = if batch.in_transaction {
            ("BEGIN;\n", "COMMIT;\n")
        } else {
            ("", "")
        };
        text += begin;
        for step in &batch.steps {
            text += &step.sql;
            text.push('\n');
        }
        text += commit;
    }
    text
}

/// Rows of a table that is still there are still there.
fn kept_rows(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Result<(), String> {
    for (table, count) in before {
        if after.get(table).is_some_and(|now| now != count) {
            return Err(format!("{table} had {count} rows and has {}", after[table]));
        }
    }
    Ok(())
}

fn named(data_type: &DataType) -> (String, String) {
    (data_type.schema.clone(), data_type.name.clone())
}

/// Whether other types, or arrays in columns, are made of a type.
fn stands_inside(catalog: &Catalog, of: &(String, String)) -> bool {
    catalog.objects().any(|(_, object)| match object {
        Object::Column(column) => {
            column.data_type.dimensions > 0 && named(&column.data_type) == *of
        }
        Object::Domain(domain) => named(&domain.data_type) == *of,
        Object::RangeType(range) => named(&range.subtype) == *of,
        Object::CompositeType(composite) => {
            let mut types = composite.attributes.iter().map(|one| named(&one.data_type));
            types.any(|one| one == *of)
        }
        _ => false,
    })
}

/// Types that are not what they were, and those that are made of them: a column of such a type
/// is written anew though its own definition stays.
fn changed_types(from: &Catalog, to: &Catalog) -> BTreeSet<(String, String)> {
    let mut changed: BTreeSet<_> = from
        .objects()
        .filter(|(id, object)| id.kind.space() == Space::Type && to.get(id) != Some(object))
        .map(|(id, _)| (id.schema.to_string(), id.name.to_string()))
        .collect();
    // Postgres adds no check to a domain that stands inside other values.
    let gained = to.of_kind(Tag::DomainCheck).filter_map(|(id, check)| {
        let domain = (id.schema.to_string(), id.parent.to_string());
        (from.get(id) != Some(check) && stands_inside(from, &domain)).then_some(domain)
    });
    changed.extend(gained);
    loop {
        let before = changed.len();
        for (id, object) in from.objects() {
            let above = match object {
                Object::Domain(domain) => changed.contains(&named(&domain.data_type)),
                Object::RangeType(range) => changed.contains(&named(&range.subtype)),
                Object::CompositeType(composite) => composite
                    .attributes
                    .iter()
                    .any(|attribute| changed.contains(&named(&attribute.data_type))),
                _ => false,
            };
            if above {
                changed.insert((id.schema.to_string(), id.name.to_string()));
            }
        }
        if changed.len() == before {
            return changed;
        }
    }
}

/// Whatever is defined as before has the file it had.
fn kept_files(
    from: &Catalog,
    to: &Catalog,
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Result<(), String> {
    let changed = changed_types(from, to);
    let same_table = |schema: &str, table: &str| {
        let of = |catalog: &Catalog| -> Vec<_> {
            catalog
                .belonging(Tag::Column, schema, table)
                .cloned()
                .collect()
        };
        let made_anew = |column: &Object| match column {
            Object::Column(column) => changed.contains(&named(&column.data_type)),
            _ => false,
        };
        let is_logged =
            |catalog: &Catalog| match catalog.get(&Id::in_schema(Tag::Table, schema, table)) {
                Some(Object::Table(table)) => !table.unlogged,
                _ => true,
            };
        // An index is logged where its table is.
        of(from) == of(to) && !of(from).iter().any(made_anew) && is_logged(from) == is_logged(to)
    };
    // What a function is has to be worked out anew for an index over it.
    let functions_stay = from
        .of_kind(Tag::Function)
        .all(|(id, function)| to.get(id).is_none_or(|now| now == function));
    for (id, object) in from.objects() {
        if let (Object::Index(index), false) = (object, functions_stay)
            && (index.predicate.is_some() || index.columns.iter().any(|one| one.is_expression))
        {
            continue;
        }
        let (same, table) = match id.kind {
            Tag::Table => (to.get(id) == Some(object), &id.name),
            Tag::Index | Tag::PrimaryKey | Tag::Unique => (to.get(id) == Some(object), &id.parent),
            _ => continue,
        };
        // One of a partition ends with the whole index that it is attached to.
        let attachment = Id::in_parent(Tag::IndexPartition, &id.schema, &id.parent, &id.name);
        if from.contains(&attachment) != to.contains(&attachment) {
            continue;
        }
        let name = format!("{}.{}", id.schema, id.name);
        // Whatever is below a materialized view may have it built anew, with its indexes.
        let whole = format!("{}.{table}", id.schema);
        if from.contains(&Id::in_schema(Tag::MaterializedView, &id.schema, table))
            && before.get(&whole) != after.get(&whole)
        {
            continue;
        }
        if same
            && same_table(&id.schema, table)
            && let (Some(was), Some(is)) = (before.get(&name), after.get(&name))
            && was != is
        {
            return Err(format!(
                "{name} was built anew though nothing of it changed"
            ));
        }
    }
    Ok(())
}

/// Lines of `a|b`.
fn pairs(lines: &str) -> BTreeMap<String, String> {
    lines
        .lines()
        .filter_map(|line| line.rsplit_once('|'))
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .collect()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "used as a function for map_err"
)]
pub(crate) fn said(failure: driftless_diagnostic::Failure) -> String {
    failure
        .diagnostics()
        .iter()
        .map(|d| {
            format!(
                "{}: {}{}",
                d.code,
                d.message,
                d.notes.iter().fold(String::new(), |t, n| t + "\n  " + n)
            )
        })
        .collect::<Vec<_>>()
        .join("\n")
}
