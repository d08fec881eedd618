use super::*;
use crate::testing::spell;

fn read(text: &str) -> Result<Record> {
    Record::parse(&SourceFile::new("meta/_driftless.json", text))
}

fn two_lines() -> Record {
    let mut record = Record::empty("meta/_driftless.json");
    for (tag, text, decisions) in [
        ("0000_init", "select 1;", Decisions::default()),
        (
            "0001_rename",
            "select 2;",
            Decisions {
                renames: vec!["users.name=users.full_name".to_owned()],
                creates: vec![],
            },
        ),
    ] {
        let before = record
            .lines
            .last()
            .map_or("", |line| &line.facts.chain)
            .to_owned();
        record.lines.push(Line {
            tag: tag.to_owned(),
            range: 0..0,
            facts: Facts::of(&before, tag, text, Kind::Generated, None, decisions),
        });
    }
    record
}

#[test]
fn a_file_has_one_line_per_migration_and_a_last_line_that_never_changes() {
    let text = two_lines().to_json();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 5);
    assert!(lines[1].starts_with(r#"  "0000_init": {"kind":"generated","hash":"354b7196"#));
    assert!(lines[2].ends_with(r#""decisions":{"renames":["users.name=users.full_name"]}},"#));
    assert_eq!(lines[3..], ["  \"version\": 1", "}"]);
    assert!(text.ends_with("}\n"));
}

#[test]
fn what_was_written_is_read_back() {
    let written = two_lines();
    let read = read(&written.to_json()).unwrap();
    assert_eq!(read.to_json(), written.to_json());
    assert_eq!(
        read.find("0001_rename").unwrap().facts,
        written.lines[1].facts
    );
    assert_eq!(
        &read.source().text()[read.lines[1].range.clone()],
        "\"0001_rename\""
    );
}

#[test]
fn the_hash_is_the_one_of_sha256sum_and_the_chain_follows_from_it() {
    let record = two_lines();
    let [first, second] = [&record.lines[0].facts, &record.lines[1].facts];
    assert_eq!(
        first.hash,
        "354b7196c9ba5fb4b21cf615bb6ec4cd5c07503c34229feef033fc081a8c03f4"
    );
    assert_eq!(first.chain, chain("", "0000_init", &first.hash));
    assert_eq!(
        second.chain,
        chain(&first.chain, "0001_rename", &second.hash)
    );
}

#[test]
fn what_cannot_be_read_is_refused_by_name() {
    let good = two_lines().to_json();
    for (text, expected) in [
        (
            good.replace("\"version\": 1", "\"version\": 2"),
            "error[record-unknown-version] meta/_driftless.json cannot be read, its version is 2 \
             and this Driftless reads 1\n\
             at meta/_driftless.json:4:14\n\
             help: update Driftless: a newer one wrote the file",
        ),
        (
            good.replace(",\n  \"version\": 1", ""),
            "error[record-unknown-version] meta/_driftless.json cannot be read, its version is \
             none and this Driftless reads 1\n\
             at meta/_driftless.json:1:1\n\
             help: restore the file from git: git checkout -- meta/_driftless.json",
        ),
        (
            good.replace("0001_rename", "0000_init"),
            "error[record-malformed] meta/_driftless.json is not a valid record: 0000_init has two \
             lines\n\
             at meta/_driftless.json:3:13\n\
             help: restore the file from git: git checkout -- meta/_driftless.json",
        ),
    ] {
        assert_eq!(spell(&read(&text).unwrap_err()), expected);
    }
}
