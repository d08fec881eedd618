//! libpq's six sslmodes against a server with a throwaway authority.

use crate::support::{block_on, cluster, open, refusal, tcp};

/// What became of a connection.
#[derive(Debug, PartialEq)]
enum Got {
    Encrypted,
    Plain,
    Refused(String),
}

fn connected(url: &str) -> Got {
    match block_on(open(url)) {
        Ok(session) if session.server().encrypted => Got::Encrypted,
        Ok(_) => Got::Plain,
        Err(failure) => Got::Refused(failure.diagnostics()[0].code.to_owned()),
    }
}

fn code(text: &str) -> Got {
    Got::Refused(text.to_owned())
}

#[test]
fn each_mode_uses_tls_as_libpq_does() {
    let Some(_cluster) = cluster() else { return };
    for (mode, both, only_with, only_without) in [
        ("disable", Got::Plain, code("tls-required"), Got::Plain),
        ("allow", Got::Plain, Got::Encrypted, Got::Plain),
        ("prefer", Got::Encrypted, Got::Encrypted, Got::Plain),
        (
            "require",
            Got::Encrypted,
            Got::Encrypted,
            code("login-refused"),
        ),
    ] {
        let mode = format!("&sslmode={mode}");
        assert_eq!(connected(&tcp("ann:sec%26ret%2F1", &mode)), both, "{mode}");
        assert_eq!(connected(&tcp("encrypted:p", &mode)), only_with, "{mode}");
        assert_eq!(connected(&tcp("plain:p", &mode)), only_without, "{mode}");
    }
}

#[test]
fn certificates_are_verified_as_far_as_the_mode_says() {
    let Some(cluster) = cluster() else { return };
    let file = |name: &str| {
        cluster
            .folder()
            .join("data")
            .join(name)
            .display()
            .to_string()
    };
    let (ca, stranger, server) = (file("ca.crt"), file("stranger.crt"), file("server.crt"));
    let host = |host: &str, rest: &str| {
        tcp("encrypted:p", rest).replace("@db.test/", &format!("@{host}/"))
    };
    for (url, expected) in [
        // Without a root certificate `require` believes anybody, with one it is `verify-ca`.
        (host("db.test", "&sslmode=require"), Got::Encrypted),
        (
            host(
                "db.test",
                &format!("&sslmode=require&sslrootcert={stranger}"),
            ),
            code("certificate-unknown-issuer"),
        ),
        (
            host("other.test", &format!("&sslmode=require&sslrootcert={ca}")),
            Got::Encrypted,
        ),
        (
            host("db.test", &format!("&sslmode=verify-ca&sslrootcert={ca}")),
            Got::Encrypted,
        ),
        (
            host(
                "other.test",
                &format!("&sslmode=verify-ca&sslrootcert={ca}"),
            ),
            Got::Encrypted,
        ),
        (
            host(
                "db.test",
                &format!("&sslmode=verify-ca&sslrootcert={stranger}"),
            ),
            code("certificate-unknown-issuer"),
        ),
        (
            host("db.test", &format!("&sslmode=verify-full&sslrootcert={ca}")),
            Got::Encrypted,
        ),
        (
            host(
                "other.test",
                &format!("&sslmode=verify-full&sslrootcert={ca}"),
            ),
            code("certificate-wrong-name"),
        ),
        // The certificate itself as its own root, as OpenSSL takes it.
        (
            host(
                "db.test",
                &format!("&sslmode=verify-full&sslrootcert={server}"),
            ),
            Got::Encrypted,
        ),
        // The system does not know our authority.
        (
            host("db.test", "&sslmode=verify-ca"),
            code("certificate-unknown-issuer"),
        ),
        (
            host("db.test", "&sslmode=verify-full&sslrootcert=system"),
            code("certificate-unknown-issuer"),
        ),
    ] {
        assert_eq!(connected(&url), expected, "{url}");
    }
}

