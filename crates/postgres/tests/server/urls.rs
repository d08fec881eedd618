//! What a URL means, what it shows, and what of it is refused.

use crate::support::shown;
use driftless_postgres::{ConnectOptions, Defaults, Parts, PartsSsl, SslMode};

fn refused(url: &str) -> String {
    shown(&ConnectOptions::from_url(url).expect_err(url))
}

#[test]
fn a_url_is_shown_without_its_password_and_its_parameters() {
    for (url, expected) in [
        (
            "postgres://ann:s3cret@db:6543/shop",
            "postgres://ann@db:6543/shop",
        ),
        (
            "postgresql://ann:s3cret@db/shop?sslmode=require",
            "postgres://ann@db:5432/shop",
        ),
        (
            "postgres://a%40b:p%2Fw@db/my%20shop",
            "postgres://a%40b@db:5432/my%20shop",
        ),
        ("postgres://ann:x:y@[::1]:7/d", "postgres://ann@[::1]:7/d"),
        ("postgres://ann@a:1,b:2/d", "postgres://ann@a:1,b:2/d"),
        (
            "postgres://ann@/d?host=/run/pg&port=6",
            "postgres://ann@/d?host=/run/pg&port=6",
        ),
        (
            "postgres://ann@%2Frun%2Fpg/d",
            "postgres://ann@/d?host=/run/pg",
        ),
        (
            "postgres://ann:p@?password=q&dbname=e",
            "postgres://ann@localhost:5432/e",
        ),
        (
            "postgres://db?user=ann&password=s3cret",
            "postgres://ann@db:5432/ann",
        ),
    ] {
        let options = ConnectOptions::from_url(url).unwrap();
        assert_eq!(options.to_string(), expected, "{url}");
        assert!(!format!("{options:?}").contains("s3cret"), "{url}");
    }
}

#[test]
fn other_programs_parameters_are_named_and_passed() {
    let url =
        "postgres://ann@db/d?schema=public&pgbouncer=true&uselibpqcompat=true&sslmode=no-verify";
    let options = ConnectOptions::from_url(url).unwrap();
    assert_eq!(options.ssl_mode, SslMode::Require);
    let warnings: Vec<_> = options
        .warnings
        .iter()
        .map(|warning| warning.message.as_str())
        .collect();
    assert_eq!(
        warnings,
        [
            "`schema` in the database URL has no effect here: it is Prisma's word for the schema of its tables",
            "`pgbouncer` in the database URL has no effect here: it is a hint for Prisma",
        ]
    );
}

#[test]
fn what_a_url_cannot_mean_is_refused() {
    for (url, expected) in [
        (
            "mysql://root@db/d",
            "invalid-database-url: the database URL cannot be used: it begins with `mysql://`\n  help: write it as `postgres://user:password@host:5432/database`\n",
        ),
        (
            "ann:s3cret@db",
            "invalid-database-url: the database URL cannot be used: it does not begin with `postgres://`\n  help: write it as `postgres://user:password@host:5432/database`\n",
        ),
        (
            "postgres://ann:a/b@db/d",
            "invalid-database-url: the database URL cannot be used: the password holds a `/` that is not written as `%2F`\n",
        ),
        (
            "postgres://ann:100%@db/d",
            "invalid-database-url: the database URL cannot be used: the password holds a `%` that is not followed by two hexadecimal digits\n  help: write a `%` itself as `%25`\n",
        ),
        (
            "postgres://ann@db:0/d",
            "invalid-database-url: `port=0` in the database URL is not a number from 1 to 65535\n",
        ),
        (
            "postgres://ann@db/d?sslmode=on",
            "invalid-database-url: `sslmode=on` in the database URL is not one of `disable`, `allow`, `prefer`, `require`, `verify-ca`, `verify-full`, `no-verify`\n",
        ),
        (
            "postgres://ann@db/d?sslmod=require",
            "unknown-database-url-parameter: the database URL has a parameter `sslmod` that nobody knows\n  help: did you mean `sslmode`?\n",
        ),
        (
            "postgres://ann@db/d?sslcrl=x",
            "unsupported-database-url-parameter: `sslcrl` in the database URL is not supported, and ignoring it would not do what it asks for\n  help: take `sslcrl` out of the URL that Driftless is given\n",
        ),
        (
            "postgres://ann@db/d?sslcert=x",
            "invalid-database-url: a client certificate needs both the certificate and its key, one of them is missing\n  help: give both `sslcert` and `sslkey`\n",
        ),
        (
            "postgres://ann@db/d?sslrootcert=system",
            "invalid-database-url: `sslrootcert=system` trusts every public authority, so `sslmode=prefer` with it would verify nothing\n  help: use `sslmode=verify-full`\n",
        ),
    ] {
        assert_eq!(refused(url), expected, "{url}");
    }
}

#[test]
fn parts_carry_drizzles_forms_of_ssl() {
    let settings = |reject_unauthorized, ca: Option<&str>| PartsSsl::Settings {
        reject_unauthorized,
        ca: ca.map(str::to_owned),
        cert: None,
        key: None,
        server_name: None,
    };
    for (ssl, mode, with_root) in [
        (PartsSsl::Unset, SslMode::Prefer, false),
        (PartsSsl::Flag(true), SslMode::VerifyFull, false),
        (PartsSsl::Flag(false), SslMode::Disable, false),
        (PartsSsl::Mode("require".into()), SslMode::Require, false),
        (settings(Some(false), Some("pem")), SslMode::Require, false),
        (settings(None, Some("pem")), SslMode::VerifyFull, true),
    ] {
        let parts = Parts {
            host: "db".into(),
            user: Some("ann".into()),
            password: Some("s3cret".into()),
            database: "shop".into(),
            ssl: ssl.clone(),
            port: None,
        };
        let options = ConnectOptions::from_parts(parts, &Defaults::default()).unwrap();
        assert_eq!(options.ssl_mode, mode, "{ssl:?}");
        assert_eq!(options.root_certificate.is_some(), with_root, "{ssl:?}");
        assert_eq!(options.to_string(), "postgres://ann@db:5432/shop");
    }
}
