//! Who stands in a statement's way.

use crate::support::{block_on, cluster, open};
use driftless_postgres::Heard;

#[test]
fn a_statement_that_waits_learns_for_whom() {
    let Some(cluster) = cluster() else { return };
    let url = cluster.url(&cluster.new_database());
    block_on(async {
        let mut other = open(&format!("{url}&application_name=psql")).await.unwrap();
        let mut session = open(&url).await.unwrap();
        for sql in ["CREATE TABLE t ()", "BEGIN", "LOCK t"] {
            other.execute(sql).await.unwrap();
        }
        session.execute("SET lock_timeout = 2500").await.unwrap();
        let pid = other.server().pid;
        let mut heard = Vec::new();
        let statements = ["SELECT 1", "ALTER TABLE t ADD a int", "SELECT 2"];
        session.execute("BEGIN").await.unwrap();
        let (number, error) = session
            .run_watched(&statements, &mut |one| heard.push(one))
            .await
            .unwrap_err();
        assert_eq!(number, 1);
        assert_eq!(heard.remove(0), Heard::Done(1));
        assert!(!heard.is_empty());
        for one in heard {
            let Heard::Blocked { by, .. } = one else {
                panic!("{one:?}");
            };
            let pids: Vec<_> = by.iter().map(|holder| holder.pid).collect();
            assert_eq!(pids, [pid]);
        }
        let found = error.diagnostic("altering");
        let held = &found.notes[1];
        let expected = format!("the lock is held by pid {pid}, user postgres, application psql, ");
        assert!(held.starts_with(&expected), "{held}");
        assert!(held.ends_with(", idle in transaction"), "{held}");
    });
}

#[test]
fn rows_are_counted() {
    let Some(cluster) = cluster() else { return };
    let url = cluster.url(&cluster.new_database());
    block_on(async {
        let mut session = open(&url).await.unwrap();
        for (sql, expected) in [
            ("CREATE TABLE t (a int)", 0),
            ("INSERT INTO t SELECT generate_series(1, 1000)", 1000),
            ("SELECT * FROM t WHERE a > 990", 10),
            (
                "UPDATE t SET a = 0 WHERE a < 11; DELETE FROM t WHERE a = 12",
                1,
            ),
        ] {
            let mut heard = Vec::new();
            session
                .run_watched(&[sql], &mut |one| heard.push(one))
                .await
                .unwrap();
            assert_eq!(heard, [Heard::Done(expected)], "{sql}");
        }
        let (done, _) = session
            .run_counting("SELECT 1; SELECT 2; SELECT 1/0", &mut |_| {})
            .await
            .unwrap_err();
        assert_eq!(done, 2);
    });
}
