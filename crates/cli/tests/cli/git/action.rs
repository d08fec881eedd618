//! `action.yml` as a runner of GitHub takes it: each step's script in bash, what stands in `${{ }}`
//! put in, its outputs handed on. What others wrote (`uses`) is left out.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

use super::{NAME, Repository, schema, table};

struct Runner<'a> {
    repository: &'a Repository,
    action: Value,
    /// `inputs.base`, `steps.place.outputs.root`.
    values: BTreeMap<String, String>,
}

fn home() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

impl<'a> Runner<'a> {
    /// A pull request towards `main`, with these inputs besides the defaults.
    fn new(repository: &'a Repository, inputs: &[(&str, &str)]) -> Self {
        let text = std::fs::read_to_string(home().join("action.yml")).unwrap();
        let action: Value = serde_yaml::from_str(&text).unwrap();
        let mut values = BTreeMap::new();
        for (name, input) in action["inputs"].as_object().unwrap() {
            let default = input["default"].as_str().unwrap();
            // The one default that is an expression: what the pull request goes to.
            let default = if name == "base" {
                "origin/main"
            } else {
                default
            };
            values.insert(format!("inputs.{name}"), default.to_owned());
        }
        for (name, value) in inputs {
            values.insert(format!("inputs.{name}"), (*value).to_owned());
        }
        repository.git(&["update-ref", "refs/remotes/origin/main", "main"]);
        Self {
            repository,
            action,
            values,
        }
    }

    /// What the last step's script says.
    fn run(mut self) -> Output {
        let steps = self.action["runs"]["steps"].as_array().unwrap().clone();
        let mut last = None;
        for step in &steps {
            if step["run"].is_string() && self.is_due(step) {
                let output = self.step(step);
                if let Some(id) = step["id"].as_str() {
                    assert!(output.status.success(), "{output:?}");
                    self.take_outputs(id);
                }
                last = Some(output);
            }
        }
        last.unwrap()
    }

    /// `steps.place.outputs.installed != 'true' && …`: every condition here is of that form.
    fn is_due(&self, step: &Value) -> bool {
        let Some(condition) = step["if"].as_str() else {
            return true;
        };
        condition.split(" && ").all(|part| {
            let (name, value) = part.split_once(" != ").expect("a comparison");
            let is = self.values.get(name).map_or("", String::as_str);
            is != value.trim_matches('\'')
        })
    }

    fn step(&self, step: &Value) -> Output {
        assert_eq!(step["shell"], "bash");
        let driftless = PathBuf::from(env!("CARGO_BIN_EXE_driftless"));
        let path = std::env::var("PATH").unwrap();
        let path = format!("{}:{path}", driftless.parent().unwrap().display());
        let mut command = Command::new("bash");
        command
            .args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c"])
            .arg(self.filled(step["run"].as_str().unwrap()))
            .current_dir(self.repository.path())
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.repository.path())
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_ACTION_PATH", home())
            .env("GITHUB_OUTPUT", self.outputs());
        for (name, value) in step["env"].as_object().into_iter().flatten() {
            command.env(name, self.filled(value.as_str().unwrap()));
        }
        command.output().unwrap()
    }

    fn outputs(&self) -> PathBuf {
        self.repository.path().join(".git/action-outputs")
    }

    fn take_outputs(&mut self, id: &str) {
        let text = std::fs::read_to_string(self.outputs()).unwrap();
        for (name, value) in text.lines().filter_map(|line| line.split_once('=')) {
            let name = format!("steps.{id}.outputs.{name}");
            self.values.insert(name, value.to_owned());
        }
    }

    /// A text with its `${{ }}` put in; what nobody said is empty.
    fn filled(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${{") {
            let (name, behind) = after.split_once("}}").expect("an end");
            let value = self.values.get(name.trim());
            filled += before;
            filled += value.map_or("", String::as_str);
            rest = behind;
        }
        filled + rest
    }
}

fn told(repository: &Repository, inputs: &[(&str, &str)]) -> String {
    repository.told(&Runner::new(repository, inputs).run())
}

#[test]
fn a_pull_request_is_checked_against_its_base() {
    let repository = Repository::new();
    repository.branch("feature");
    repository.generate(&schema(NAME, &table("posts")), "posts", &[]);
    insta::assert_snapshot!(told(&repository, &[]), @"
    exit 0
    --- stdout
    in step: 2 tables, 2 migrations
    ");
    repository.edit("drizzle/0000_first.sql", "\"users\"", "\"people\"");
    repository.schema(&schema(NAME, ""));
    repository.commit("a change of what was merged");
    insta::assert_snapshot!(told(&repository, &[]), @r#"
    exit 1
    --- stdout
    ::error file=drizzle/meta/_driftless.json,line=2,endLine=2,col=3,endColumn=15,title=migration-edited::drizzle/0000_first.sql was edited after it was recorded, its statements differ%0Anote: recorded as sha256 [SHA256]%0Anote: now it is   sha256 [SHA256]%0Ahelp: restore it (`git log -p -- drizzle/0000_first.sql` shows the edit) and put the change into a new migration%0Ahelp: if no database has run it yet, `driftless record --edited 0000_first` takes its text as it is now
    ::error title=schema-not-migrated::the schema has changes that no migration holds: 1 statement missing%0Anote: the missing SQL:%0A-- drop-table: table posts and its rows are dropped%0ADROP TABLE "posts";%0Ahelp: run `driftless generate --name what_changed`, look at the SQL and commit it
    check failed: 2 findings
    "#);
}

#[test]
fn findings_go_to_code_scanning_too() {
    let repository = Repository::new();
    repository.branch("feature");
    repository.custom(
        "more",
        "ALTER TABLE users ADD COLUMN age integer;\nUPDATE users SET age = 1;\n",
    );
    let inputs = [("sarif", "driftless.sarif"), ("fail-on", "warning")];
    insta::assert_snapshot!(told(&repository, &inputs), @"
    exit 1
    --- stdout
    ::error file=drizzle/0001_more.sql,line=2,endLine=2,col=1,endColumn=25,title=rows-without-where::every row of users is changed%0Ahelp: add WHERE, or waive this with the reason
    check failed: 1 finding
    ");
    let sarif: Value = serde_json::from_str(&repository.read("driftless.sarif")).unwrap();
    insta::assert_snapshot!(sarif["runs"][0]["results"][0]["ruleId"].as_str().unwrap(), @"rows-without-where");
}
