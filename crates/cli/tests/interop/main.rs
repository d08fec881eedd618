//! Held against the real drizzle-kit 0.31 and drizzle-orm 0.45: a folder made by one is in step for
//! the other, both apply, and both leave the same database behind.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests: what is not as expected ends the test, what is skipped is said"
)]

mod kit;
mod project;

use driftless_testing::Cluster;
use kit::Kit;
use project::Project;

/// One of `schemas/`, and what its config says.
struct Case {
    /// Folder below `schemas/`.
    name: &'static str,
    /// Where the config is, below that.
    app: &'static str,
    /// `out` of the config.
    out: &'static str,
    /// `migrations.schema` and `migrations.table`.
    ledger: (&'static str, &'static str),
    /// File names hold the second, so two in one second collide in drizzle-kit.
    seconds: bool,
    /// Beginnings of the statements in which drizzle-kit is known to be wrong.
    wrong: &'static [&'static str],
}

impl Case {
    const fn new(name: &'static str, out: &'static str) -> Self {
        Self {
            name,
            app: ".",
            out,
            ledger: ("drizzle", "__drizzle_migrations"),
            seconds: false,
            wrong: &[],
        }
    }
}

/// From an empty folder, then with the next edit of the schema, by both tools.
fn compare(case: &Case) {
    let Some(kit) = Kit::installed() else {
        return;
    };
    let cluster = Cluster::start();
    let ours = Project::copy(kit, case, "ours");
    let theirs = Project::copy(kit, case, "theirs");
    ours.driftless(&["generate", "--name", "first"]);
    theirs.kit_generate("first");
    agree(&ours, &theirs, cluster.as_ref(), case);

    ours.next_version();
    theirs.next_version();
    ours.driftless_allowing_everything(&["generate", "--name", "second"]);
    if case.seconds {
        std::thread::sleep(std::time::Duration::from_millis(1100));
    }
    theirs.kit_generate("second");
    agree(&ours, &theirs, cluster.as_ref(), case);
}

/// Each tool finds nothing to do in the other's folder, and the databases are the same.
fn agree(ours: &Project, theirs: &Project, cluster: Option<&Cluster>, case: &Case) {
    ours.kit_has_nothing_to_do();
    ours.kit_check();
    theirs.driftless_has_nothing_to_do();
    ours.driftless_has_nothing_to_do();

    let Some(cluster) = cluster else {
        println!("not applied: no Postgres on this machine");
        return;
    };
    let dump = |project: &Project| {
        let (url, name) = project.database(cluster);
        project.orm_migrate(&url);
        // What drizzle-orm has applied needs nothing more from us.
        let said = project.driftless(&["migrate", "--database-url", &url]);
        assert!(said.contains("nothing to do"), "{}: {said}", case.name);
        let dump = cluster.databases().dump(&name).unwrap();
        let mut dump: Vec<_> = dump
            .iter()
            .filter(|statement| !case.wrong.iter().any(|start| statement.starts_with(start)))
            .map(|statement| without_order(statement))
            .collect();
        dump.sort();
        dump
    };
    let (ours, theirs) = (dump(ours), dump(theirs));
    let only = |a: &[String], b: &[String]| {
        let lines: Vec<_> = a.iter().filter(|line| !b.contains(line)).cloned().collect();
        lines.join("\n")
    };
    let (by_us, by_them) = (only(&ours, &theirs), only(&theirs, &ours));
    assert!(
        by_us.is_empty() && by_them.is_empty(),
        "{}: the databases differ\n--- by driftless\n{by_us}\n--- by drizzle-kit\n{by_them}",
        case.name
    );
}

/// Storage parameters and a policy's roles have no order of their own; `pg_dump` shows the one in
/// which they were set.
fn without_order(statement: &str) -> String {
    let mut statement = statement.to_owned();
    for (begin, end) in [("WITH (", ")"), (" TO ", " USING"), (" TO ", " WITH CHECK")] {
        let Some(start) = statement.find(begin).map(|at| at + begin.len()) else {
            continue;
        };
        let Some(length) = statement[start..].find(end) else {
            continue;
        };
        let mut parts: Vec<_> = statement[start..start + length].split(", ").collect();
        parts.sort_unstable();
        let sorted = parts.join(", ");
        statement.replace_range(start..start + length, &sorted);
    }
    statement
}

macro_rules! cases {
    ($($test:ident: $case:expr;)+) => {
        $(#[test]
        fn $test() {
            compare(&$case);
        })+

        /// A schema that nobody lists here would never be tried.
        #[test]
        fn every_schema_is_a_case() {
            let listed = [$($case.name),+];
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schemas");
            for entry in std::fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                let name = entry.file_name().into_string().unwrap();
                assert!(!entry.path().is_dir() || listed.contains(&name.as_str()), "{name}");
            }
        }
    };
}

