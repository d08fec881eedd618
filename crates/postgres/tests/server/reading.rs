//! Reading while others write, and as whom.

use driftless_postgres::{ConnectOptions, Reading, Scope, Session, connect, read};
use driftless_testing::Cluster;

use crate::flips::BASE;

async fn session(url: &str, role: Option<&str>) -> Session {
    let options = ConnectOptions::from_url(url).unwrap();
    let mut session = connect(&options).await.unwrap();
    if let Some(role) = role {
        let become_role = format!("SET SESSION AUTHORIZATION {role}");
        session.execute(&become_role).await.unwrap();
    }
    session
}

fn cluster() -> Option<Cluster> {
    let cluster = Cluster::start_with(&["wal_level=logical"]);
    if cluster.is_none() {
        println!("skipped: no Postgres on this machine");
    }
    cluster
}

#[tokio::test]
async fn a_role_without_rights_reads_what_the_owner_reads() {
    let Some(cluster) = cluster() else { return };
    let url = cluster.database();
    let mut owner = session(&url, None).await;
    owner.execute(BASE).await.unwrap();
    owner.execute("CREATE ROLE stranger").await.unwrap();
    let mut stranger = session(&url, Some("stranger")).await;
    let scope = Scope {
        owner: Some("postgres".to_owned()),
        ..Scope::default()
    };
    let theirs: Reading = read(&mut stranger, &scope).await.unwrap();
    let ours = read(&mut owner, &scope).await.unwrap();
    assert!(ours == theirs);
}

#[tokio::test]
async fn a_schema_that_changes_meanwhile_is_read_or_said_to_change() {
    let Some(cluster) = cluster() else { return };
    let url = cluster.database();
    let mut writer = session(&url, None).await;
    let mut reader = session(&url, None).await;
    let write = async {
        for round in 0..150 {
            let churn = format!(
                "CREATE TABLE t{round} (id integer PRIMARY KEY CHECK (id > 0), n integer DEFAULT 1);
                 CREATE VIEW v{round} AS SELECT id FROM t{round};
                 CREATE FUNCTION f{round}() RETURNS integer LANGUAGE sql AS 'SELECT 1';"
            );
            writer.execute(&churn).await.unwrap();
            let away = format!("DROP VIEW v{round}; DROP TABLE t{round}; DROP FUNCTION f{round}()");
            writer.execute(&away).await.unwrap();
        }
    };
    let read = async {
        let mut codes = Vec::new();
        for _ in 0..15 {
            if let Err(failure) = read(&mut reader, &Scope::default()).await {
                codes.push(failure.diagnostics()[0].code);
            }
        }
        codes
    };
    let ((), codes) = tokio::join!(write, read);
    assert!(
        codes.iter().all(|code| *code == "schema-changing"),
        "{codes:?}"
    );
}
