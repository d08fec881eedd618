//! A large schema that was evaluated before is not evaluated again, unless anything changed.

use std::fs;
use std::path::PathBuf;

use driftless_sources::script::{Casing, Kept, Limits, SchemaRequest, load};
use sha2::{Digest, Sha256};

struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    /// Tables enough to be worth keeping, with a column from a helper.
    fn new() -> Self {
        let project = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        let mut text = String::from(
            "import { integer, pgTable, text } from 'drizzle-orm/pg-core';\nimport { owned } from './helpers';\n",
        );
        for table in 0..800 {
            text += &format!(
                "export const t{table} = pgTable('t{table}', {{ ...owned(), id: integer('id'), someText: text() }});\n"
            );
        }
        project.write("schema.ts", &text);
        project.write("helpers/index.ts", &Self::helper("owner"));
        project
    }

    fn helper(column: &str) -> String {
        format!(
            "import {{ integer }} from 'drizzle-orm/pg-core';\nexport const owned = () => ({{ {column}: integer() }});\n"
        )
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Names of the columns of the last table.
    fn columns(&self) -> Vec<String> {
        let root = self.folder.path().to_str().expect("UTF-8");
        let declared = load(&SchemaRequest {
            root: root.into(),
            files: vec!["schema.ts".to_owned()],
            casing: Some(Casing::SnakeCase),
            env: std::collections::BTreeMap::default(),
            limits: Limits::default(),
            allow_empty: false,
            kept: Some(Kept {
                folder: self.folder.path().join("kept"),
                maker: "tests".to_owned(),
            }),
        })
        .expect("it loads");
        let table = &declared.snapshot.tables["public.t799"];
        table.columns.keys().cloned().collect()
    }

    fn entries(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.path().join("kept"));
        let entries = entries.into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect()
    }

    /// Makes what is kept tell from what evaluating would give.
    fn mark_entry(&self) {
        let path = self.entries().pop().expect("an entry");
        let text = fs::read_to_string(&path).expect("text");
        let (_, rest) = text.split_once('\n').expect("a sum");
        let rest = rest.replace("some_text", "kept_text");
        let sum = Sha256::digest(&rest)
            .iter()
            .fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        fs::write(path, format!("{sum}\n{rest}")).expect("a file");
    }
}

const FRESH: [&str; 3] = ["owner", "id", "some_text"];
const KEPT: [&str; 3] = ["owner", "id", "kept_text"];

#[test]
fn what_did_not_change_is_not_evaluated_again() {
    let project = Project::new();
    assert_eq!(project.columns(), FRESH);
    project.mark_entry();
    assert_eq!(project.columns(), KEPT);
    assert_eq!(project.columns(), KEPT);
}

#[test]
fn another_text_of_any_file_is_evaluated() {
    let project = Project::new();
    project.columns();
    project.mark_entry();
    project.write("helpers/index.ts", &Project::helper("tenant"));
    assert_eq!(project.columns(), ["tenant", "id", "some_text"]);
    assert_eq!(project.entries().len(), 1);
}

#[test]
fn a_new_file_that_an_import_means_is_found() {
    let project = Project::new();
    project.columns();
    project.mark_entry();
    project.write("helpers.ts", &Project::helper("tenant"));
    assert_eq!(project.columns(), ["tenant", "id", "some_text"]);
}

#[test]
fn a_damaged_entry_is_as_good_as_none() {
    let project = Project::new();
    project.columns();
    let path = project.entries().pop().expect("an entry");
    let text = fs::read_to_string(&path).expect("text");
    fs::write(path, text.replace("some_text", "some_test")).expect("a file");
    assert_eq!(project.columns(), FRESH);
}

#[test]
fn what_looks_at_more_than_files_is_not_kept() {
    let project = Project::new();
    for looks in [
        "new Date()",
        "Date.now()",
        "Math.random()",
        "process.env.HOME",
        "'HOME' in process.env",
        "Object.keys(process.env)",
    ] {
        let helper = Project::helper("owner") + &format!("export const it = {looks};\n");
        project.write("helpers/index.ts", &helper);
        assert_eq!(project.columns(), FRESH, "{looks}");
        assert!(project.entries().is_empty(), "{looks}");
    }
    // Nobody calls it here.
    let helper = Project::helper("owner") + "export const later = () => new Date();\n";
    project.write("helpers/index.ts", &helper);
    assert_eq!(project.columns(), FRESH);
    assert_eq!(project.entries().len(), 1);
}

#[test]
fn small_schemas_are_evaluated_each_time() {
    let project = Project::new();
    let small = "import { pgTable, text } from 'drizzle-orm/pg-core';\nexport const t = pgTable('t799', { owner: text() });";
    project.write("schema.ts", small);
    assert_eq!(project.columns(), ["owner"]);
    assert!(project.entries().is_empty());
}
