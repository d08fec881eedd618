use super::*;
use crate::testing::spell;
use std::fs;

/// A folder `drizzle` with these files.
fn on_disk(files: &[(&str, &[u8])]) -> (tempfile::TempDir, Utf8PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let dir = Utf8PathBuf::from_path_buf(root.path().join("drizzle")).unwrap();
    for (inside, bytes) in files {
        let path = dir.join(inside);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    (root, dir)
}

fn read(files: &[(&str, &[u8])]) -> Result<Folder> {
    let (_root, dir) = on_disk(files);
    Folder::read_shown_as(&dir, "drizzle")
}

/// A journal of these tags.
fn journal(tags: &[&str]) -> String {
    let mut journal = Journal::empty("");
    for (at, tag) in tags.iter().enumerate() {
        journal.push(at as u64, 10 + i64::try_from(at).unwrap(), tag, true);
    }
    journal.to_json()
}

fn snapshot(schema: &str) -> String {
    let mut snapshot = Snapshot::empty();
    snapshot
        .schemas
        .insert(schema.to_owned(), schema.to_owned());
    snapshot.to_json()
}

#[test]
fn a_folder_that_is_not_there_is_an_empty_one() {
    let folder = Folder::read(Utf8Path::new("no/such/folder")).unwrap();
    assert!(!folder.exists && folder.migrations.is_empty());
    assert!(
        folder
            .newest_snapshot()
            .unwrap()
            .same_state(&Snapshot::empty())
    );
}

#[test]
fn a_folder_without_a_journal_has_no_migrations() {
    let folder = read(&[("0000_a.sql", b"select 1;"), ("notes.txt", b"")]).unwrap();
    assert!(folder.exists && folder.migrations.is_empty());
    assert_eq!(folder.unlisted_scripts[0].tag, "0000_a");
    assert!(read(&[("meta/.keep", b"")]).unwrap().migrations.is_empty());
}

#[test]
fn files_are_read_exactly_as_they_are() {
    let text = "\u{feff}select 1;\r\n--> statement-breakpoint\r\nselect 2;";
    let folder = read(&[
        ("meta/_journal.json", journal(&["0000_a"]).as_bytes()),
        ("0000_a.sql", text.as_bytes()),
    ])
    .unwrap();
    let script = folder.migrations[0].script().unwrap();
    assert_eq!(script.source.text(), text);
    assert_eq!(script.source.path(), "drizzle/0000_a.sql");
    assert_eq!(script.hash, crate::sha256(text.as_bytes()));
}

#[test]
fn the_newest_snapshot_is_the_last_in_journal_order() {
    let (old, new) = (snapshot("old"), snapshot("new"));
    let folder = read(&[
        (
            "meta/_journal.json",
            journal(&["20260101000000_a", "0001_b", "0002_c"]).as_bytes(),
        ),
        ("meta/20260101000000_snapshot.json", old.as_bytes()),
        ("meta/0001_snapshot.json", new.as_bytes()),
    ])
    .unwrap();
    assert!(
        folder
            .newest_snapshot()
            .unwrap()
            .schemas
            .contains_key("new")
    );
    assert_eq!(folder.newest().unwrap().0.tag(), "0001_b");
    assert_eq!(
        folder.newest_by_name().unwrap().file_name(),
        "20260101000000_snapshot.json"
    );
}

#[test]
fn without_prefixes_drizzle_kits_one_snapshot_belongs_to_one_migration() {
    let folder = read(&[
        ("meta/_journal.json", journal(&["_a"]).as_bytes()),
        ("meta/_snapshot.json", snapshot("x").as_bytes()),
        ("_a.sql", b"select 1;"),
    ])
    .unwrap();
    assert!(folder.migrations[0].snapshot.is_some());
    assert!(folder.unlisted_snapshots.is_empty());
}

#[test]
fn a_kind_nobody_recorded_is_told_from_the_snapshots() {
    let (one, two) = (snapshot("one"), snapshot("two"));
    let folder = read(&[
        (
            "meta/_journal.json",
            journal(&["0000_a", "0001_b", "0002_c", "0003_d"]).as_bytes(),
        ),
        ("meta/0000_snapshot.json", one.as_bytes()),
        ("meta/0001_snapshot.json", one.as_bytes()),
        ("meta/0003_snapshot.json", two.as_bytes()),
    ])
    .unwrap();
    let kinds = ["0000_a", "0001_b", "0002_c", "0003_d"].map(|tag| folder.kind(tag));
    assert_eq!(
        kinds,
        [Kind::Generated, Kind::Custom, Kind::Custom, Kind::Generated]
    );
}

#[test]
fn a_broken_newest_snapshot_is_an_error_only_for_who_builds_on_it() {
    let folder = read(&[
        ("meta/_journal.json", journal(&["0000_a"]).as_bytes()),
        ("meta/0000_snapshot.json", b"{\"version\": \"7\""),
    ])
    .unwrap();
    assert_eq!(
        spell(&folder.newest_snapshot().unwrap_err()),
        "error[snapshot-malformed] drizzle/meta/0000_snapshot.json is cut off, the snapshot ends \
         too early\n\
         at drizzle/meta/0000_snapshot.json:1:15\n\
         help: restore the file from git: git checkout -- drizzle/meta/0000_snapshot.json"
    );
}

#[test]
fn a_folder_of_drizzle_kit_1_is_refused() {
    let failure = read(&[
        ("20260101000000_a/migration.sql", b"select 1;"),
        ("20260101000000_a/snapshot.json", b"{}"),
    ])
    .unwrap_err();
    assert_eq!(
        spell(&failure),
        "error[folder-of-drizzle-kit-1] drizzle is a migrations folder of drizzle-kit 1.x, \
         Driftless reads the one of drizzle-kit 0.31\n\
         note: drizzle/20260101000000_a/snapshot.json is how 1.x stores a migration; 0.31 has a \
         file per migration and meta/_journal.json\n\
         help: restore the folder from before `drizzle-kit up`, or set `out` to a new folder"
    );
}

#[test]
fn text_that_is_not_utf8_is_refused_with_its_line() {
    for (bytes, line, note) in [
        (
            &b"select 1;\nselect '\xe9';"[..],
            2,
            "Postgres and drizzle-orm read migrations as UTF-8",
        ),
        (
            &b"\xff\xfes\0"[..],
            1,
            "the file is UTF-16, as PowerShell's `>` writes it",
        ),
    ] {
        assert_eq!(
            spell(&read(&[("0000_a.sql", bytes)]).unwrap_err()),
            format!(
                "error[file-not-utf8] drizzle/0000_a.sql is not UTF-8 text, line {line} holds an \
                 invalid byte\n\
                 note: {note}\n\
                 help: save the file as UTF-8 without changing its statements"
            )
        );
    }
}

#[test]
fn a_file_in_place_of_the_folder_is_refused() {
    let (_root, dir) = on_disk(&[("file", b"")]);
    let failure = Folder::read_shown_as(&dir.join("file"), "drizzle/file").unwrap_err();
    assert!(spell(&failure).starts_with("error[folder-unreadable] drizzle/file cannot be read\n"));
}
