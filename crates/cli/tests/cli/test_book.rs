//! Every block of code in the README and the book: it is run, or it says here why not.

use std::path::Path;
use std::process::Command;

use crate::project::TestProject;
use crate::server::TestDatabase;

/// A page, what is there before its first block, and the languages of blocks that are not run, with
/// where they are.
type Page = (
    &'static str,
    fn(&TestProject),
    &'static [(&'static str, &'static str)],
);

const PAGES: &[Page] = &[
    (
        "README.md",
        nothing,
        &[
            ("sh", "cargo's own commands: .ci/run and test_example"),
            ("toml", "a Cargo.toml"),
            ("rust", "the documentation of the library, a doc test"),
        ],
    ),
    ("docs/start.md", nothing, &[]),
    ("docs/switch.md", begun, &[]),
    ("docs/sql.md", begun, &[]),
    (
        "docs/ci.md",
        begun,
        &[
            (
                "yaml",
                "GitHub, GitLab and pre-commit run it; test_init writes the same",
            ),
            ("sh", "the tests in git/ run it where two branches met"),
        ],
    ),
    ("docs/production.md", migrated, &[]),
    ("docs/recovery.md", migrated, &[]),
    ("docs/page.md", begun, &[]),
    ("docs/config.md", begun, &[]),
    (
        "docs/rls.md",
        begun,
        &[
            (
                "sql",
                "crates/tenant/tests runs what each rule calls bad and good",
            ),
            ("toml", "a fragment; test_rls reads whole ones"),
            ("sh", "test_rls runs them where there are tenants"),
        ],
    ),
    (
        "docs/json.md",
        nothing,
        &[("json", "json_schema compares it with what commands print")],
    ),
    (
        "docs/rules.md",
        nothing,
        &[(
            "sql",
            "crates/lint/tests runs what each rule calls bad and good",
        )],
    ),
    ("docs/cli.md", nothing, &[]),
    (
        "deploy/README.md",
        nothing,
        &[("dockerfile", "needs Docker")],
    ),
];

fn nothing(_: &TestProject) {}

fn begun(project: &TestProject) {
    project.succeeds(&["init", "--ci", "none"]);
}

fn migrated(project: &TestProject) {
    begun(project);
    project.succeeds(&["migrate"]);
}

#[test]
fn every_block_of_the_book_runs() {
    for (page, begin, not_run) in PAGES {
        let Some(database) = TestDatabase::new() else {
            return;
        };
        let project = TestProject::empty()
            .env("DATABASE_URL", &database.url())
            .env("STAGING_URL", &database.url())
            .env("PROD_URL", &database.url())
            .env("SCRATCH_URL", &database.url());
        begin(&project);
        let text = std::fs::read_to_string(root().join(page)).expect("the page is there");
        for block in blocks(&text) {
            if not_run
                .iter()
                .any(|(language, _)| *language == block.language)
            {
                continue;
            }
            block.run(page, &project);
        }
    }
}

#[test]
fn every_page_is_in_the_book_and_in_this_test() {
    let summary = std::fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap();
    for entry in std::fs::read_dir(root().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.extension().is_none_or(|end| end != "md") || name == "SUMMARY.md" {
            continue;
        }
        assert!(
            summary.contains(&format!("({name})")),
            "SUMMARY.md lacks {name}"
        );
        let tested = PAGES
            .iter()
            .any(|(page, ..)| *page == format!("docs/{name}"));
        assert!(tested, "no test runs the blocks of {name}");
    }
}

#[test]
fn links_lead_somewhere() {
    for (page, ..) in PAGES {
        let file = root().join(page);
        let text = std::fs::read_to_string(&file).unwrap();
        for link in text.split("](").skip(1) {
            let link = link.split(')').next().unwrap();
            let path = link.split('#').next().unwrap();
            if path.is_empty() || path.contains("://") {
                continue;
            }
            let there = file.parent().unwrap().join(path);
            assert!(there.exists(), "{page}: {link} is not there");
        }
    }
}

