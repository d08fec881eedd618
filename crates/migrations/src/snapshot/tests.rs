use super::*;

const RICH: &str = include_str!("../../tests/fixtures/kit_0_31/meta/0000_snapshot.json");
const CUSTOM: &str = include_str!("../../tests/fixtures/kit_0_31/meta/0001_snapshot.json");

fn read(text: &str) -> Result<Snapshot> {
    Snapshot::parse(&SourceFile::new("meta/0000_snapshot.json", text))
}

/// The whole diagnostic as text, with the first place as `line:column`.
fn refusal(text: &str) -> String {
    crate::testing::spell(&read(text).unwrap_err())
}

#[test]
fn what_drizzle_kit_wrote_is_written_back_byte_for_byte() {
    assert_eq!(read(RICH).unwrap().to_json(), RICH);
}

#[test]
fn a_custom_migration_of_drizzle_kit_holds_the_same_state_in_another_spelling() {
    let (before, custom) = (read(RICH).unwrap(), read(CUSTOM).unwrap());
    assert!(before.same_state(&custom));
    assert_eq!(custom.prev_id, before.id);
    let carried = before.carried_on();
    assert!(carried.same_state(&before));
    assert_eq!(carried.prev_id, before.id);
    assert_ne!(carried.id, before.id);
}

#[test]
fn a_changed_state_has_another_fingerprint() {
    let rich = read(RICH).unwrap();
    for (old, new) in [
        ("\"type\": \"text\"", "\"type\": \"citext\""),
        ("\"schemas\": {", "\"functions\": {}, \"schemas\": {"),
        ("\"default\": 3", "\"default\": 4"),
        ("\"using\": \"heap\"", "\"using\": \"other\""),
    ] {
        let changed = read(&RICH.replacen(old, new, 1)).unwrap();
        assert!(!changed.same_state(&rich), "{old} -> {new}");
    }
}

#[test]
fn the_order_of_columns_is_state() {
    let mut changed = read(RICH).unwrap();
    changed.tables["public.users"].columns.swap_indices(0, 1);
    assert!(!changed.same_state(&read(RICH).unwrap()));
}

#[test]
fn versions_5_and_6_become_what_drizzle_kit_up_makes_of_them() {
    for (old, up) in [
        (
            include_str!("../../tests/fixtures/up/v5.json"),
            include_str!("../../tests/fixtures/up/v5_after_up.json"),
        ),
        (
            include_str!("../../tests/fixtures/up/v6.json"),
            include_str!("../../tests/fixtures/up/v6_after_up.json"),
        ),
    ] {
        assert_eq!(read(old).unwrap(), read(up).unwrap());
    }
}

#[test]
fn unknown_top_level_keys_are_kept() {
    let text = RICH.replacen(
        "\"_meta\"",
        "\"functions\": {\n    \"f\": 1\n  },\n  \"_meta\"",
        1,
    );
    let snapshot = read(&text).unwrap();
    assert_eq!(snapshot.other["functions"]["f"], 1);
    assert!(
        snapshot
            .to_json()
            .ends_with("\"functions\": {\n    \"f\": 1\n  }\n}")
    );
}

#[test]
fn a_null_default_is_not_an_absent_one() {
    let text = RICH.replacen("\"default\": 3", "\"default\": null", 1);
    assert_eq!(read(&text).unwrap().to_json(), text);
}

#[test]
fn the_empty_state_is_the_one_drizzle_kit_starts_from() {
    let first = read(RICH).unwrap();
    assert_eq!(first.prev_id, Snapshot::empty().id);
    assert_eq!(Snapshot::empty().tables.len(), 0);
}

#[test]
fn a_truncated_snapshot_is_named_with_its_end() {
    assert_eq!(
        refusal(&RICH[..1000]),
        "error[snapshot-malformed] meta/0000_snapshot.json is cut off, the snapshot ends too early\n\
         at meta/0000_snapshot.json:41:5\n\
         note: in field tables\n\
         help: restore the file from git: git checkout -- meta/0000_snapshot.json"
    );
    assert!(refusal("").starts_with(
        "error[snapshot-malformed] meta/0000_snapshot.json is cut off, the snapshot ends too early"
    ));
}

#[test]
fn an_unknown_field_is_named_with_its_path() {
    let text = RICH.replacen(
        "\"type\": \"text\",",
        "\"type\": \"text\", \"collate\": \"C\",",
        1,
    );
    assert_eq!(
        refusal(&text),
        "error[snapshot-malformed] meta/0000_snapshot.json is not a valid snapshot: unknown field \
         `collate`, expected one of `name`, `type`, `typeSchema`, `primaryKey`, `notNull`, \
         `generated`, `identity`, `default`, `isUnique`, `uniqueName`, `nullsNotDistinct`\n\
         at meta/0000_snapshot.json:19:35\n\
         note: in field tables.ops.members.columns.team.collate\n\
         help: restore the file from git: git checkout -- meta/0000_snapshot.json"
    );
}

