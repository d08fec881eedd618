use super::*;
use crate::testing::{spell, spell_all};

const KIT: &str = include_str!("../../tests/fixtures/kit_0_31/meta/_journal.json");

fn read(text: &str) -> Result<Journal> {
    Journal::parse(&SourceFile::new("meta/_journal.json", text))
}

fn refusal(text: &str) -> String {
    spell(&read(text).unwrap_err())
}

/// A journal of `(idx, when, tag)`, one entry per line from line 2 on.
fn journal(entries: &[(u64, i64, &str)]) -> Journal {
    let lines: Vec<String> = entries
        .iter()
        .map(|(idx, when, tag)| {
            format!(
                r#"{{"idx":{idx},"version":"7","when":{when},"tag":"{tag}","breakpoints":true}}"#
            )
        })
        .collect();
    let text = format!(
        "{{\"version\":\"7\",\"dialect\":\"postgresql\",\"entries\":[\n{}\n]}}",
        lines.join(",\n")
    );
    read(&text).unwrap()
}

#[test]
fn what_drizzle_kit_wrote_is_written_back_byte_for_byte() {
    assert_eq!(read(KIT).unwrap().to_json(), KIT);
    let empty = r#"{"version":"7","dialect":"postgresql","entries":[]}"#;
    assert_eq!(read(empty).unwrap().to_json(), empty);
    assert_eq!(Journal::empty("x").to_json(), empty);
}

#[test]
fn an_added_entry_is_spelled_as_drizzle_kit_spells_it() {
    let mut short = read(KIT).unwrap();
    let last = short.entries.pop().unwrap();
    short.push(last.idx, last.when, &last.tag, last.breakpoints);
    assert_eq!(short.to_json(), KIT);
}

#[test]
fn unknown_keys_and_their_order_are_kept() {
    let text = "{\n  \"note\": {\n    \"z\": 1,\n    \"a\": [\n      null,\n      1.5\n    ]\n  },\n  \
                \"version\": \"7\",\n  \"dialect\": \"postgresql\",\n  \"entries\": [\n    {\n      \
                \"tag\": \"0000_a\",\n      \"by\": \"me\",\n      \"when\": 5,\n      \"idx\": 0,\n      \
                \"version\": \"7\"\n    }\n  ],\n  \"end\": true\n}";
    let journal = read(text).unwrap();
    assert_eq!(journal.to_json(), text);
    assert!(journal.entries[0].breakpoints());
}

#[test]
fn versions_5_and_6_and_the_dialect_pg_are_read() {
    for (version, dialect) in [("5", "pg"), ("6", "postgresql"), ("6", "pg")] {
        let text = KIT
            .replacen("\"7\"", &format!("\"{version}\""), 1)
            .replacen("postgresql", dialect, 1);
        assert_eq!(read(&text).unwrap().entries.len(), 2);
    }
}