cases! {
    arrays_json: Case::new("arrays-json", "drizzle");
    casing_camel: Case::new("casing-camel", "src/migrations");
    casing_snake: Case { seconds: true, ..Case::new("casing-snake", "drizzle") };
    column_types: Case::new("column-types", "drizzle");
    constraints: Case::new("constraints", "drizzle");
    custom_types: Case::new("custom-types", "drizzle");
    enums: Case::new("enums", "migrations");
    identity: Case::new("identity", "drizzle");
    indexes: Case::new("indexes", "drizzle");
    monorepo: Case { app: "apps/shop", ..Case::new("monorepo", "src/db/migrations") };
    multi_schema: Case {
        ledger: ("internal", "applied_migrations"),
        ..Case::new("multi-schema", "migrations")
    };
    names: Case {
        // It puts a value that comes before the value '' behind it.
        wrong: &["CREATE TYPE public.\"order\" AS ENUM"],
        ..Case::new("names", "drizzle migrations")
    };
    rls: Case::new("rls", "migrations");
    rls_neon: Case::new("rls-neon", "drizzle");
    rls_supabase: Case { seconds: true, ..Case::new("rls-supabase", "supabase/migrations") };
    views: Case::new("views", "migrations");
}

/// The example as it is in the repository, and made anew.
#[test]
fn race() {
    let Some(kit) = Kit::installed() else {
        return;
    };
    let case = Case {
        app: "apps/api",
        ..Case::new("race", "src/db/migrations")
    };
    let project = Project::of(
        kit,
        &case,
        "as it is",
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/race"),
    );
    project.kit_has_nothing_to_do();
    project.kit_check();
    project.driftless_has_nothing_to_do();
    if let Some(cluster) = Cluster::start() {
        let (url, _) = project.database(&cluster);
        project.orm_migrate(&url);
        let said = project.driftless(&["migrate", "--database-url", &url]);
        assert!(said.contains("nothing to do"), "{said}");
    }
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/race");
    let [ours, theirs] = ["ours", "theirs"].map(|label| {
        let project = Project::of(kit, &case, label, source);
        project.forget_migrations();
        project
    });
    ours.driftless(&["generate", "--name", "first"]);
    theirs.kit_generate("first");
    agree(&ours, &theirs, Cluster::start().as_ref(), &case);
}

/// Two branches on which drizzle-kit made a migration each: after `rebase` it goes on, and
/// drizzle-orm applies all of it.
#[test]
fn two_branches_of_drizzle_kit() {
    let Some(kit) = Kit::installed() else {
        return;
    };
    let case = Case::new("two-branches", "drizzle");
    let project = Project::of(kit, &case, "rebased", tempfile::tempdir().unwrap().path());
    let schema = |tables: &[&str]| {
        let mut text = "import { pgTable, serial, text } from 'drizzle-orm/pg-core';\n".to_owned();
        for table in tables {
            text += &format!(
                "export const {table} = pgTable('{table}', {{ id: serial().primaryKey(), name: text() }});\n"
            );
        }
        project.write("schema.ts", &text);
    };
    let commit = |message: &str| {
        assert!(project.git(&["add", "--all"]));
        assert!(project.git(&["commit", "--quiet", "--message", message]));
    };
    project.write(
        "drizzle.config.ts",
        "export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' };\n",
    );
    project.write(".gitignore", "node_modules\n");
    assert!(project.git(&["init", "--quiet", "--initial-branch=main"]));
    schema(&["users"]);
    project.kit_generate("first");
    commit("first");
    assert!(project.git(&["checkout", "--quiet", "-b", "feature"]));
    schema(&["users", "tags"]);
    project.kit_generate("tags");
    commit("tags");
    assert!(project.git(&["checkout", "--quiet", "main"]));
    schema(&["users", "posts"]);
    project.kit_generate("posts");
    commit("posts");
    assert!(project.git(&["checkout", "--quiet", "feature"]));
    assert!(!project.git(&["merge", "--quiet", "main"]));

    schema(&["users", "posts", "tags"]);
    project.driftless(&["rebase"]);
    project.driftless_has_nothing_to_do();
    project.kit_has_nothing_to_do();
    project.kit_check();
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let (url, _) = project.database(&cluster);
    project.orm_migrate(&url);
    let said = project.driftless(&["migrate", "--database-url", &url]);
    assert!(said.contains("nothing to do"), "{said}");
}

/// A folder of drizzle-kit is squashed: drizzle-orm passes over it where it has run the old files and
/// runs it elsewhere, and drizzle-kit goes on.
#[test]
fn what_is_squashed_is_known_to_drizzle() {
    let Some(kit) = Kit::installed() else {
        return;
    };
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let case = Case::new("squashed", "drizzle");
    let project = Project::of(kit, &case, "squashed", tempfile::tempdir().unwrap().path());
    let schema = |columns: &str| {
        let text = format!(
            "import {{ pgTable, serial, text }} from 'drizzle-orm/pg-core';\n\
             export const users = pgTable('users', {{ id: serial().primaryKey(), {columns} }});\n"
        );
        project.write("schema.ts", &text);
    };
    project.write(
        "drizzle.config.ts",
        "export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' };\n",
    );
    schema("name: text()");
    project.kit_generate("first");
    schema("name: text(), mail: text()");
    project.kit_generate("mail");
    let (old, _) = project.database(&cluster);
    project.orm_migrate(&old);

    project.driftless(&["squash"]);
    project.driftless_has_nothing_to_do();
    project.kit_has_nothing_to_do();
    project.kit_check();
    schema("name: text(), mail: text(), phone: text()");
    project.kit_generate("phone");
    project.driftless_has_nothing_to_do();
    let follows = |url: &str| {
        project.orm_migrate(url);
        let said = project.driftless(&["migrate", "--database-url", url]);
        assert!(said.contains("nothing to do"), "{said}");
        project.driftless(&["check", "--database-url", url]);
    };
    follows(&old);
    let (new, _) = project.database(&cluster);
    follows(&new);
}
