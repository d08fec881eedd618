//! A copy of a project with `node_modules`, and both tools run in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use driftless_testing::Cluster;
use tempfile::TempDir;

use crate::Case;
use crate::kit::Kit;

/// A project in a folder of its own.
pub(crate) struct Project<'a> {
    root: TempDir,
    source: PathBuf,
    case: &'a Case,
    /// Whose folder it is, for messages.
    label: String,
}

impl<'a> Project<'a> {
    /// A copy of one of `schemas/`.
    pub(crate) fn copy(kit: &Kit, case: &'a Case, label: &str) -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/schemas")
            .join(case.name);
        Self::of(kit, case, label, &source)
    }

    /// A copy of a folder.
    pub(crate) fn of(kit: &Kit, case: &'a Case, label: &str, source: impl AsRef<Path>) -> Self {
        let project = Self {
            root: tempfile::Builder::new()
                .prefix("interop-")
                .tempdir()
                .unwrap(),
            source: source.as_ref().to_owned(),
            case,
            label: format!("{} ({label})", case.name),
        };
        copy_tree(&project.source, project.root.path());
        project.link_modules(kit);
        project
    }

    /// The project after its next edit, over the migrations there are.
    pub(crate) fn next_version(&self) {
        copy_tree(&self.source.join("v2"), self.root.path());
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        std::fs::write(self.app().join(path), text).unwrap();
    }

    /// Runs git; true where it worked.
    pub(crate) fn git(&self, args: &[&str]) -> bool {
        let output = Command::new("git")
            .args(["-c", "user.name=test", "-c", "user.email=test@example.com"])
            .args(args)
            .current_dir(self.root.path())
            .output()
            .unwrap();
        output.status.success()
    }

    /// Takes every migration away.
    pub(crate) fn forget_migrations(&self) {
        std::fs::remove_dir_all(self.app().join(self.case.out)).unwrap();
    }

    fn app(&self) -> PathBuf {
        self.root.path().join(self.case.app)
    }

    /// Packages, and those of the workspace itself, as `npm install` makes them.
    fn link_modules(&self, kit: &Kit) {
        let modules = self.root.path().join("node_modules");
        std::fs::create_dir(&modules).unwrap();
        for entry in std::fs::read_dir(&kit.modules).unwrap() {
            let entry = entry.unwrap();
            std::os::unix::fs::symlink(
                std::fs::canonicalize(entry.path()).unwrap(),
                modules.join(entry.file_name()),
            )
            .unwrap();
        }
        for package in std::fs::read_dir(self.root.path().join("packages"))
            .into_iter()
            .flatten()
        {
            let package = package.unwrap().path();
            let text = std::fs::read_to_string(package.join("package.json")).unwrap();
            let text: serde_json::Value = serde_json::from_str(&text).unwrap();
            let link = modules.join(text["name"].as_str().unwrap());
            std::fs::create_dir_all(link.parent().unwrap()).unwrap();
            std::os::unix::fs::symlink(package, link).unwrap();
        }
    }

    /// Runs ours; it has to work.
    pub(crate) fn driftless(&self, args: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_driftless"))
            .env("DRIFTLESS_NO_PROVE", "1")
            .args(args)
            .current_dir(self.app())
            .env("NO_COLOR", "1")
            .env_remove("DATABASE_URL")
            .output()
            .unwrap();
        self.expect_success(&format!("driftless {}", args.join(" ")), &output)
    }

    /// The same with every hazard allowed.
    pub(crate) fn driftless_allowing_everything(&self, args: &[&str]) -> String {
        let mut args = args.to_vec();
        for kind in [
            "drop-table",
            "drop-column",
            "drop-schema",
            "drop-sequence",
            "drop-role",
            "drop-enum-value",
            "narrowing-cast",
            "recompute-column",
            "set-not-null",
            "add-not-null",
            "table-rewrite",
        ] {
            args.extend(["--allow", kind]);
        }
        self.driftless(&args)
    }

    pub(crate) fn driftless_has_nothing_to_do(&self) {
        let said = self.driftless(&["check"]);
        assert!(said.contains("in step"), "{}: {said}", self.label);
        let before = self.migrations();
        let said = self.driftless(&["generate"]);
        assert!(
            said.contains("nothing to generate"),
            "{}: {said}",
            self.label
        );
        assert_eq!(self.migrations(), before, "{}", self.label);
    }

