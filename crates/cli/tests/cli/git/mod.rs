//! Folders in real git repositories: what a team's branches do to them, and what is said about it.

mod action;
mod base;
mod folder;
mod kept;
mod pitfalls;
mod rebase;
mod refused;
mod sql;
mod squashed;
mod ways;

use std::process::Command;

use crate::project::TestProject;

/// What the schema of every repository begins with.
const USERS: &str = "export const users = pgTable('users', {
  id: serial().primaryKey(),
  name: text().notNull(),
});";

/// A project in a repository of its own, on the branch `main`.
pub(crate) struct Repository {
    pub(crate) project: TestProject,
}

impl std::ops::Deref for Repository {
    type Target = TestProject;
    fn deref(&self) -> &TestProject {
        &self.project
    }
}

impl Repository {
    /// One migration, committed.
    pub(crate) fn new() -> Self {
        let repository = Self {
            project: TestProject::generated(USERS),
        };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.commit("first");
        repository
    }

    /// Runs git, which has to work.
    #[track_caller]
    pub(crate) fn git(&self, args: &[&str]) -> String {
        let (worked, said) = self.try_git(args);
        assert!(worked, "git {}: {said}", args.join(" "));
        said
    }

    pub(crate) fn try_git(&self, args: &[&str]) -> (bool, String) {
        let output = Command::new("git")
            .args(args)
            .current_dir(self.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .env("GIT_AUTHOR_NAME", "test")
            .env("GIT_AUTHOR_EMAIL", "test@example.com")
            .env("GIT_COMMITTER_NAME", "test")
            .env("GIT_COMMITTER_EMAIL", "test@example.com")
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(said).unwrap())
    }

    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    /// A branch from where `main` is now.
    pub(crate) fn branch(&self, name: &str) {
        self.git(&["checkout", "--quiet", "-b", name]);
    }

    pub(crate) fn checkout(&self, name: &str) {
        self.git(&["checkout", "--quiet", name]);
    }

    /// Merges a branch; true where git could do it alone.
    pub(crate) fn merge(&self, branch: &str) -> bool {
        self.try_git(&["merge", "--quiet", "--no-edit", branch]).0
    }

    /// Changes the schema and commits the migration for it.
    pub(crate) fn generate(&self, schema: &str, name: &str, flags: &[&str]) {
        self.schema(schema);
        let mut args = vec!["generate", "--name", name];
        args.extend(flags);
        self.succeeds(&args);
        self.commit(name);
    }

    /// Commits a migration written by hand.
    pub(crate) fn custom(&self, name: &str, sql: &str) {
        let told = self.succeeds(&["generate", "--custom", "--name", name]);
        let path = told.trim().strip_prefix("wrote ").unwrap().to_owned();
        self.write(&path, sql);
        self.succeeds(&["record"]);
        self.commit(name);
    }

    /// Changes the entries of the journal.
    pub(crate) fn journal(&self, change: impl FnOnce(&mut Vec<serde_json::Value>)) {
        let path = "drizzle/meta/_journal.json";
        let mut journal: serde_json::Value = serde_json::from_str(&self.read(path)).unwrap();
        change(journal["entries"].as_array_mut().unwrap());
        self.write(path, &serde_json::to_string_pretty(&journal).unwrap());
    }

    /// A file as a commit has it.
    pub(crate) fn at(&self, commit: &str, path: &str) -> String {
        self.git(&["show", &format!("{commit}:{path}")])
    }

    /// Paths in the folder.
    pub(crate) fn names(&self) -> Vec<String> {
        let root = self.path().join("drizzle");
        let files = self.files("drizzle").into_iter();
        files
            .map(|(path, _)| path.strip_prefix(&root).unwrap().display().to_string())
            .collect()
    }

    /// All that follows a rebase: the folder is sound, in step, and every older file as it was.
    #[track_caller]
    pub(crate) fn is_sound(&self) {
        let told = self.run(&["check", "--fail-on", "info"]);
        assert!(told.starts_with("exit 0\n"), "{told}");
    }
}

/// The schema with columns of `users` after the first, and tables after it.
pub(crate) fn schema(columns: &str, tables: &str) -> String {
    USERS.replace("  name: text().notNull(),\n", columns) + "\n" + tables
}

pub(crate) fn table(name: &str) -> String {
    format!("export const {name} = pgTable('{name}', {{ id: serial().primaryKey() }});")
}

/// A column that `users` has from the beginning.
pub(crate) const NAME: &str = "  name: text().notNull(),\n";

/// `main` and `feature` each did something since `0000_first`; `feature` is checked out and `main`
/// is being merged.
pub(crate) fn merging(
    main: impl FnOnce(&Repository),
    feature: impl FnOnce(&Repository),
) -> Repository {
    merging_in(Repository::new(), main, feature)
}

/// The same in a repository that has begun.
pub(crate) fn merging_in(
    repository: Repository,
    main: impl FnOnce(&Repository),
    feature: impl FnOnce(&Repository),
) -> Repository {
    repository.branch("feature");
    feature(&repository);
    repository.checkout("main");
    main(&repository);
    repository.checkout("feature");
    assert!(!repository.merge("main"), "git merges no two journals");
    repository
}

/// After the rebase nothing is left to find, offline, beside the base and in scratch.
#[track_caller]
pub(crate) fn is_mended(repository: &Repository) {
    repository.is_sound();
    repository.commit("merged");
    // What the branch adds may be worth a warning of the linter.
    let told = repository.run(&["check", "--base", "main"]);
    assert!(told.starts_with("exit 0\n"), "{told}");
    let main = repository.at("main", "drizzle/meta/_journal.json");
    let main: serde_json::Value = serde_json::from_str(&main).unwrap();
    let ours = repository.read("drizzle/meta/_journal.json");
    let ours: serde_json::Value = serde_json::from_str(&ours).unwrap();
    for (at, entry) in main["entries"].as_array().unwrap().iter().enumerate() {
        assert_eq!(ours["entries"][at], *entry, "what the base has stays");
        let path = format!("drizzle/{}.sql", entry["tag"].as_str().unwrap());
        assert_eq!(repository.at("main", &path), repository.read(&path));
    }
    let again = repository.run(&["rebase"]);
    assert!(again.contains("nothing to rebase"), "{again}");
}

pub(crate) fn with_tables(names: &[&str]) -> String {
    let tables: Vec<_> = names.iter().map(|name| table(name)).collect();
    schema(NAME, &tables.join("\n"))
}
