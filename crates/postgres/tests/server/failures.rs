//! Every reason for having no connection, as a person reads it.

use crate::support::{ADDRESS, block_on, cluster, open, refusal, tcp};
use std::io::Write;
use std::net::TcpListener;

#[test]
fn nobody_is_there() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    assert_eq!(
        refusal(&format!("postgres://ann:s3cret@127.0.0.1:{free}/d")),
        format!(
            "database-unreachable: no Postgres listens at 127.0.0.1:{free}\n  \
             help: start Postgres, or correct host and port in the database URL\n"
        )
    );
    assert_eq!(
        refusal("postgres://ann@/d?host=/nowhere"),
        "database-unreachable: no Postgres listens here: there is no socket /nowhere/.s.PGSQL.5432\n  \
         help: start Postgres, or correct the socket directory and port in the database URL\n"
    );
    let unknown = refusal("postgres://ann@no-such-host.invalid/d");
    assert!(
        unknown.starts_with("database-host-unknown: the database host `no-such-host.invalid` has no address\n  note: "),
        "{unknown}"
    );
    assert!(
        unknown.ends_with("  help: check the spelling of the host in the database URL\n"),
        "{unknown}"
    );
    assert_eq!(
        refusal("postgres://localhost/d"),
        "database-user-missing: the database URL names no user to log in as\n  \
         help: write it as `postgres://user:password@host:5432/database`\n"
    );
}

#[test]
fn somebody_else_is_there() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = (&stream).write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    for mode in ["prefer", "disable"] {
        let text = refusal(&format!("postgres://ann@127.0.0.1:{port}/d?sslmode={mode}"));
        assert!(
            text.starts_with(&format!(
                "not-postgres: what listens at 127.0.0.1:{port} does not answer as Postgres does\n"
            )),
            "{mode}: {text}"
        );
    }
}

#[test]
fn nobody_answers() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    assert_eq!(
        refusal(&format!(
            "postgres://ann@127.0.0.1:{port}/d?connect_timeout=1"
        )),
        format!(
            "database-timeout: the server at 127.0.0.1:{port} has not answered within 1 s\n  \
             help: check host, port and firewall; `connect_timeout=SECONDS` in the URL waits longer\n"
        )
    );
    drop(listener);
}

#[test]
fn the_server_says_no() {
    let Some(_cluster) = cluster() else { return };
    let wrong = refusal(&tcp("ann:wr0ngpass", ""));
    assert_eq!(
        wrong,
        "password-refused: the server at db.test:5432 refuses the password of `ann`\n  \
         note: SQLSTATE 28P01: password authentication failed for user \"ann\"\n  \
         help: check user and password in the database URL; special characters in it are written as %XX\n"
    );
    for (user, rest, expected) in [
        (
            "ann",
            "",
            "password-missing: the server at db.test:5432 wants a password for `ann` and none was given\n  \
             help: put it into the database URL: `postgres://user:password@host/database`\n",
        ),
        (
            "ann:sec%26ret%2F1",
            "&dbname=shop",
            "database-missing: the server at db.test:5432 has no database `shop`\n  \
             note: SQLSTATE 3D000: database \"shop\" does not exist\n  \
             help: create it with `createdb shop`, or correct the name in the database URL\n",
        ),
        (
            "ann:sec%26ret%2F1",
            "&dbname=closed",
            "login-refused: `ann` may not connect to the database `closed` at db.test:5432\n  \
             note: SQLSTATE 42501: permission denied for database \"closed\"\n  \
             note: detail: User does not have CONNECT privilege.\n  \
             help: `GRANT CONNECT ON DATABASE closed TO ann`\n",
        ),
        (
            "missing",
            "",
            "role-missing: the server at db.test:5432 has no role `missing`\n  \
             note: SQLSTATE 28000: role \"missing\" does not exist\n  \
             help: create it with `createuser missing`, or correct the user in the database URL\n",
        ),
        (
            "nobody_in",
            "",
            "login-refused: the role `nobody_in` may not log in at db.test:5432\n  \
             note: SQLSTATE 28000: role \"nobody_in\" is not permitted to log in\n  \
             help: `ALTER ROLE nobody_in LOGIN`, or use another role\n",
        ),
        (
            "limited:p",
            "",
            "too-many-connections: the server at db.test:5432 takes no more connections\n  \
             note: SQLSTATE 53300: too many connections for role \"limited\"\n  \
             help: close idle ones, raise `max_connections`, or try again\n",
        ),
    ] {
        assert_eq!(refusal(&tcp(user, rest)), expected, "{user} {rest}");
    }
    let outside = refusal(&tcp("stranger", ""));
    assert!(
        outside.contains("does not let `stranger` into `postgres` from here\n"),
        "{outside}"
    );
}

#[test]
fn of_several_servers_the_first_that_answers_and_fits_is_taken() {
    let Some(_cluster) = cluster() else { return };
    let hosts = format!("postgres://ann:sec%26ret%2F1@127.0.0.1:1,{ADDRESS}:5432/postgres");
    block_on(async {
        let session = open(&hosts).await.unwrap();
        assert_eq!(session.server().user, "ann");
        assert!(
            open(&format!("{hosts}?target_session_attrs=prefer-standby"))
                .await
                .is_ok()
        );
    });
    assert_eq!(
        refusal(&format!("{hosts}?target_session_attrs=standby")),
        format!(
            "database-unreachable: no Postgres listens at 127.0.0.1:1\n  \
             note: then tried {ADDRESS}:5432: the server at {ADDRESS}:5432 is a primary, `target_session_attrs` asks for a standby\n  \
             help: start Postgres, or correct host and port in the database URL\n"
        )
    );
}

#[test]
fn a_session_knows_its_server_and_can_be_stopped() {
    let Some(cluster) = cluster() else { return };
    block_on(async {
        let url = format!("{}&options=-c%20search_path%3Dapp", cluster.url("postgres"));
        let mut session = open(&url).await.unwrap();
        assert!(session.server().superuser && !session.server().encrypted && !session.is_pooled());
        assert_eq!(session.server().announced_pid, Some(session.server().pid));
        let path = session.texts("show search_path").await.unwrap();
        assert_eq!(path, [[Some("app".to_owned())]]);

        let canceller = session.canceller();
        let mut notices = Vec::new();
        let mut on_notice = |notice: driftless_postgres::Notice| notices.push(notice.message);
        let sql = "do $$ begin raise notice 'before'; perform pg_sleep(60); end $$";
        let (stopped, cancelled) = tokio::join!(session.run(sql, &mut on_notice), async {
            // The notice of the block has to be there first: the statement runs.
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            canceller.cancel().await
        });
        cancelled.unwrap();
        assert_eq!(stopped.unwrap_err().code(), Some("57014"));
        assert_eq!(notices, ["before"]);

        let other = open(&cluster.url("postgres")).await.unwrap();
        let end = format!("select pg_terminate_backend({})", session.server().pid);
        other.texts(&end).await.unwrap();
        assert!(session.execute("select 1").await.unwrap_err().is_lost());
    });
}
