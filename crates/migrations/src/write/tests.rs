mod crashes;

use super::commit::Stop;
use super::*;
use crate::folder::Files;
use crate::testing::{spell, spell_all};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;
use std::fs;
use std::io;

/// A folder `drizzle` in a directory of its own that is gone afterwards.
struct Project {
    _root: tempfile::TempDir,
    dir: Utf8PathBuf,
}

impl Project {
    fn empty() -> Self {
        let root = tempfile::tempdir().unwrap();
        let dir = Utf8PathBuf::from_path_buf(root.path().join("drizzle")).unwrap();
        Self { _root: root, dir }
    }

    /// Made by the real drizzle-kit 0.31: one generated and one custom migration.
    fn by_drizzle_kit() -> Self {
        let project = Self::empty();
        let from = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/kit_0_31");
        fs::create_dir_all(project.dir.join("meta")).unwrap();
        for inside in [
            "0000_first.sql",
            "0001_mine.sql",
            "meta/_journal.json",
            "meta/0000_snapshot.json",
            "meta/0001_snapshot.json",
        ] {
            fs::copy(from.join(inside), project.dir.join(inside)).unwrap();
        }
        project
    }

    fn folder(&self) -> Folder {
        Folder::read_shown_as(&self.dir, "drizzle").unwrap()
    }

    fn write(&self, new: &[NewMigration<'_>]) -> Result<Vec<Written>> {
        write(&self.folder(), new, &options())
    }

    fn text(&self, inside: &str) -> String {
        fs::read_to_string(self.dir.join(inside)).unwrap()
    }

    /// Every file with its text.
    fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        for inside in ["", "meta"] {
            let Ok(entries) = fs::read_dir(self.dir.join(inside)) else {
                continue;
            };
            for entry in entries.map(|entry| entry.unwrap()) {
                if entry.file_type().unwrap().is_file() {
                    let name = entry.file_name().into_string().unwrap();
                    let text = fs::read_to_string(entry.path()).unwrap();
                    files.insert(format!("{inside}/{name}"), text);
                }
            }
        }
        files
    }
}

fn options() -> Options {
    Options {
        now: 1_800_000_000_000,
        ..Options::default()
    }
}

fn generated(name: &str, chunks: &[&str]) -> NewMigration<'static> {
    let mut snapshot = Snapshot::default();
    snapshot.schemas.insert(name.to_owned(), name.to_owned());
    NewMigration {
        name: Some(name.to_owned()),
        chunks: chunks.iter().map(|&chunk| chunk.to_owned()).collect(),
        kind: Kind::Generated,
        draft: false,
        snapshot: Some(Cow::Owned(snapshot)),
        decisions: Decisions::default(),
        scopes: None,
    }
}

fn custom(name: &str) -> NewMigration<'static> {
    NewMigration {
        chunks: Vec::new(),
        kind: Kind::Custom,
        draft: false,
        snapshot: None,
        ..generated(name, &[])
    }
}

#[test]
fn the_first_migration_makes_the_folder_as_drizzle_kit_does() {
    let project = Project::empty();
    let mut new = generated("init", &["CREATE SCHEMA \"a\";\n", "CREATE SCHEMA \"b\";"]);
    new.decisions.renames.push("a=b".to_owned());
    assert_eq!(
        project.write(&[new]).unwrap(),
        [Written {
            tag: "0000_init".to_owned(),
            script: "drizzle/0000_init.sql".to_owned(),
            snapshot: "drizzle/meta/0000_snapshot.json".to_owned(),
        }]
    );
    assert_eq!(
        project.files().into_keys().collect::<Vec<_>>(),
        [
            "/0000_init.sql",
            "meta/0000_snapshot.json",
            "meta/_driftless.json",
            "meta/_journal.json"
        ]
    );
    assert_eq!(
        project.text("0000_init.sql"),
        "CREATE SCHEMA \"a\";\n--> statement-breakpoint\nCREATE SCHEMA \"b\";"
    );
    assert_eq!(
        project.text("meta/_journal.json"),
        "{\n  \"version\": \"7\",\n  \"dialect\": \"postgresql\",\n  \"entries\": [\n    {\n      \
         \"idx\": 0,\n      \"version\": \"7\",\n      \"when\": 1800000000000,\n      \
         \"tag\": \"0000_init\",\n      \"breakpoints\": true\n    }\n  ]\n}"
    );
    let folder = project.folder();
    let snapshot = folder.newest_snapshot().unwrap();
    assert_eq!(snapshot.prev_id, crate::snapshot::ORIGIN);
    assert_eq!(
        uuid::Uuid::parse_str(&snapshot.id)
            .unwrap()
            .get_version_num(),
        4
    );
    let facts = &folder.migrations[0].record.as_ref().unwrap().facts;
    assert_eq!(facts.hash, folder.migrations[0].script().unwrap().hash);
    assert_eq!(
        facts.state.as_deref(),
        Some(snapshot.fingerprint().as_str())
    );
    assert_eq!(facts.decisions.renames, ["a=b"]);
}

