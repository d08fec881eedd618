//! A schema of any size arrives whole: nothing between QuickJS and the snapshot may count tables.

use driftless_sources::script::{Limits, SchemaRequest, load};

#[test]
fn every_table_arrives() {
    for number in [1, 49, 50, 51, 100, 333] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut text = String::from("import { integer, pgTable } from 'drizzle-orm/pg-core';\n");
        for table in 0..number {
            text +=
                &format!("export const t{table} = pgTable('t{table}', {{ id: integer('id') }});\n");
        }
        std::fs::write(folder.path().join("schema.ts"), text).expect("a file");
        let root = folder.path().to_str().expect("UTF-8");
        let declared = load(&SchemaRequest {
            root: root.into(),
            files: vec!["schema.ts".to_owned()],
            casing: None,
            env: std::collections::BTreeMap::default(),
            limits: Limits::default(),
            allow_empty: false,
            kept: None,
        })
        .expect("it loads");
        assert_eq!(declared.snapshot.tables.len(), number);
    }
}
