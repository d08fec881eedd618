//! The migration lock between real sessions.

use crate::support::{block_on, cluster, open, shown};
use driftless_postgres::{LockKey, lock, unlock};
use std::time::Duration;

#[test]
fn the_second_waits_learns_for_whom_and_goes_on() {
    let Some(cluster) = cluster() else { return };
    let url = cluster.url("postgres");
    block_on(async {
        let key = LockKey::ledger("d", "s", "t");
        let first = open(&format!("{url}&application_name=deploy-1"))
            .await
            .unwrap();
        let second = open(&url).await.unwrap();
        lock(&first, key, None, &mut |_| panic!("nobody is there"))
            .await
            .unwrap();

        let limit = Some(Duration::from_millis(20));
        let failure = lock(&second, key, limit, &mut |_| {}).await.unwrap_err();
        let pid = first.server().pid;
        let text = shown(&failure);
        let expected = format!(
            "locked: nothing was migrated: another migration has held the lock for the 0 s that we waited\n  \
             note: the lock is held by pid {pid}, user postgres, application deploy-1, connected since "
        );
        assert!(text.starts_with(&expected), "{text}");
        assert!(
            text.ends_with(&format!(
                "  help: wait for it, or end it with `SELECT pg_terminate_backend({pid})`\n"
            )),
            "{text}"
        );

        let mut first = Some(first);
        let mut waits = 0;
        lock(&second, key, None, &mut |waiting| {
            waits += 1;
            assert_eq!(waiting.holder.unwrap().pid, pid);
            // Its session ends, and the lock with it.
            first = None;
        })
        .await
        .unwrap();
        assert!(waits > 0);

        unlock(&second, key).await.unwrap();
        let third = open(&url).await.unwrap();
        lock(&third, key, None, &mut |_| panic!("given back"))
            .await
            .unwrap();
        let other = LockKey::ledger("d", "s", "other");
        lock(&second, other, None, &mut |_| panic!("another ledger"))
            .await
            .unwrap();
    });
}
