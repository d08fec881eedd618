//! Databases pulled: the sources that `driftless pull` would write are evaluated, loaded into an
//! empty database and compared with where they came from, by the catalog and by `pg_dump`.

mod report;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use camino::Utf8PathBuf;
use driftless_catalog::Catalog;
use driftless_migrations::snapshot::Snapshot;
use driftless_postgres::{Reading, Scope, connect, read};
use driftless_sources::pull::{self, Casing, Pulled, Request, root as whole};
use driftless_sources::script::{self, Limits, SchemaRequest};
use driftless_sources::sql::{self, Sources, SqlFile};
use driftless_testing::corpus::difference;
use serde_json::Value;

use crate::pairs::{self, Bench, Case, Way, planned, said};
use crate::root;

/// A database to pull.
struct Database {
    /// `pgmt/case a`, `introspect_pg-001`.
    name: String,
    case: Case,
    sql: String,
}

/// What a pull came to.
struct Good {
    /// Statements of SQL, and how many there would be if SQL said all of it.
    in_sql: usize,
    all: usize,
    /// Objects that went to SQL because the first sources did not come to the same.
    moved: Vec<String>,
}

struct Verdict {
    name: String,
    outcome: Result<Good, String>,
}

/// Pulls every database whose name contains one of the words, or all; writes the results of all.
pub(crate) fn run(words: &[&str]) -> Result<bool, String> {
    let (verbose, words): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| **word == "-v");
    let first = pairs::cluster()?;
    let major = first.major()?;
    let mut all = databases(major)?;
    let complete = words.is_empty() && root().join(CORPUS).is_dir();
    all.retain(|one| words.is_empty() || words.iter().any(|word| one.name.contains(word)));
    // Many pairs share a side.
    let mut seen = BTreeSet::new();
    all.retain(|one| seen.insert((one.case.roles(), one.sql.trim().to_owned())));
    let verdicts = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    let work = |bench: Result<Bench, String>| -> Result<(), String> {
        let bench = bench?;
        bench.empty()?;
        let bare = bench.read()?;
        while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
            let outcome = pulled(one, &bench, &bare, !verbose.is_empty());
            if let Err(why) = &outcome {
                println!("FAIL {}\n{why}\n", one.name);
            }
            let name = one.name.clone();
            let mut verdicts = verdicts
                .lock()
                .map_err(|_| "a worker panicked".to_owned())?;
            verdicts.push(Verdict { name, outcome });
            if verdicts.len() % 100 == 0 {
                eprintln!("{} of {}", verdicts.len(), all.len());
            }
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let other = (all.len() > 4).then(|| scope.spawn(|| work(pairs::cluster())));
        let own = work(Ok(first));
        let other = other.map_or(Ok(Ok(())), std::thread::ScopedJoinHandle::join);
        own.and(other.unwrap_or_else(|_| Err("a worker panicked".to_owned())))
    })?;
    let mut verdicts = verdicts
        .into_inner()
        .map_err(|_| "a worker panicked".to_owned())?;
    verdicts.sort_by(|a, b| a.name.cmp(&b.name));
    println!("{}", report::summary(&verdicts));
    if complete {
        let path = root().join("docs/results/pull.md");
        std::fs::write(path, report::text(&verdicts, major)).map_err(|e| e.to_string())?;
    }
    Ok(verdicts.iter().all(|verdict| verdict.outcome.is_ok()))
}

const CORPUS: &str = "../shared/corpora";

/// Both sides of every pair, here and in the corpus, and drizzle-kit's own databases.
fn databases(major: u32) -> Result<Vec<Database>, String> {
    let corpus = root().join(CORPUS);
    let mut cases = Case::own(&root().join("pairs"))?;
    if corpus.is_dir() {
        cases.extend(Case::all(&corpus.join("pairs"))?);
    } else {
        println!("only the pairs of this repository: the corpus is not here");
    }
    let mut all = Vec::new();
    for case in cases.iter().filter(|case| case.loads_on(major)) {
        for (way, side) in [(Way::Forth, "a"), (Way::Back, "b")] {
            all.push(Database {
                name: format!("{} {side}", case.name),
                case: case.clone(),
                sql: case.sides(way).start,
            });
        }
    }
    all.extend(introspected(&corpus.join("drizzle/introspect"))?);
    Ok(all)
}

fn introspected(folder: &Path) -> Result<Vec<Database>, String> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.map_err(|e| e.to_string())?.path();
        let text = std::fs::read_to_string(&path).map_err(|e| e.to_string())?;
        let json: Value = serde_json::from_str(&text).map_err(|e| e.to_string())?;
        let statements = json["schema_sql"].as_array().into_iter().flatten();
        let statements: Vec<_> = statements.filter_map(Value::as_str).collect();
        let sql = statements.join("\n");
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        all.push(Database {
            name: format!(
                "drizzle/{name} {}",
                json["name"].as_str().unwrap_or_default()
            ),
            case: Case::generated(sql.clone(), String::new()),
            sql,
        });
    }
    Ok(all)
}

