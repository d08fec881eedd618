//! What statements do, seen by `psql` alone: nothing here is shared with what the linter goes by.

use std::collections::BTreeMap;

use super::check::{Bench, DATABASE};

/// What was seen after one statement.
#[derive(Debug, Default, Clone)]
pub(super) struct Seen {
    /// Numbers of relations by their names, as people write them.
    names: BTreeMap<String, String>,
    /// Modes that its session holds, by number.
    locks: BTreeMap<String, Vec<String>>,
    /// Where rows are kept, by number.
    files: BTreeMap<String, String>,
    /// How often rows were read through.
    scans: BTreeMap<String, u64>,
    /// Partitions and heirs, by number.
    below: BTreeMap<String, Vec<String>>,
}

impl Seen {
    /// A table's number, and those of all below it.
    fn with_below(&self, number: &str) -> Vec<String> {
        let mut all = vec![number.to_owned()];
        let mut at = 0;
        while at < all.len() {
            let below = self.below.get(&all[at]).cloned();
            all.extend(below.into_iter().flatten());
            at += 1;
        }
        all
    }
}

/// Runs the statements of one file; the first of what is seen is the state before it.
pub(super) fn run(
    bench: &Bench,
    statements: &[&str],
    in_transaction: bool,
) -> Result<Vec<Seen>, String> {
    let mut script = String::new();
    if in_transaction {
        script += "BEGIN;\n";
    }
    script += &look(0);
    for (at, statement) in statements.iter().enumerate() {
        script += statement;
        script += "\n;\n";
        script += &look(at + 1);
    }
    if in_transaction {
        script += "COMMIT;\n";
    }
    let told = bench.databases.run(DATABASE, &script)?;
    let mut seen = vec![Seen::default(); statements.len() + 1];
    for line in told.lines() {
        let fields: Vec<&str> = line.split('|').collect();
        let ["seen", what, at, key, value] = fields.as_slice() else {
            continue;
        };
        let Some(one) = at.parse().ok().and_then(|at: usize| seen.get_mut(at)) else {
            continue;
        };
        let (key, value) = ((*key).to_owned(), (*value).to_owned());
        match *what {
            "name" => {
                one.names.insert(key, value);
            }
            "below" => one.below.entry(key).or_default().push(value),
            "lock" => one.locks.entry(key).or_default().push(value),
            "file" => {
                one.files.insert(key, value);
            }
            _ => {
                one.scans.insert(key, value.parse().unwrap_or_default());
            }
        }
    }
    Ok(seen)
}

fn look(at: usize) -> String {
    format!(
        "SELECT 'seen|name|{at}|' || CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END \
         || c.relname || '|' || c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n \
         ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'm', 'f') AND c.oid >= 16384;
SELECT 'seen|below|{at}|' || inhparent || '|' || inhrelid FROM pg_catalog.pg_inherits;
SELECT 'seen|lock|{at}|' || relation || '|' || mode FROM pg_catalog.pg_locks \
         WHERE pid = pg_catalog.pg_backend_pid() AND locktype = 'relation' AND granted;
SELECT 'seen|file|{at}|' || oid || '|' || relfilenode FROM pg_catalog.pg_class \
         WHERE relkind IN ('r', 'm') AND oid >= 16384;
SELECT 'seen|scan|{at}|' || relid || '|' || seq_scan FROM pg_catalog.pg_stat_xact_user_tables;\n"
    )
}

/// What a finding says of a statement, as far as Postgres can show it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// Nobody who writes, or nobody at all, gets past the lock on a table.
    Locks { table: String, readers: bool },
    /// Every row is written anew.
    Rewrites(String),
    /// Every row is read.
    Reads(String),
}

/// Reads the claims out of a finding's words.
pub(super) fn claims(message: &str) -> Vec<Claim> {
    let (readers, rest) = if let Some(rest) = message.strip_prefix("nobody reads or writes ") {
        (true, rest)
    } else if let Some(rest) = message.strip_prefix("nobody writes ") {
        (false, rest)
    } else if let Some(rest) = message.strip_prefix("queries that use several of ") {
        let tables = rest.split(" may deadlock").next().unwrap_or_default();
        return locks(tables, true);
    } else {
        return Vec::new();
    };
    let Some((tables, meanwhile)) = rest.split_once(" while ") else {
        return Vec::new();
    };
    let mut claims = locks(tables, readers);
    // Of rows that are changed beside a lock, the lock alone is claimed.
    if meanwhile.starts_with("every row is written anew") {
        claims.push(Claim::Rewrites(tables.to_owned()));
    } else if meanwhile.starts_with("every row is read")
        || meanwhile.ends_with(" reads every row")
        || meanwhile.ends_with(" looks up every row")
    {
        claims.push(Claim::Reads(tables.to_owned()));
    }
    claims
}

fn locks(tables: &str, readers: bool) -> Vec<Claim> {
    let claim = |table: &str| Claim::Locks {
        table: table.to_owned(),
        readers,
    };
    tables.split(", ").map(claim).collect()
}

/// Whether Postgres shows a claim of a statement.
pub(super) fn shows(claim: &Claim, before: &Seen, after: &Seen) -> bool {
    const WRITERS: [&str; 3] = ["ShareLock", "ShareRowExclusiveLock", "ExclusiveLock"];
    let number = |table: &String| before.names.get(table).or_else(|| after.names.get(table));
    match claim {
        Claim::Locks { table, readers } => number(table).is_some_and(|number| {
            let held = after.locks.get(number).into_iter().flatten();
            let mut held = held.map(String::as_str);
            held.any(|mode| mode == "AccessExclusiveLock" || (!readers && WRITERS.contains(&mode)))
        }),
        Claim::Rewrites(table) => number(table).is_some_and(|number| {
            let mut all = before.with_below(number).into_iter();
            all.any(|one| {
                before
                    .files
                    .get(&one)
                    .is_some_and(|file| after.files.get(&one) != Some(file))
            })
        }),
        Claim::Reads(table) => number(table).is_some_and(|number| {
            let scans =
                |seen: &Seen, one: &String| seen.scans.get(one).copied().unwrap_or_default();
            let mut all = before.with_below(number).into_iter();
            all.any(|one| scans(after, &one) > scans(before, &one))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_read_from_what_people_read() {
        let lock = |table: &str, readers| Claim::Locks {
            table: table.to_owned(),
            readers,
        };
        for (message, expected) in [
            (
                "nobody writes s.users while index a is built",
                vec![lock("s.users", false)],
            ),
            (
                "nobody reads or writes users while every row is written anew for age as bigint",
                vec![lock("users", true), Claim::Rewrites("users".to_owned())],
            ),
            (
                "nobody writes orders while foreign key k looks up every row",
                vec![lock("orders", false), Claim::Reads("orders".to_owned())],
            ),
            (
                "queries that use several of users, orders may deadlock with this transaction",
                vec![lock("users", true), lock("orders", true)],
            ),
            ("every row of users is lost", Vec::new()),
        ] {
            assert_eq!(claims(message), expected, "{message}");
        }
    }
}