#[test]
fn a_client_certificate_logs_in() {
    let Some(cluster) = cluster() else { return };
    let file = |name: &str| {
        cluster
            .folder()
            .join("data")
            .join(name)
            .display()
            .to_string()
    };
    let (cert, key) = (file("client.crt"), file("client.key"));
    let with = format!("&sslmode=require&sslcert={cert}&sslkey={key}");
    assert_eq!(connected(&tcp("certified", &with)), Got::Encrypted);
    let without = refusal(&tcp("certified", "&sslmode=require"));
    assert!(
        without.starts_with("login-refused: the server at db.test:5432 refuses the connection: connection requires a valid client certificate\n"),
        "{without}"
    );
}

#[test]
fn the_password_is_tied_to_the_tls_session_when_that_is_asked_for() {
    let Some(_cluster) = cluster() else { return };
    let bound = tcp("encrypted:p", "&sslmode=require&channel_binding=require");
    assert_eq!(connected(&bound), Got::Encrypted);
    let unbound = tcp("plain:p", "&sslmode=disable&channel_binding=require");
    assert_eq!(connected(&unbound), code("channel-binding-missing"));
}

#[test]
fn failures_of_tls_say_what_to_do() {
    let Some(cluster) = cluster() else { return };
    let ca = cluster.folder().join("data/ca.crt").display().to_string();
    let stranger = cluster
        .folder()
        .join("data/stranger.crt")
        .display()
        .to_string();
    let wrong_name = tcp(
        "encrypted:p",
        &format!("&sslmode=verify-full&sslrootcert={ca}"),
    )
    .replace("@db.test/", "@other.test/");
    for (url, expected) in [
        (
            tcp("encrypted:p", &format!("&sslmode=verify-full&sslrootcert={stranger}")),
            format!(
                "certificate-unknown-issuer: the server at db.test:5432 shows a certificate that none of `{stranger}` vouches for\n  \
                 note: sslmode is verify-full\n  \
                 help: give the authority's certificate with `sslrootcert=FILE`\n"
            ),
        ),
        (
            wrong_name,
            "certificate-wrong-name: the certificate of the server at other.test:5432 is made out to `db.test`\n  \
             note: sslmode is verify-full\n  \
             help: connect by the name in the certificate, or use `sslmode=verify-ca` to check only who signed it\n"
                .to_owned(),
        ),
        (
            tcp("encrypted:p", "&sslmode=verify-ca&sslrootcert=/nowhere/ca.crt"),
            "certificate-file-unusable: `/nowhere/ca.crt` cannot be read: No such file or directory (os error 2)\n  \
             help: correct `sslrootcert`, `sslcert` or `sslkey` in the database URL\n"
                .to_owned(),
        ),
        (
            tcp("encrypted:p", "&sslmode=verify-ca&sslrootcert=/etc/passwd"),
            "certificate-file-unusable: `/etc/passwd` cannot be used for TLS: it holds no `BEGIN CERTIFICATE` block\n".to_owned(),
        ),
        (
            tcp("encrypted:p", "&sslmode=disable"),
            "tls-required: the server at db.test:5432 does not let `encrypted` into `postgres` without TLS\n  \
             note: SQLSTATE 28000: no pg_hba.conf entry for host \"127.0.0.1\", user \"encrypted\", database \"postgres\", no encryption\n  \
             help: use `sslmode=require` or stronger\n"
                .to_owned(),
        ),
    ] {
        assert_eq!(refusal(&url), expected, "{url}");
    }
}

#[test]
fn a_server_without_tls_is_refused_where_tls_is_required() {
    let listen = "127.83.7.22";
    let setting = format!("listen_addresses={listen}");
    let Some(cluster) = driftless_testing::Cluster::start_with(&[&setting]) else {
        println!("skipped: no Postgres on this machine");
        return;
    };
    let url = |mode: &str| format!("postgres://postgres@{listen}/postgres?sslmode={mode}");
    assert_eq!(connected(&url("prefer")), Got::Plain);
    assert_eq!(
        refusal(&url("require")),
        "tls-refused: the server at 127.83.7.22:5432 has no TLS, which `sslmode=require` requires\n  \
         help: turn `ssl` on in the server, or use `sslmode=prefer` in a network that you trust\n"
    );
    drop(cluster);
}