#[test]
fn wrong_values_are_named_with_their_path() {
    for (old, new, expected, path) in [
        (
            "\"primaryKey\": false",
            "\"primaryKey\": 0",
            "invalid type: integer `0`, expected a boolean",
            "tables.ops.members.columns.userId.primaryKey",
        ),
        (
            "\"fillfactor\": 50",
            "\"fillfactor\": \"50\"",
            "view option `fillfactor` is \"50\", expected a number",
            "views.ops.sums.with",
        ),
        (
            "\"securityBarrier\"",
            "\"barrier\"",
            "unknown view option `barrier`",
            "views.public.active.with",
        ),
        (
            "\"as\": \"RESTRICTIVE\"",
            "\"as\": \"STRICT\"",
            "unknown variant `STRICT`, expected `PERMISSIVE` or `RESTRICTIVE`",
            "tables.public.users.policies.own.as",
        ),
    ] {
        assert!(RICH.contains(old), "{old}");
        let text = refusal(&RICH.replacen(old, new, 1));
        assert!(text.contains(expected), "{text}");
        assert!(text.contains(&format!("note: in field {path}\n")), "{text}");
    }
}

#[test]
fn other_versions_and_dialects_are_refused_by_name() {
    for (old, new, expected) in [
        (
            "\"version\": \"7\"",
            "\"version\": \"8\"",
            "error[snapshot-unknown-version] meta/0000_snapshot.json cannot be read, its snapshot \
             version is \"8\" and Driftless reads 5, 6 and 7\n\
             at meta/0000_snapshot.json:4:14\n\
             note: versions 8 and 9 are written by drizzle-kit 1.x\n\
             help: go back to the folder as drizzle-kit 0.31 left it, before `drizzle-kit up`",
        ),
        (
            "\"version\": \"7\"",
            "\"version\": \"12\"",
            "error[snapshot-unknown-version] meta/0000_snapshot.json cannot be read, its snapshot \
             version is \"12\" and Driftless reads 5, 6 and 7\n\
             at meta/0000_snapshot.json:4:14\n\
             help: update Driftless, or restore the file from git",
        ),
        (
            "\"version\": \"7\"",
            "\"version\": \"4\"",
            "error[snapshot-unknown-version] meta/0000_snapshot.json cannot be read, its snapshot \
             version is \"4\" and Driftless reads 5, 6 and 7\n\
             at meta/0000_snapshot.json:4:14\n\
             help: upgrade it with `npx drizzle-kit@0.20 up:pg`, then run Driftless again",
        ),
        (
            "\"version\": \"7\",",
            "",
            "error[snapshot-unknown-version] meta/0000_snapshot.json cannot be read, its snapshot \
             version is none and Driftless reads 5, 6 and 7\n\
             at meta/0000_snapshot.json:1:1\n\
             help: restore the file from git",
        ),
        (
            "\"dialect\": \"postgresql\"",
            "\"dialect\": \"mysql\"",
            "error[snapshot-wrong-dialect] meta/0000_snapshot.json is not a snapshot of a Postgres \
             schema, its dialect is mysql\n\
             at meta/0000_snapshot.json:5:14\n\
             help: set `out` in the config to the migrations folder of the Postgres schema",
        ),
    ] {
        assert_eq!(refusal(&RICH.replacen(old, new, 1)), expected);
    }
}

#[test]
fn a_merge_conflict_is_named() {
    let text = RICH.replacen(
        "  \"prevId\"",
        "<<<<<<< HEAD\n  \"prevId\": \"x\",\n=======\n>>>>>>> other\n  \"prevId\"",
        1,
    );
    assert_eq!(
        refusal(&text),
        "error[conflict-markers] meta/0000_snapshot.json holds a git merge conflict at line 3 and \
         cannot be read\n\
         at meta/0000_snapshot.json:3:1 git left this line\n\
         help: run `driftless rebase`: it reads both sides, moves the migrations of the one \
         behind the other's, and writes the file anew"
    );
}

#[test]
fn every_snapshot_of_drizzle_kits_own_cases_is_read_without_loss() {
    let cases = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/corpora/drizzle/generate"
    );
    let Ok(files) = std::fs::read_dir(cases) else {
        println!("skipped: ../shared/corpora is not there");
        return;
    };
    let mut read_back = 0;
    for file in files {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let case: Value = serde_json::from_str(&text).unwrap();
        for side in ["from_snapshot", "to_snapshot"] {
            if case[side].is_object() {
                let written = read(&case[side].to_string()).unwrap().to_json();
                assert_eq!(
                    serde_json::from_str::<Value>(&written).unwrap(),
                    case[side],
                    "{}",
                    case["id"]
                );
                read_back += 1;
            }
        }
    }
    assert!(read_back > 100, "{read_back}");
}