/// Loads a database, pulls it, loads the sources and compares.
fn pulled(one: &Database, bench: &Bench, bare: &Reading, verbose: bool) -> Result<Good, String> {
    let step = |name: &'static str| move |why: String| format!("{name}: {why}");
    let live = bench.load(&one.case, &one.sql).map_err(step("loading"))?;
    if !live.unmodelled.is_empty() {
        return Err(format!("not modelled: {:?}", live.unmodelled));
    }
    let wanted = bench.dump()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| e.to_string())?;
    let materialized = runtime.block_on(async {
        let mut session = connect(&bench.options()?).await.map_err(said)?;
        let columns = pull::materialized(&mut session).await.map_err(said);
        session.close().await;
        columns
    })?;
    let all = planned(&bare.catalog, &live.catalog, false)?.steps.len();
    let (mut in_sql, mut one_file) = (BTreeSet::new(), false);
    loop {
        let pulled = pull::pull(&Request {
            live: &live.catalog,
            bare: &bare.catalog,
            materialized: &materialized,
            casing: Casing::Camel,
            every_name: false,
            in_sql: &in_sql,
            one_file,
        })
        .map_err(said)
        .map_err(step("writing"))?;
        let text = written(&pulled);
        if verbose {
            println!("// {}\n{text}", one.name);
        }
        let with_text = |why: String| format!("{why}\n{text}");
        bench.empty()?;
        let declared = match runtime.block_on(loaded(&pulled, bench)) {
            Ok(declared) => declared,
            Err(_) if !one_file => {
                let before = in_sql.len();
                in_sql.extend(pulled.leaning);
                one_file = in_sql.len() == before;
                continue;
            }
            Err(why) => return Err(with_text(why)),
        };
        let rest = rest(&declared.catalog, &live.catalog)?;
        if rest.is_empty() {
            // What is secret is never read, so it cannot be the same.
            let secret = text.contains("(secret)");
            if !secret && let Some(difference) = difference(&bench.dump()?, &wanted) {
                return Err(with_text(format!("pg_dump differs:\n{difference}")));
            }
            return Ok(Good {
                in_sql: pulled.sql.iter().map(|file| file.statements).sum(),
                all,
                moved: in_sql.iter().map(ToString::to_string).collect(),
            });
        }
        let before = in_sql.len();
        in_sql.extend(rest.iter().map(|(id, _)| whole(id)));
        if in_sql.len() == before {
            let sql: Vec<_> = rest.iter().map(|(_, sql)| sql.as_str()).collect();
            return Err(with_text(format!("what differs:\n{}", sql.join("\n"))));
        }
    }
}

/// What differs, either way.
fn rest(
    declared: &Catalog,
    live: &Catalog,
) -> Result<Vec<(driftless_catalog::Id, String)>, String> {
    let mut steps = planned(declared, live, false)?.steps;
    if steps.is_empty() {
        steps = planned(live, declared, false)?.steps;
    }
    Ok(steps
        .into_iter()
        .map(|step| (step.object, step.sql))
        .collect())
}

async fn loaded(pulled: &Pulled, bench: &Bench) -> Result<Reading, String> {
    let snapshot = evaluated(pulled).map_err(|why| format!("evaluating: {why}"))?;
    let files = pulled.sql.iter().map(|file| {
        let path = format!("schema/{}", file.name);
        SqlFile::new(&path, file.text.clone().into_bytes())
    });
    let sources = Sources {
        files: files.collect::<Result<_, _>>().map_err(said)?,
        before: sql::declared(&snapshot, None).map_err(said)?,
        ..Sources::default()
    };
    let mut session = connect(&bench.options()?).await.map_err(said)?;
    let loaded = sources.load(&mut session).await.map_err(said);
    let reading = match loaded {
        Ok(_) => read(&mut session, &Scope::default()).await.map_err(said),
        Err(why) => Err(format!("loading the sources: {why}")),
    };
    session.close().await;
    reading
}

fn evaluated(pulled: &Pulled) -> Result<Snapshot, String> {
    let Some(text) = &pulled.typescript else {
        return Ok(Snapshot::empty());
    };
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    std::fs::write(folder.path().join("schema.ts"), text).map_err(|e| e.to_string())?;
    let declared = script::load(&SchemaRequest {
        root: Utf8PathBuf::from_path_buf(folder.path().to_owned())
            .map_err(|path| path.display().to_string())?,
        files: vec!["schema.ts".to_owned()],
        casing: None,
        env: std::collections::BTreeMap::new(),
        limits: Limits::default(),
        allow_empty: true,
        kept: None,
    })
    .map_err(said)?;
    // A warning is about something that would be passed over.
    match declared.warnings.first() {
        Some(warning) => Err(format!("{}: {}", warning.code, warning.message)),
        None => Ok(declared.snapshot),
    }
}

fn written(pulled: &Pulled) -> String {
    let mut text = pulled.typescript.clone().unwrap_or_default();
    for file in &pulled.sql {
        text += &format!("\n-- schema/{}\n{}", file.name, file.text);
    }
    for told in &pulled.told {
        text += &format!("\n-- {} ({}): {}", told.id, told.partly, told.why);
    }
    text
}
