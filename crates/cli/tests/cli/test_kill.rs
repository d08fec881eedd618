//! `kill -9` at any moment leaves a folder and a database that the next command goes on with.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::project::TestProject;
use crate::server::TestDatabase;

/// Enough to write that a kill comes in between.
fn many_tables(count: usize) -> String {
    let table = "export const tNN = pgTable('tNN', { id: serial().primaryKey(), a: text(), b: integer() });\n";
    (0..count)
        .map(|n| table.replace("NN", &n.to_string()))
        .collect()
}

#[test]
fn generate_leaves_the_old_folder_or_the_new_one() {
    let project = TestProject::generated("export const a = pgTable('a', { id: serial() });");
    let whole = {
        let twin = TestProject::generated("export const a = pgTable('a', { id: serial() });");
        twin.schema(&(many_tables(200) + "export const a = pgTable('a', { id: serial() });"));
        let started = Instant::now();
        twin.succeeds(&["generate", "--name", "many"]);
        started.elapsed()
    };
    project.schema(&(many_tables(200) + "export const a = pgTable('a', { id: serial() });"));
    // The writing is at the end of the run: most kills fall there.
    for part in [
        50, 80, 85, 88, 90, 92, 94, 95, 96, 97, 98, 99, 100, 101, 102,
    ] {
        let mut child = project
            .command(&["generate", "--name", "many"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(whole * part / 100);
        let _ = child.kill();
        child.wait().unwrap();
        let journal = project.read("drizzle/meta/_journal.json");
        let journal: serde_json::Value = serde_json::from_str(&journal).unwrap();
        let written = journal["entries"].as_array().unwrap().len();
        assert!(written <= 2, "{written} entries");
    }
    project.succeeds(&["generate", "--name", "many"]);
    let output = project.run(&["check"]);
    assert_eq!(
        output,
        "exit 0\n--- stdout\nin step: 201 tables, 2 migrations"
    );
    let names: Vec<_> = project
        .files("drizzle")
        .into_iter()
        .map(|(path, _)| path.file_name().unwrap().to_str().unwrap().to_owned())
        // Of a write that was killed when it was done; the next one removes it.
        .filter(|name| name != "_driftless.pending.json")
        .collect();
    assert_eq!(
        names,
        [
            "0000_first.sql",
            "0001_many.sql",
            "0000_snapshot.json",
            "0001_snapshot.json",
            "_driftless.json",
            "_journal.json"
        ]
    );
}

#[test]
fn migrate_leaves_whole_migrations() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let schema = "export const log = pgTable('log', { id: serial(), text: text() });";
    let project = TestProject::generated(schema).env("DATABASE_URL", &database.url());
    for number in 1..=8 {
        let name = format!("m{number}");
        project.succeeds(&["generate", "--custom", "--name", &name]);
        let sql = format!(
            "INSERT INTO log (text) VALUES ('{number} begun');\n--> statement-breakpoint\n\
             SELECT pg_sleep(0.02);\n--> statement-breakpoint\n\
             INSERT INTO log (text) VALUES ('{number} done');"
        );
        project.write(&format!("drizzle/{number:04}_{name}.sql"), &sql);
    }
    let mut kills = 0;
    for pause in (20..).step_by(25) {
        let mut child = project
            .command(&["migrate"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(pause));
        if child
            .try_wait()
            .unwrap()
            .is_some_and(|status| status.success())
        {
            break;
        }
        let _ = child.kill();
        child.wait().unwrap();
        kills += 1;
        assert!(kills < 200, "it never comes to its end");
    }
    project.succeeds(&["migrate"]);
    assert!(kills > 0);
    let texts = database.sql("SELECT string_agg(text, ',' ORDER BY id) FROM log");
    let expected: Vec<_> = (1..=8)
        .flat_map(|n| [format!("{n} begun"), format!("{n} done")])
        .collect();
    assert_eq!(
        texts.trim(),
        expected.join(","),
        "each migration ran exactly once"
    );
    let ledger = "SELECT count(*) FROM drizzle.__drizzle_migrations";
    assert_eq!(database.sql(ledger), "9\n");
}
