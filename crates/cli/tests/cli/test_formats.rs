//! Findings for other programs: SARIF, annotations, JUnit, JSON.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::json_schema;
use crate::project::TestProject;

const USERS: &str = "export const users = pgTable('users', {
  id: serial().primaryKey(),
  name: text().notNull(),
});";

/// A project below the top of a repository, with an error with two places, an error without one, a
/// warning and a piece of information.
fn in_repository() -> TestProject {
    let project = TestProject::generated(USERS);
    project.succeeds(&["generate", "--custom", "--name", "two words"]);
    project.edit("drizzle/meta/_journal.json", "\"idx\": 1", "\"idx\": 3");
    project.edit("drizzle/0000_first.sql", "text", "varchar(9)");
    project.write("drizzle/0009_mine.sql", "SELECT 1;");
    let above = TestProject::empty();
    std::fs::create_dir_all(above.path().join(".git")).unwrap();
    let api = above.path().join("apps/my api");
    std::fs::create_dir_all(api.parent().unwrap()).unwrap();
    std::fs::rename(project.path(), api).unwrap();
    // Its folder is gone already when it wants to remove it.
    drop(project);
    above
}

const CHECK: [&str; 4] = ["-C", "apps/my api", "check", "--format"];

fn check(project: &TestProject, format: &str) -> String {
    project.run(&[&CHECK[..], &[format]].concat())
}