#[test]
fn without_breakpoints_statements_are_joined_by_newlines() {
    let project = Project::empty();
    let options = Options {
        breakpoints: false,
        ..options()
    };
    write(
        &project.folder(),
        &[generated("x", &["select 1;", "select 2;"])],
        &options,
    )
    .unwrap();
    assert_eq!(project.text("0000_x.sql"), "select 1;\nselect 2;");
    assert!(
        project
            .text("meta/_journal.json")
            .contains("\"breakpoints\": false")
    );
}

#[test]
fn two_migrations_of_one_plan_follow_each_other() {
    let project = Project::empty();
    project
        .write(&[
            generated("a", &["select 1;"]),
            generated("b", &["select 2;"]),
        ])
        .unwrap();
    let folder = project.folder();
    let ids: Vec<(&str, &str)> = folder
        .migrations
        .iter()
        .map(|one| one.snapshot.as_ref().unwrap().read().unwrap())
        .map(|snapshot| (snapshot.prev_id.as_str(), snapshot.id.as_str()))
        .collect();
    assert_eq!(ids[0].0, crate::snapshot::ORIGIN);
    assert_eq!(ids[1].0, ids[0].1);
    let times: Vec<i64> = folder
        .journal
        .entries
        .iter()
        .map(crate::journal::Entry::when)
        .collect();
    assert_eq!(times, [1_800_000_000_000, 1_800_000_000_001]);
}

#[test]
fn a_folder_of_drizzle_kit_is_recorded_by_the_first_write() {
    let project = Project::by_drizzle_kit();
    let before = project.text("meta/_journal.json");
    project.write(&[generated("more", &["select 1;"])]).unwrap();
    let folder = project.folder();
    let recorded: Vec<(&str, Kind)> = folder
        .record
        .lines
        .iter()
        .map(|line| (line.tag.as_str(), line.facts.kind))
        .collect();
    assert_eq!(
        recorded,
        [
            ("0000_first", Kind::Generated),
            ("0002_more", Kind::Generated)
        ],
        "the custom one is still the bare template"
    );
    let after = project.text("meta/_journal.json");
    assert!(after.starts_with(before.trim_end_matches("\n  ]\n}")));
    assert_eq!(folder.journal.entries[2].idx(), 2);
    assert_eq!(folder.kind("0001_mine"), Kind::Custom);
}

#[test]
fn a_custom_migration_is_a_template_that_is_recorded_once_it_is_written() {
    let project = Project::empty();
    project.write(&[generated("init", &["select 1;"])]).unwrap();
    project.write(&[custom("policies")]).unwrap();
    assert_eq!(
        project.text("0001_policies.sql"),
        "-- Custom SQL migration file, put your code below! --"
    );
    let folder = project.folder();
    assert!(folder.migrations[1].record.is_none());
    let states: Vec<Snapshot> = folder
        .migrations
        .iter()
        .map(|one| one.snapshot.as_ref().unwrap().read().unwrap().clone())
        .collect();
    assert!(states[0].same_state(&states[1]));
    assert_eq!(states[1].prev_id, states[0].id);

    assert_eq!(record(&folder).unwrap(), [] as [&str; 0]);
    fs::write(
        project.dir.join("0001_policies.sql"),
        "ALTER TABLE a ENABLE ROW LEVEL SECURITY;",
    )
    .unwrap();
    assert_eq!(record(&project.folder()).unwrap(), ["0001_policies"]);
    let line = project.folder().migrations[1].record.clone().unwrap();
    assert_eq!(line.facts.kind, Kind::Custom);
    assert_eq!(record(&project.folder()).unwrap(), [] as [&str; 0]);
}

#[test]
fn recording_one_in_the_middle_renews_the_chain_behind_it() {
    let project = Project::empty();
    project.write(&[generated("a", &["select 1;"])]).unwrap();
    project.write(&[custom("b")]).unwrap();
    project.write(&[generated("c", &["select 3;"])]).unwrap();
    fs::write(project.dir.join("0001_b.sql"), "select 2;").unwrap();
    project.write(&[generated("d", &["select 4;"])]).unwrap();
    let mut before = String::new();
    for line in project.folder().record.lines {
        assert_eq!(
            line.facts.chain,
            record::chain(&before, &line.tag, &line.facts.hash)
        );
        before = line.facts.chain;
    }
}