#[test]
fn every_entry_knows_its_place() {
    let journal = read(KIT).unwrap();
    let places: Vec<&str> = journal
        .entries
        .iter()
        .map(|entry| &KIT[entry.range()])
        .collect();
    assert_eq!(places, [r#""tag": "0000_first""#, r#""tag": "0001_mine""#]);
    assert_eq!(journal.entries[1].prefix(), "0001");
}

#[test]
fn an_orderly_journal_has_no_problems() {
    assert_eq!(spell_all(&read(KIT).unwrap().problems()), "");
    assert_eq!(spell_all(&journal(&[]).problems()), "");
}

#[test]
fn one_tag_twice_is_named() {
    assert_eq!(
        spell_all(&journal(&[(0, 1, "0000_a"), (1, 2, "0000_a")]).problems()),
        "error[journal-duplicate-tag] 0000_a is listed twice, so it would run twice\n\
         at meta/_journal.json:3:33\n\
         at meta/_journal.json:2:33 the other one\n\
         help: delete one of the two entries from meta/_journal.json"
    );
}

#[test]
fn two_branches_with_one_index_are_named() {
    assert_eq!(
        spell_all(
            &journal(&[
                (0, 1, "0000_a"),
                (1, 2, "0001_b"),
                (1, 3, "0001_c"),
                (2, 4, "0002_d")
            ])
            .problems()
        ),
        "error[journal-duplicate-index] 0001_b and 0001_c both have index 1, two branches made a \
         migration from the same state\n\
         at meta/_journal.json:4:33\n\
         at meta/_journal.json:3:33 the other one\n\
         help: run `driftless rebase`: the younger branch's migrations get new numbers behind the \
         other's, and are generated again on top of them"
    );
}

#[test]
fn a_gap_is_a_warning() {
    for (idx, missing) in [(2, "index 1 is"), (4, "indexes 1 to 3 are")] {
        assert_eq!(
            spell_all(&journal(&[(0, 1, "0000_a"), (idx, 2, "x_b")]).problems()),
            format!(
                "warning[journal-index-gap] {missing} missing from the journal before x_b\n\
                 at meta/_journal.json:3:33\n\
                 note: `drizzle-kit drop` leaves such a gap, and so does a merge that lost an entry\n\
                 help: if a migration was lost in a merge, restore its file, snapshot and journal \
                 entry from git; otherwise leave it"
            )
        );
    }
}

#[test]
fn an_index_that_goes_back_is_an_error() {
    let found = spell_all(&journal(&[(1, 1, "0001_a"), (0, 2, "0000_b")]).problems());
    assert!(
        found.ends_with(
            "error[journal-index-order] 0000_b has index 0 and is listed after index 1\n\
             at meta/_journal.json:3:33\n\
             help: put the entries back in the order in which they were made"
        ),
        "{found}"
    );
}

#[test]
fn a_time_that_does_not_increase_is_an_error() {
    for (when, relation) in [(4, "older than"), (5, "as old as")] {
        assert_eq!(
            spell_all(
                &journal(&[(0, 5, "0000_a"), (1, when, "0001_b"), (2, 9, "0002_c")]).problems()
            ),
            format!(
                "error[journal-when-not-increasing] 0001_b would never run where 0000_a has run, \
                 its `when` is {relation} that one's\n\
                 at meta/_journal.json:3:33\n\
                 at meta/_journal.json:2:33 the other one\n\
                 note: `when` is {when} and 5\n\
                 help: if no database has 0001_b yet, set its `when` to 6 in meta/_journal.json"
            )
        );
    }
}

#[test]
fn what_cannot_be_read_is_refused_by_name() {
    for (text, expected) in [
        (
            KIT.replacen("\"7\"", "\"9\"", 1),
            "error[journal-unknown-version] meta/_journal.json cannot be read, its version is \
             \"9\" and Driftless reads 5, 6 and 7\n\
             at meta/_journal.json:2:14\n\
             help: update Driftless, or restore the file from git",
        ),
        (
            KIT.replacen("postgresql", "sqlite", 1),
            "error[journal-wrong-dialect] meta/_journal.json is not a journal of Postgres \
             migrations, its dialect is sqlite\n\
             at meta/_journal.json:3:14\n\
             help: set `out` in the config to the migrations folder of the Postgres schema",
        ),
        (
            KIT.replacen("\"tag\": \"0001_mine\"", "\"tag\": 1", 1),
            "error[journal-malformed] meta/_journal.json is not a valid journal: invalid type: \
             integer `1`, expected a string\n\
             at meta/_journal.json:16:14\n\
             note: in field entries[1].tag\n\
             help: restore the file from git: git checkout -- meta/_journal.json",
        ),
        (
            KIT.replacen("0001_mine", "../../0001", 1),
            "error[journal-malformed] meta/_journal.json lists the tag \"../../0001\", which \
             cannot be a file name\n\
             at meta/_journal.json:16:7\n\
             help: write the name of the migration's file without `.sql`",
        ),
        (
            KIT.replacen("    },\n    {", "    }\n    {", 1),
            "error[journal-malformed] meta/_journal.json is not valid JSON: expected `,` or `]`\n\
             at meta/_journal.json:12:5\n\
             note: in field entries\n\
             help: restore the file from git: git checkout -- meta/_journal.json",
        ),
        (
            KIT.replacen(
                "    {\n      \"idx\": 1",
                "<<<<<<< HEAD\n    {\n      \"idx\": 1",
                1,
            ),
            "error[conflict-markers] meta/_journal.json holds a git merge conflict at line 12 and \
             cannot be read\n\
             at meta/_journal.json:12:1 git left this line\n\
             help: run `driftless rebase`: it reads both sides, moves the migrations of the one \
             behind the other's, and writes the file anew",
        ),
    ] {
        assert_eq!(refusal(&text), expected);
    }
}
