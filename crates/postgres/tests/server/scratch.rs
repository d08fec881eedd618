//! Scratch clusters, and the cache of what was read in them.

use driftless_postgres::{
    CacheKey, CatalogCache, ConnectOptions, NativeOptions, Scope, Scratch, find_binaries, read,
};
use driftless_testing::Cluster;

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work)
}

fn native() -> Option<NativeOptions> {
    let Some(binaries) = find_binaries(None).into_iter().next() else {
        println!("skipped: no Postgres on this machine");
        return None;
    };
    let cache = tempfile::tempdir().unwrap().keep();
    Some(NativeOptions {
        binaries: binaries.folder,
        cache,
    })
}

#[test]
fn a_native_cluster_comes_and_goes() {
    let Some(options) = native() else { return };
    // The second time it is copied from what the first one left in the cache.
    for _ in 0..2 {
        block_on(async {
            let mut scratch = Scratch::native(&options).await.unwrap();
            let mut session = scratch.database(Some("app")).await.unwrap();
            assert_eq!(session.server().database, "app");
            assert!(session.server().superuser);
            session
                .execute("CREATE ROLE r; CREATE TABLE t (id integer)")
                .await
                .unwrap();
            session.close().await;
            let mut other = scratch.database(Some("app")).await.unwrap();
            let reading = read(&mut other, &Scope::default()).await.unwrap();
            let found: Vec<String> = reading
                .catalog
                .objects()
                .map(|(id, _)| id.to_string())
                .collect();
            assert!(!found.contains(&"table t".to_owned()), "{found:?}");
            other.close().await;
            scratch.end().await.unwrap();
        });
    }
    std::fs::remove_dir_all(&options.cache).unwrap();
}

#[test]
fn a_given_server_is_left_as_it_was() {
    let Some(cluster) = Cluster::start() else {
        println!("skipped: no Postgres on this machine");
        return;
    };
    let facts = || {
        let sql =
            "SELECT datname FROM pg_database UNION ALL SELECT rolname FROM pg_roles ORDER BY 1;";
        cluster.databases().run("postgres", sql).unwrap()
    };
    let before = facts();
    block_on(async {
        let options = ConnectOptions::from_url(&cluster.url("postgres")).unwrap();
        let mut scratch = Scratch::on_server(options).await.unwrap();
        let mut session = scratch.database(Some("postgres")).await.unwrap();
        assert!(session.server().database.starts_with("driftless_scratch_"));
        session.execute("CREATE ROLE r").await.unwrap();
        session.close().await;
        scratch.end().await.unwrap();
    });
    assert_eq!(facts(), before);
}

#[test]
fn a_role_that_may_not_create_databases_is_refused() {
    let Some(cluster) = Cluster::start() else {
        println!("skipped: no Postgres on this machine");
        return;
    };
    cluster
        .databases()
        .run("postgres", "CREATE ROLE plain LOGIN;")
        .unwrap();
    let url = cluster.url("postgres").replacen("postgres@", "plain@", 1);
    let options = ConnectOptions::from_url(&url).unwrap();
    let Err(failure) = block_on(Scratch::on_server(options)) else {
        panic!("it may");
    };
    assert_eq!(failure.diagnostics()[0].code, "scratch-not-allowed");
}

#[test]
fn what_was_read_is_kept_and_a_damaged_entry_is_not_used() {
    let Some(options) = native() else { return };
    let reading = block_on(async {
        let mut scratch = Scratch::native(&options).await.unwrap();
        let mut session = scratch.database(None).await.unwrap();
        session
            .execute("CREATE TABLE t (id integer PRIMARY KEY); CREATE VIEW v AS SELECT * FROM t; COMMENT ON VIEW v IS 'x'")
            .await
            .unwrap();
        let reading = read(&mut session, &Scope::default()).await.unwrap();
        session.close().await;
        reading
    });
    let cache = CatalogCache::new(options.cache.join("catalogs"));
    let (key, other) = (
        CacheKey::of([b"a".as_slice()]),
        CacheKey::of([b"b".as_slice()]),
    );
    assert_ne!(key, other);
    assert_ne!(
        CacheKey::of([b"ab".as_slice(), b"c"]),
        CacheKey::of([b"a".as_slice(), b"bc"])
    );
    assert_eq!(cache.get(&key), None);
    cache.put(&key, &reading);
    assert_eq!(cache.get(&key), Some(reading));
    assert_eq!(cache.get(&other), None);
    let entry = std::fs::read_dir(options.cache.join("catalogs"))
        .unwrap()
        .next()
        .unwrap();
    let path = entry.unwrap().path();
    let text = std::fs::read_to_string(&path)
        .unwrap()
        .replacen("\"id\"", "\"ix\"", 1);
    std::fs::write(&path, text).unwrap();
    assert_eq!(cache.get(&key), None);
    std::fs::remove_dir_all(&options.cache).unwrap();
}
