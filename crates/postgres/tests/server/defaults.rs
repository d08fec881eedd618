//! What a URL leaves out: variables, services, the password file.

use crate::support::shown;
use driftless_postgres::{ConnectOptions, Defaults, Secret};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;

/// A home with these files, and these variables besides `HOME`.
struct Home(TempDir);

impl Home {
    fn new(files: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = home.path().join(name);
            std::fs::write(&file, text).unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        Self(home)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn defaults(&self, variables: &[(&str, &str)]) -> Defaults {
        let home = ("HOME", self.path().to_str().unwrap());
        let all = variables.iter().chain([&home]);
        Defaults {
            variables: all
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        }
    }

    fn options(&self, url: &str, variables: &[(&str, &str)]) -> ConnectOptions {
        ConnectOptions::from_url_and(url, &self.defaults(variables)).expect(url)
    }

    fn refused(&self, url: &str, variables: &[(&str, &str)]) -> String {
        let failure = ConnectOptions::from_url_and(url, &self.defaults(variables));
        shown(&failure.expect_err(url)).replace(self.path().to_str().unwrap(), "~")
    }
}

#[test]
fn variables_stand_in_for_what_the_url_leaves_out() {
    let home = Home::new(&[]);
    let all = [
        ("PGHOST", "db.example.com"),
        ("PGPORT", "6543"),
        ("PGUSER", "ann"),
        ("PGDATABASE", "shop"),
        ("PGSSLMODE", "verify-full"),
        ("PGAPPNAME", "deploy"),
    ];
    for (url, expected) in [
        ("postgres://", "postgres://ann@db.example.com:6543/shop"),
        (
            "postgres:///other",
            "postgres://ann@db.example.com:6543/other",
        ),
        (
            "postgres://bob@/",
            "postgres://bob@db.example.com:6543/shop",
        ),
        ("postgres://here:1/", "postgres://ann@here:1/shop"),
        ("postgres://here", "postgres://ann@here:6543/shop"),
        (
            "postgres://?host=/run/pg",
            "postgres://ann@/shop?host=/run/pg&port=6543",
        ),
    ] {
        assert_eq!(home.options(url, &all).to_string(), expected, "{url}");
    }
    let options = home.options("postgres://?sslmode=disable", &all);
    assert_eq!(options.ssl_mode.to_string(), "disable");
    assert_eq!(options.application_name, "deploy");
    let options = home.options("postgres://?ssl=no-verify", &all);
    assert_eq!(options.ssl_mode.to_string(), "require");
    assert_eq!(
        home.options("postgres://", &all).ssl_mode.to_string(),
        "verify-full"
    );
}

#[test]
fn a_wrong_variable_is_named() {
    let home = Home::new(&[]);
    insta::assert_snapshot!(home.refused("postgres://", &[("PGPORT", "x")]), @r"
    invalid-database-url: `port=x` in the database URL is not a number from 1 to 65535
      note: it is from PGPORT
    ");
    insta::assert_snapshot!(home.refused("postgres://", &[("PGREQUIREAUTH", "scram-sha-256")]), @r"
    unsupported-database-url-parameter: `require_auth` in the database URL is not supported, and ignoring it would not do what it asks for
      note: it is from PGREQUIREAUTH
      help: take `require_auth` out of the URL that Driftless is given
    ");
}

#[test]
fn services_come_from_the_users_file_or_the_systems() {
    let home = Home::new(&[
        (
            ".pg_service.conf",
            "# ours\n[other]\nhost=nowhere\n\n[shop]\nhost = db.example.com\ndbname=shop\nuser=ann\n[last]\nhost=x\n",
        ),
        ("pg_service.conf", "[system]\nhost=all.example.com\n"),
        ("broken.conf", "[shop]\nhost\n"),
    ]);
    let system = [("PGSYSCONFDIR", home.path().to_str().unwrap())];
    for (url, variables, expected) in [
        (
            "postgres://?service=shop",
            &[][..],
            "postgres://ann@db.example.com:5432/shop",
        ),
        (
            "postgres://",
            &[("PGSERVICE", "shop")],
            "postgres://ann@db.example.com:5432/shop",
        ),
        // A service is more to the point than a variable, the URL more than both.
        (
            "postgres://",
            &[("PGSERVICE", "shop"), ("PGUSER", "bob")],
            "postgres://ann@db.example.com:5432/shop",
        ),
        (
            "postgres://eve@/?service=shop",
            &[],
            "postgres://eve@db.example.com:5432/shop",
        ),
        (
            "postgres://?service=system&user=x",
            &system,
            "postgres://x@all.example.com:5432/x",
        ),
    ] {
        assert_eq!(home.options(url, variables).to_string(), expected, "{url}");
    }
    insta::assert_snapshot!(home.refused("postgres://?service=shopp", &system), @r"
    unknown-database-service: no service file has a service `shopp`
      note: looked into ~/.pg_service.conf and ~/pg_service.conf
      help: add `[shopp]` with its `host`, `dbname` and `user`, or give the database's URL
    ");
    let broken = home.path().join("broken.conf");
    let broken = [("PGSERVICEFILE", broken.to_str().unwrap())];
    insta::assert_snapshot!(home.refused("postgres://?service=shop", &broken), @r"
    invalid-service-file: ~/broken.conf:2 is not `parameter=value`
      help: write one parameter of a connection a line; a service has no other service in it
    ");
}

#[test]
fn the_password_is_that_of_the_first_line_that_fits() {
    let home = Home::new(&[(
        ".pgpass",
        "# comment\nnonsense\ndb:5432:shop:ann:first\ndb:5432:*:bob:with\\:colon\\\\\n\
         localhost:*:shop:ann:local\n*:*:*:eve:a:b\n",
    )]);
    for (url, password) in [
        ("postgres://ann@db/shop", Some("first")),
        ("postgres://ann@db/other", None),
        ("postgres://ann@db:5433/shop", None),
        ("postgres://bob@db/any", Some("with:colon\\")),
        (
            "postgres://ann@/shop?host=/var/run/postgresql",
            Some("local"),
        ),
        ("postgres://eve@far:1/x", Some("a:b")),
        ("postgres://ann:given@db/shop", Some("given")),
    ] {
        let found = home.options(url, &[]).password;
        assert_eq!(found, password.map(Secret::new), "{url}");
    }
    let found = home.options("postgres://ann@db/shop", &[("PGPASSWORD", "variable")]);
    assert_eq!(found.password, Some(Secret::new("variable")));
}

#[test]
fn a_password_file_that_others_may_read_is_not_used() {
    let home = Home::new(&[(".pgpass", "*:*:*:*:secret\n")]);
    let file = home.path().join(".pgpass");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let options = home.options("postgres://ann@db/shop", &[]);
    assert_eq!(options.password, None);
    let told: Vec<_> = options.warnings.iter().map(|one| one.code).collect();
    assert_eq!(told, ["password-file-not-used"]);
    let elsewhere = Home::new(&[("mine", "*:*:*:*:other\n")]);
    let file = elsewhere.path().join("mine");
    let options = home.options(
        "postgres://ann@db/shop",
        &[("PGPASSFILE", file.to_str().unwrap())],
    );
    assert_eq!(options.password, Some(Secret::new("other")));
}