#[test]
fn the_line_of_an_edited_migration_stays_as_recorded() {
    let project = Project::empty();
    project.write(&[generated("a", &["select 1;"])]).unwrap();
    let before = project.folder().record.lines[0].clone();
    fs::write(project.dir.join("0000_a.sql"), "select 2;").unwrap();
    project.write(&[generated("b", &["select 3;"])]).unwrap();
    assert_eq!(project.folder().record.lines[0], before);
}

#[test]
fn time_never_goes_back_even_if_the_clock_does() {
    let project = Project::empty();
    for now in [2_000, 1_000, 5_000] {
        let options = Options { now, ..options() };
        write(
            &project.folder(),
            &[generated("x", &["select 1;"])],
            &options,
        )
        .unwrap();
    }
    let journal = project.folder().journal;
    let times: Vec<i64> = journal
        .entries
        .iter()
        .map(crate::journal::Entry::when)
        .collect();
    assert_eq!(times, [2_000, 2_001, 5_000]);
}

#[test]
fn a_number_on_disk_is_not_used_again() {
    let project = Project::empty();
    fs::create_dir_all(&project.dir).unwrap();
    fs::write(project.dir.join("0000_not_listed.sql"), "select 0;").unwrap();
    let written = project.write(&[generated("x", &["select 1;"])]).unwrap();
    assert_eq!(written[0].tag, "0001_x");
}

#[test]
fn every_prefix_is_found_again() {
    for prefix in [Prefix::Index, Prefix::Timestamp, Prefix::Unix, Prefix::None] {
        let project = Project::empty();
        let options = Options {
            prefix,
            ..options()
        };
        for name in ["a", "b"] {
            write(
                &project.folder(),
                &[generated(name, &["select 1;"])],
                &options,
            )
            .unwrap();
        }
        let folder = project.folder();
        assert_eq!(folder.migrations.len(), 2, "{prefix:?}");
        assert!(
            folder
                .migrations
                .iter()
                .all(|one| one.script.is_some() && one.snapshot.is_some())
        );
        assert!(folder.unlisted_scripts.is_empty() && folder.unlisted_snapshots.is_empty());
        assert_eq!(
            folder
                .newest_snapshot()
                .unwrap()
                .schemas
                .keys()
                .collect::<Vec<_>>(),
            ["b"]
        );
        assert_eq!(
            folder.newest_by_name().unwrap().file_name(),
            folder.newest().unwrap().1.file_name(),
            "drizzle-kit goes on from the same state"
        );
    }
}

#[test]
fn an_existing_name_is_not_overwritten() {
    let project = Project::empty();
    let options = Options {
        prefix: Prefix::None,
        ..options()
    };
    write(
        &project.folder(),
        &[generated("x", &["select 1;"])],
        &options,
    )
    .unwrap();
    let before = project.files();
    assert_eq!(
        spell(
            &write(
                &project.folder(),
                &[generated("x", &["select 2;"])],
                &options
            )
            .unwrap_err()
        ),
        "error[migration-name-exists] drizzle/_x.sql exists already, nothing was written\n\
         note: the folder is as it was\n\
         help: give another name: driftless generate --name add_invoices"
    );
    assert_eq!(project.files(), before);
}

#[test]
fn a_folder_in_disorder_is_not_built_upon() {
    let project = Project::by_drizzle_kit();
    fs::remove_file(project.dir.join("0000_first.sql")).unwrap();
    assert_eq!(
        spell(&project.write(&[custom("x")]).unwrap_err()),
        "error[migration-file-missing] drizzle/0000_first.sql is missing, the journal lists it as \
         index 0\n\
         help: restore the file: git checkout -- drizzle/0000_first.sql\n\
         help: if it was never committed, ask whoever made it to push it"
    );
}

#[test]
fn a_statement_with_the_separator_in_it_is_refused() {
    let project = Project::empty();
    let failure = project
        .write(&[generated(
            "x",
            &["INSERT INTO a VALUES ('\n--> statement-breakpoint\n');"],
        )])
        .unwrap_err();
    assert_eq!(
        spell_all(failure.diagnostics()),
        "error[breakpoint-in-statement] a statement contains the text `--> statement-breakpoint`, \
         at which it would be cut in two\n\
         note: the statement starts with: INSERT INTO a VALUES ('\n\
         help: write that text differently in the schema, for example as two joined strings"
    );
    assert!(!project.dir.exists());
}

#[test]
fn nothing_to_write_touches_nothing() {
    let project = Project::empty();
    assert_eq!(project.write(&[]).unwrap(), []);
    assert!(!project.dir.exists());
}
