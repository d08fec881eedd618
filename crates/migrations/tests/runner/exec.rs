//! Seeds and wipes: all files or none.

use crate::support::{block_on, database, shown};
use driftless_diagnostic::SourceFile;
use driftless_migrations::run::exec;

#[test]
fn files_are_run_in_one_transaction() {
    let Some(db) = database() else { return };
    block_on(async {
        let mut session = db.session().await;
        let schema = SourceFile::new("seed/schema.sql", "create table t (a int);");
        let good = SourceFile::new(
            "seed/rows.sql",
            "insert into t values (1);\ninsert into t values (2);",
        );
        let bad = SourceFile::new(
            "seed/more.sql",
            "insert into t values (3);\ninsert into t values ('x');",
        );
        let failure = exec(
            &mut session,
            &[schema.clone(), good.clone(), bad],
            None,
            &mut |_| {},
        )
        .await
        .unwrap_err();
        assert_eq!(
            shown(&failure),
            "statement-failed: `seed/more.sql` was rolled back: invalid input syntax for type integer: \"x\"\n  \
             at seed/more.sql:2:23 ['x'] 22P02\n  \
             note: SQLSTATE 22P02\n  \
             note: statement 2 of 2\n"
        );
        assert_eq!(db.rows("select to_regclass('t')").await, "null");
        let summary = exec(&mut session, &[schema, good], None, &mut |_| {})
            .await
            .unwrap();
        assert_eq!(summary.applied.len(), 2);
        assert_eq!(db.rows("select count(*) from t").await, "2");
        assert_eq!(db.rows("select to_regnamespace('drizzle')").await, "null");
    });
}