    /// Runs theirs; it has to write something.
    pub(crate) fn kit_generate(&self, name: &str) {
        let before = self.migrations();
        let said = self.kit(&["generate", "--name", name]);
        assert_ne!(self.migrations(), before, "{}: {said}", self.label);
    }

    pub(crate) fn kit_has_nothing_to_do(&self) {
        let before = self.migrations();
        let said = self.kit(&["generate"]);
        let added: Vec<_> = self
            .migrations()
            .into_iter()
            .filter(|file| !before.contains(file))
            .collect();
        assert!(
            said.contains("No schema changes") && added.is_empty(),
            "{}: {said}\n{added:#?}",
            self.label
        );
    }

    pub(crate) fn kit_check(&self) {
        let said = self.kit(&["check"]);
        assert!(said.contains("Everything's fine"), "{}: {said}", self.label);
    }

    fn kit(&self, args: &[&str]) -> String {
        let bin = self.root.path().join("node_modules/drizzle-kit/bin.cjs");
        let output = Command::new("node")
            .arg(bin)
            .args(args)
            .current_dir(self.app())
            .env("NO_COLOR", "1")
            .env_remove("DATABASE_URL")
            .output()
            .unwrap();
        self.expect_success(&format!("drizzle-kit {}", args.join(" ")), &output)
    }

    /// An empty database with what the platform has in it.
    pub(crate) fn database(&self, cluster: &Cluster) -> (String, String) {
        let url = cluster.database();
        let name = parts(&url)[1].to_owned();
        let setup = self.source.join("setup.sql");
        // Roles belong to the whole server, which this test has for itself.
        let roles = "SELECT format('DROP OWNED BY %1$I; DROP ROLE %1$I;', rolname) FROM pg_roles \
                     WHERE rolname !~ '^pg_' AND rolname <> current_user;";
        let databases = cluster.databases();
        let others = "SELECT datname FROM pg_database WHERE datname LIKE 'test_%';";
        for other in databases.run("postgres", others).unwrap().lines() {
            if other != name {
                databases.drop(other).unwrap();
            }
        }
        let drops = databases.run("postgres", roles).unwrap();
        databases.run("postgres", &drops).unwrap();
        if let Ok(sql) = std::fs::read_to_string(setup) {
            databases.run(&name, &sql).unwrap();
        }
        (url, name)
    }

    /// Applies the folder with drizzle-orm.
    pub(crate) fn orm_migrate(&self, url: &str) {
        let script = "
            import pg from 'pg';
            import { drizzle } from 'drizzle-orm/node-postgres';
            import { migrate } from 'drizzle-orm/node-postgres/migrator';
            const [user, database, host, migrationsFolder, migrationsSchema, migrationsTable] =
              process.argv.slice(2);
            const client = new pg.Client({ user, database, host });
            await client.connect();
            await migrate(drizzle(client), { migrationsFolder, migrationsSchema, migrationsTable });
            await client.end();
        ";
        let file = self.root.path().join("apply.mjs");
        std::fs::write(&file, script).unwrap();
        let (schema, table) = self.case.ledger;
        let output = Command::new("node")
            .arg(file)
            .args(parts(url))
            .args([self.case.out, schema, table])
            .current_dir(self.app())
            .output()
            .unwrap();
        self.expect_success("drizzle-orm's migrate()", &output);
    }

    fn expect_success(&self, what: &str, output: &Output) -> String {
        let said = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {what}\n{said}", self.label);
        said
    }

    /// Every file of the migrations folder.
    fn migrations(&self) -> Vec<(PathBuf, String)> {
        let mut files = Vec::new();
        let mut folders = vec![self.app().join(self.case.out)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let text = std::fs::read_to_string(&path).unwrap();
                    files.push((path, text));
                }
            }
        }
        files.sort();
        files
    }
}

/// User, database and socket folder of a test server's URL.
fn parts(url: &str) -> [&str; 3] {
    let (authority, rest) = url
        .trim_start_matches("postgres://")
        .split_once('/')
        .unwrap();
    let (user, _) = authority.split_once('@').unwrap();
    let (database, parameters) = rest.split_once('?').unwrap();
    let host = parameters
        .split('&')
        .find_map(|one| one.strip_prefix("host="));
    [user, database, host.unwrap()]
}

fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        let name = entry.file_name();
        if [".driftless", "node_modules", "v2"]
            .iter()
            .any(|skip| name == *skip)
        {
            continue;
        }
        if path.is_dir() {
            copy_tree(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