#[test]
fn github() {
    insta::assert_snapshot!(check(&in_repository(), "github"), @r"
    exit 1
    --- stdout
    ::warning file=apps/my api/drizzle/meta/_journal.json,line=16,endLine=16,col=7,endColumn=30,title=journal-index-gap::indexes 1 to 2 are missing from the journal before 0001_two_words%0Anote: `drizzle-kit drop` leaves such a gap, and so does a merge that lost an entry%0Ahelp: if a migration was lost in a merge, restore its file, snapshot and journal entry from git; otherwise leave it
    ::error title=migration-not-in-journal::drizzle/0009_mine.sql never runs, the journal does not list it%0Ahelp: if a branch or a merge lost its entry, restore drizzle/meta/_journal.json and the snapshot from git%0Ahelp: if you wrote it by hand, run `driftless generate --custom --name mine` and move the SQL into the file that it makes
    ::error file=apps/my api/drizzle/meta/_driftless.json,line=2,endLine=2,col=3,endColumn=15,title=migration-edited::drizzle/0000_first.sql was edited after it was recorded, its statements differ%0Anote: recorded as sha256 [SHA256]%0Anote: now it is   sha256 [SHA256]%0Ahelp: restore it (`git log -p -- drizzle/0000_first.sql` shows the edit) and put the change into a new migration%0Ahelp: if no database has run it yet, `driftless record --edited 0000_first` takes its text as it is now
    ::notice file=apps/my api/drizzle/meta/_journal.json,line=16,endLine=16,col=7,endColumn=30,title=migration-not-recorded::0001_two_words is not recorded yet, an edit of it would not be noticed offline%0Ahelp: run `driftless record`; the next `driftless generate` that writes one records it too
    check failed: 2 findings
    ");
}

#[test]
fn junit() {
    insta::assert_snapshot!(check(&in_repository(), "junit"), @r#"
    exit 1
    --- stdout
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="driftless" tests="4" failures="2" errors="0" skipped="0">
      <testsuite name="driftless check" tests="4" failures="2" errors="0" skipped="0">
        <testcase classname="driftless.journal-index-gap" name="indexes 1 to 2 are missing from the journal before 0001_two_words" file="apps/my api/drizzle/meta/_journal.json" line="16">
          <system-out>drizzle/meta/_journal.json:16:7: warning[journal-index-gap]: indexes 1 to 2 are missing from the journal before 0001_two_words&#10;note: `drizzle-kit drop` leaves such a gap, and so does a merge that lost an entry&#10;help: if a migration was lost in a merge, restore its file, snapshot and journal entry from git; otherwise leave it</system-out>
        </testcase>
        <testcase classname="driftless.migration-not-in-journal" name="drizzle/0009_mine.sql never runs, the journal does not list it">
          <failure type="migration-not-in-journal" message="drizzle/0009_mine.sql never runs, the journal does not list it">error[migration-not-in-journal]: drizzle/0009_mine.sql never runs, the journal does not list it&#10;help: if a branch or a merge lost its entry, restore drizzle/meta/_journal.json and the snapshot from git&#10;help: if you wrote it by hand, run `driftless generate --custom --name mine` and move the SQL into the file that it makes</failure>
        </testcase>
        <testcase classname="driftless.migration-edited" name="drizzle/0000_first.sql was edited after it was recorded, its statements differ" file="apps/my api/drizzle/meta/_driftless.json" line="2">
          <failure type="migration-edited" message="drizzle/0000_first.sql was edited after it was recorded, its statements differ">drizzle/meta/_driftless.json:2:3: error[migration-edited]: drizzle/0000_first.sql was edited after it was recorded, its statements differ&#10;note: recorded as sha256 [SHA256]&#10;note: now it is   sha256 [SHA256]&#10;help: restore it (`git log -p -- drizzle/0000_first.sql` shows the edit) and put the change into a new migration&#10;help: if no database has run it yet, `driftless record --edited 0000_first` takes its text as it is now</failure>
        </testcase>
        <testcase classname="driftless.migration-not-recorded" name="0001_two_words is not recorded yet, an edit of it would not be noticed offline" file="apps/my api/drizzle/meta/_journal.json" line="16">
          <system-out>drizzle/meta/_journal.json:16:7: info[migration-not-recorded]: 0001_two_words is not recorded yet, an edit of it would not be noticed offline&#10;help: run `driftless record`; the next `driftless generate` that writes one records it too</system-out>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
    let sound = TestProject::generated(USERS);
    insta::assert_snapshot!(sound.run(&["check", "--format", "junit"]), @r#"
    exit 0
    --- stdout
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="driftless" tests="1" failures="0" errors="0" skipped="0">
      <testsuite name="driftless check" tests="1" failures="0" errors="0" skipped="0">
        <testcase classname="driftless" name="check"/>
      </testsuite>
    </testsuites>
    "#);
}

/// One result with a place, one without, and what is said about their rules.
#[test]
fn sarif() {
    let log: Value = serde_json::from_str(&sarif_of(&in_repository(), &CHECK)).unwrap();
    let run = &log["runs"][0];
    let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap();
    insta::assert_snapshot!(pretty(&run["results"][1]), @r#"
    {
      "level": "error",
      "locations": [
        {
          "physicalLocation": {
            "artifactLocation": {
              "uri": "apps/my%20api/drizzle.config.ts",
              "uriBaseId": "%SRCROOT%"
            }
          }
        }
      ],
      "message": {
        "text": "drizzle/0009_mine.sql never runs, the journal does not list it\nhelp: if a branch or a merge lost its entry, restore drizzle/meta/_journal.json and the snapshot from git\nhelp: if you wrote it by hand, run `driftless generate --custom --name mine` and move the SQL into the file that it makes"
      },
      "ruleId": "migration-not-in-journal",
      "ruleIndex": 1
    }
    "#);
    insta::assert_snapshot!(pretty(&run["results"][3]), @r#"
    {
      "level": "note",
      "locations": [
        {
          "physicalLocation": {
            "artifactLocation": {
              "uri": "apps/my%20api/drizzle/meta/_journal.json",
              "uriBaseId": "%SRCROOT%"
            },
            "region": {
              "endColumn": 30,
              "endLine": 16,
              "startColumn": 7,
              "startLine": 16
            }
          }
        }
      ],
      "message": {
        "text": "0001_two_words is not recorded yet, an edit of it would not be noticed offline\nhelp: run `driftless record`; the next `driftless generate` that writes one records it too"
      },
      "ruleId": "migration-not-recorded",
      "ruleIndex": 3
    }
    "#);
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let about: Vec<_> = rules
        .iter()
        .map(|rule| format!("{}: {}", rule["id"], rule["shortDescription"]["text"]))
        .collect();
    insta::assert_snapshot!(about.join("\n"), @r#"
    "journal-index-gap": "Finds an index that is missing from the journal (a warning) and entries that are not in the order of their indexes (an error)."
    "migration-not-in-journal": "Finds `.sql` files in the folder that the journal does not list."
    "migration-edited": "Compares every migration's file with the hash that `meta/_driftless.json` recorded, without a database, and says whether only line endings (a warning), only comments or whitespace, or statements differ."
    "migration-not-recorded": "Says which migrations have no line in `meta/_driftless.json`, once the file is there."
    "#);
    assert!(
        rules
            .iter()
            .all(|rule| rule["help"]["markdown"].is_string())
    );
}

fn sarif_of(project: &TestProject, args: &[&str]) -> String {
    let args: Vec<&str> = args
        .iter()
        .copied()
        .filter(|arg| *arg != "--format")
        .collect();
    let args = [&args[..], &["--format", "sarif"]].concat();
    let output = project.command(&args).output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    String::from_utf8(output.stdout).unwrap()
}

/// The schema that the standard publishes.
#[test]
fn sarif_is_what_the_standard_says() {
    let schema: Value = serde_json::from_str(include_str!("../sarif-schema-2.1.0.json")).unwrap();
    let problems =
        |text: &str| json_schema::problems(&schema, &serde_json::from_str(text).unwrap());
    let none: Vec<String> = Vec::new();
    let text = sarif_of(&in_repository(), &CHECK);
    assert_eq!(problems(&text), none);
    let sound = TestProject::generated(USERS);
    for args in [
        &["check"][..],
        &["generate", "--check"],
        &["scratch", "--scratch-url", "nowhere"],
    ] {
        assert_eq!(problems(&sarif_of(&sound, args)), none, "{args:?}");
    }
    // The schema is looked at, and objects.
    for (old, new, problem) in [
        (
            "\"level\": \"error\"",
            "\"level\": \"fatal\"",
            "/runs/0/results/1/level: is none of the values",
        ),
        (
            "\"version\": \"2.1.0\"",
            "\"version\": \"2.1.1\"",
            "/version: is none of the values",
        ),
        (
            "\"startLine\": 16",
            "\"startLine\": 0",
            "/runs/0/results/0/locations/0/physicalLocation/region/startLine: is less than 1",
        ),
        (
            "\"ruleId\"",
            "\"ruleName\"",
            "/runs/0/results/0: ruleName is not expected",
        ),
        (
            "\"uri\": \"apps",
            "\"uri\": \"ap ps",
            "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri: is no URI reference",
        ),
    ] {
        let broken = text.replacen(old, new, 1);
        assert_ne!(broken, text);
        assert_eq!(problems(&broken).first().map(String::as_str), Some(problem));
    }
}

#[test]
fn what_fails_the_check_is_a_choice() {
    let project = TestProject::generated(USERS);
    project.edit("drizzle/meta/_journal.json", "\"idx\": 0", "\"idx\": 3");
    for (fail_on, code) in [
        ("error", "exit 0"),
        ("warning", "exit 1"),
        ("info", "exit 1"),
    ] {
        let told = project.run(&["check", "--fail-on", fail_on]);
        assert!(told.starts_with(code), "{fail_on}: {told}");
        assert_eq!(
            told.contains("check failed: 1 finding"),
            code == "exit 1",
            "{fail_on}: {told}"
        );
        let (_, json) = project.json(&["check", "--fail-on", fail_on]);
        assert_eq!(json["exit_code"], i32::from(code == "exit 1"));
    }
    let told = project.run(&["check", "--fail-on", "fatal"]);
    assert!(told.starts_with("exit 64"), "{told}");
}

/// Every key that a command prints is in docs/json.md.
#[test]
fn the_json_is_documented() {
    let docs = include_str!("../../../../docs/json.md");
    let mut keys = BTreeSet::new();
    let project = TestProject::generated(USERS);
    project.schema(&USERS.replace("name:", "title:"));
    collect(&project.json(&["check"]).1, &mut keys);
    collect(&project.json(&["generate"]).1, &mut keys);
    project.schema(&USERS.replace("name: text().notNull()", "name: text()"));
    collect(&project.json(&["check"]).1, &mut keys);
    collect(
        &project.json(&["generate", "--name", "second"]).1,
        &mut keys,
    );
    project.edit("drizzle/meta/_journal.json", "0001_second", "0000_first");
    collect(&project.json(&["check"]).1, &mut keys);
    let unknown: Vec<_> = keys
        .iter()
        .filter(|key| !docs.contains(&format!("`{key}`")))
        .collect();
    assert!(
        unknown.is_empty(),
        "docs/json.md does not say what these are: {unknown:?}"
    );
    for key in [
        "command",
        "exit_code",
        "place",
        "related",
        "candidates",
        "hazards",
        "written",
    ] {
        assert!(keys.contains(key), "{key} is among {keys:?}");
    }
}

fn collect(value: &Value, keys: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                keys.insert(key.clone());
                collect(value, keys);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, keys)),
        _ => {}
    }
}