/// Writes `docs/rules.md` and fails when that changed it.
#[test]
fn the_rules_are_up_to_date() {
    let project = TestProject::empty();
    let (_, all) = project.json(&["explain"]);
    let mut text = "# Rules\n\nThis file is written by a test from `driftless explain`. The level of each \
                    rule of `lint` can be set in driftless.toml: [config.md](config.md). The rules about \
                    tenants are in [rls.md](rls.md#the-rules).\n"
        .to_owned();
    for (of, title) in [("check", "Of `check`"), ("lint", "Of `lint`")] {
        text += &format!("\n## {title}\n");
        let rules = all["rules"].as_array().unwrap().iter();
        for rule in rules.filter(|rule| rule["of"] == of) {
            let name = rule["name"].as_str().unwrap();
            let (_, page) = project.json(&["explain", name]);
            let page = page["text"].as_str().unwrap().replace("\n## ", "\n#### ");
            let page = page
                .strip_prefix("## ")
                .map_or(page.clone(), |page| format!("#### {page}"));
            let level = rule["level"].as_str().map(|level| format!(" ({level})"));
            text += &format!("\n### {name}{}\n\n{page}\n", level.unwrap_or_default());
        }
    }
    let file = root().join("docs/rules.md");
    if std::fs::read_to_string(&file).unwrap_or_default() != text {
        std::fs::write(file, text).unwrap();
        panic!("docs/rules.md was out of date and has been written again: look at it, commit it");
    }
}

struct Block<'a> {
    language: &'a str,
    text: &'a str,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut parts = page.split("\n```");
    parts.next();
    let mut found = Vec::new();
    while let Some(block) = parts.next() {
        let (language, text) = block.split_once('\n').unwrap_or((block, ""));
        found.push(Block { language, text });
        // What is between this block and the next.
        parts.next();
    }
    found
}

impl Block<'_> {
    fn run(&self, page: &str, project: &TestProject) {
        match self.language {
            "sh" => {
                for line in self.text.lines().filter(|line| !line.trim().is_empty()) {
                    run_line(page, line, project);
                }
            }
            "ts" | "sql" | "toml" => {
                let (first, rest) = self.text.split_once('\n').unwrap();
                let path = first.trim_start_matches(['/', '-', '#', ' ']);
                let is_file = path.ends_with(&format!(".{}", self.language));
                assert!(
                    is_file,
                    "{page}: a block begins with the file it is: {first}"
                );
                project.write(path, rest);
                if self.language == "toml" {
                    let said = project.run(&["check"]);
                    let wrong = [
                        "unknown-config-key",
                        "config-type",
                        "invalid-toml",
                        "unknown-rule",
                    ];
                    let found = wrong.iter().any(|code| said.contains(code));
                    assert!(!found, "{page}: {said}");
                }
            }
            "text" => {}
            other => panic!("{page}: nothing runs a block of {other}"),
        }
    }
}

/// One line of a shell; `# exit 1 or 2` says how it ends where that is not with 0.
fn run_line(page: &str, line: &str, project: &TestProject) {
    let (command, codes) = line.split_once(" # exit ").unwrap_or((line, "0"));
    let command = command
        .split_once(" # ")
        .map_or(command, |(command, _)| command);
    let mut shell = project.command(&[]);
    let binary = Path::new(shell.get_program()).parent().unwrap().to_owned();
    let mut path = std::ffi::OsString::from(binary);
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let env: Vec<_> = shell
        .get_envs()
        .map(|(k, v)| (k.to_owned(), v.map(ToOwned::to_owned)))
        .collect();
    let dir = shell.get_current_dir().unwrap_or(project.path()).to_owned();
    shell = Command::new("sh");
    shell.args(["-c", command]).current_dir(dir);
    for (name, value) in env {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let output = shell.env("PATH", path).output().expect("sh is there");
    let code = output.status.code().unwrap_or(-1).to_string();
    assert!(
        codes.split(" or ").any(|one| one == code),
        "{page}: `{command}` ended with {code}, not {codes}\n{}",
        project.told(&output)
    );
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}
