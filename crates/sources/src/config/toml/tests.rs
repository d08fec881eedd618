use super::*;
use driftless_diagnostic::Diagnostic;
use insta::assert_snapshot;

fn shown(failure: &Failure) -> String {
    let one = |found: &Diagnostic| {
        driftless_report::diagnostic(found, driftless_report::Sheet::PLAIN, 100)
    };
    failure
        .diagnostics()
        .iter()
        .map(one)
        .collect::<Vec<_>>()
        .join("\n")
}

fn refused(text: &str) -> String {
    shown(&parse("driftless.toml", text).unwrap_err())
}

#[test]
fn every_key() {
    let parsed = parse(
        "driftless.toml",
        r#"
        schema = ["db/*.sql", "db/extra"]
        out = "migrations"
        [env.staging]
        url = "$STAGING_URL"
        [env.local]
        url = "postgres://localhost/x"
        [scratch]
        engine = "native"
        [database]
        exclude_schemas = ["audit"]
        [lint]
        drop-table = "off"
        "#,
    )
    .unwrap();
    let texts = |texts: &[Spanned<String>]| {
        texts
            .iter()
            .map(|text| text.value.clone())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(texts(&parsed.schema), "db/*.sql db/extra");
    assert_eq!(texts(&parsed.exclude_schemas), "audit");
    assert_eq!(parsed.out.as_ref().unwrap().value, "migrations");
    assert_eq!(parsed.scratch.engine, Engine::Native);
    let [(rule, level)] = parsed.lint.as_slice() else {
        panic!("{:?}", parsed.lint);
    };
    assert_eq!((&*rule.value, &*level.value), ("drop-table", "off"));
    let env = BTreeMap::from([("STAGING_URL".to_owned(), " x ".to_owned())]);
    let url = |name: &str| parsed.environment(name).unwrap().url.value.resolve(&env);
    assert_eq!(
        (url("staging"), url("local")),
        (Some("x"), Some("postgres://localhost/x"))
    );
    assert_eq!(
        format!(
            "{:?} {:?}",
            parsed.environments["local"].url.value, parsed.environments["staging"].url.value
        ),
        "Literal(..) Variable(\"STAGING_URL\")"
    );
    assert_snapshot!(shown(&parsed.environment("prod").unwrap_err()), @r"
    error[unknown-environment]: driftless.toml has no environment `prod`
     |
     = note: it has local, staging
     = help: add `[env.prod]` with a `url`
    ");
}

#[test]
fn everything_that_is_wrong_at_its_place() {
    assert_snapshot!(refused("schemas = []\nout = 1\nschema = ['a', 2]\n[env]\nx = 1\n[env.y]\n[env.z]\nurl = '$1'\nuri = ''\n[scratch]\nurl = '$A'\nengine = 'native'\n[database]\nexclude = []\n"), @r#"
    error[unknown-config-key]: `schemas` is not a key of driftless.toml
     --> driftless.toml:1:1
      |
    1 | schemas = []
      | ^^^^^^^
      |
      = help: did you mean `schema`?
    error[config-type]: `schema` must be a list of strings, here it is a number
     --> driftless.toml:3:16
      |
    3 | schema = ['a', 2]
      |                ^
    error[config-type]: `out` must be a string, here it is a number
     --> driftless.toml:2:7
      |
    2 | out = 1
      |       ^
    error[config-type]: `env.x` must be a table with a `url`, here it is a number
     --> driftless.toml:5:5
      |
    5 | x = 1
      |     ^
    error[config-type]: `env.y` has no `url`
     --> driftless.toml:6:6
      |
    6 | [env.y]
      |      ^
      |
      = help: add `url = "$DATABASE_URL"`, with the name of an environment variable
    error[unknown-config-key]: `env.z.uri` is not a key of driftless.toml
     --> driftless.toml:9:1
      |
    9 | uri = ''
      | ^^^
      |
      = help: did you mean `url`?
    error[config-type]: `env.z.url` begins with `$`, but no name of an environment variable follows
     --> driftless.toml:8:7
      |
    8 | url = '$1'
      |       ^^^^
      |
      = help: write `"$NAME"` alone, or the URL itself
    error[config-conflict]: `scratch.engine` chooses an engine although `scratch.url` gives a server
      --> driftless.toml:12:10
       |
    11 | url = '$A'
       |       ---- the server
    12 | engine = 'native'
       |          ^^^^^^^^
       |
       = help: keep one of the two
    error[unknown-config-key]: `database.exclude` is not a key of driftless.toml
      --> driftless.toml:14:1
       |
    14 | exclude = []
       | ^^^^^^^
       |
       = note: the keys here are role, exclude_schemas, accept_unmodelled
    "#);
    assert_snapshot!(refused("[scratch]\nengine = 'docker'\n"), @r#"
    error[config-type]: `scratch.engine` must be "auto", "native" or "embedded", it is "docker"
     --> driftless.toml:2:10
      |
    2 | engine = 'docker'
      |          ^^^^^^^^
    "#);
    assert_snapshot!(refused("schema = [\n"), @r"
    error[invalid-toml]: driftless.toml is no TOML: unclosed array, expected `]`
     --> driftless.toml:1:11
      |
    1 | schema = [
      |           ^
    ");
    assert_snapshot!(refused("out = 'a'\nout = 'b'\n"), @r"
    error[invalid-toml]: driftless.toml is no TOML: duplicate key
     --> driftless.toml:2:1
      |
    2 | out = 'b'
      | ^^^
    ");
}

#[test]
fn a_password_is_not_shown() {
    let said = refused("scratch = { url = 'postgres://u:s3cret@h/x', engine = 'native' }");
    assert!(said.contains("postgres://u:******@h/x"), "{said}");
    let parsed = parse("driftless.toml", "scratch.url = 'postgres://u:s3cret@h/x'").unwrap();
    let url = parsed.scratch.url.as_ref().unwrap();
    assert_eq!(
        url.value.resolve(&BTreeMap::new()),
        Some("postgres://u:s3cret@h/x")
    );
    assert!(!format!("{parsed:?}").contains("s3cret"));
}

#[test]
fn with_and_without_a_drizzle_config() {
    let folder = tempfile::tempdir().unwrap();
    let dir = Utf8Path::from_path(folder.path()).unwrap();
    for (path, text) in [
        ("db/a.sql", ""),
        ("db/extra/deep/b.SQL", ""),
        ("db/extra/.hidden/c.sql", ""),
        ("db/extra/notes.md", ""),
        ("db/schema.ts", ""),
        ("db/other.ts", ""),
        ("docs/x.md", ""),
    ] {
        let path = dir.join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }
    let said = |text: &str, schema: Option<&[&str]>| {
        let toml = parse("driftless.toml", text).unwrap();
        let config = schema.map(|schema| crate::config::Config {
            schema: schema.iter().map(|entry| (*entry).to_owned()).collect(),
            ..crate::config::Config::without_file(dir, &dir.join("drizzle.config.ts"))
        });
        let both = out(dir, config.as_ref(), &toml)
            .and_then(|out| Ok((out, super::schema(dir, config.as_ref(), &toml)?)));
        let said = match both {
            Ok((out, schema)) => format!(
                "{out}; {}; {}",
                schema.scripts.join(" "),
                schema
                    .sql
                    .iter()
                    .map(|file| file.as_str())
                    .collect::<Vec<_>>()
                    .join(" ")
            ),
            Err(failure) => shown(&failure),
        };
        said.replace(dir.as_str(), "DIR")
    };
    for (toml, config, expected) in [
        ("schema = 'db/*.sql'", None, "DIR/drizzle; ; DIR/db/a.sql"),
        (
            "schema = ['db/extra', 'db/**/*.sql', './db/a.sql']\nout = './sql'",
            None,
            "DIR/sql; ; DIR/db/a.sql DIR/db/extra/deep/b.SQL",
        ),
        (
            "schema = ['db']",
            None,
            "DIR/drizzle; db; DIR/db/a.sql DIR/db/extra/deep/b.SQL",
        ),
        (
            "schema = ['db']\nout = 'drizzle'",
            Some(&["db/schema.ts"][..]),
            "DIR/drizzle; db/schema.ts; DIR/db/a.sql DIR/db/extra/deep/b.SQL",
        ),
        (
            "schema = ['db/schema.ts']",
            Some(&["./db/schema.ts"]),
            "DIR/drizzle; ./db/schema.ts; ",
        ),
        (
            "schema = ['db/schema.ts']",
            Some(&[]),
            "DIR/drizzle; db/schema.ts; ",
        ),
    ] {
        assert_eq!(said(toml, config), expected, "{toml}");
    }
    assert_snapshot!(said("schema = ['db/schema.ts']", Some(&["db/*.ts"])), @r"
    error[schema-conflict]: driftless.toml and drizzle.config.ts name different schema files
     --> driftless.toml:1:11
      |
    1 | schema = ['db/schema.ts']
      |           ^^^^^^^^^^^^^^
      |
      = note: drizzle.config.ts has db/*.ts
      = help: name TypeScript files in drizzle.config.ts alone
    ");
    assert_snapshot!(said("out = 'sql'", Some(&["db/*.ts"])), @r"
    error[out-conflict]: driftless.toml and drizzle.config.ts name different migrations folders
     --> driftless.toml:1:7
      |
    1 | out = 'sql'
      |       ^^^^^
      |
      = note: with drizzle.config.ts it is drizzle
      = help: name it in drizzle.config.ts alone
    ");
    assert_snapshot!(said("schema = ['nope/*.sql', 'docs', 'docs/x.md']", None), @r"
    error[schema-not-found]: nope/*.sql matches no SQL file
     --> driftless.toml:1:11
      |
    1 | schema = ['nope/*.sql', 'docs', 'docs/x.md']
      |           ^^^^^^^^^^^^
      |
      = note: looked in DIR
      = help: correct the path; it is relative to the project's directory
    error[schema-not-found]: there is no SQL file in docs
     --> driftless.toml:1:25
      |
    1 | schema = ['nope/*.sql', 'docs', 'docs/x.md']
      |                         ^^^^^^
      |
      = help: a folder stands for every .sql file in it and below
    error[schema-not-found]: docs/x.md is no schema file
     --> driftless.toml:1:33
      |
    1 | schema = ['nope/*.sql', 'docs', 'docs/x.md']
      |                                 ^^^^^^^^^^^
      |
      = help: schema files end in .sql or .ts
    ");
}

#[test]
fn a_tenant() {
    let parsed = parse(
        "driftless.toml",
        r#"
        [tenant]
        column = "account_id"
        function = "current_account_id"
        set = "SELECT set_config('app.a', {tenant}, true)"
        app_roles = ["app", "worker"]
        admin_roles = "admin"
        owner = "owner"
        [tenant.columns]
        accounts = "id"
        [tenant.exempt]
        regions = "the same for everybody"
        "billing.plans" = "likewise"
        [[tenant.accept]]
        rule = "R11"
        object = "accounts.accounts_slug_key"
        reason = "it is part of a URL"
        "#,
    )
    .unwrap();
    let tenant = parsed.tenant.unwrap();
    let texts = |texts: &[Spanned<String>]| {
        texts
            .iter()
            .map(|text| text.value.clone())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let pairs = |pairs: &[(Spanned<String>, String)]| {
        pairs
            .iter()
            .map(|(name, text)| format!("{}={text}", name.value))
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(tenant.column.value, "account_id");
    assert_eq!(tenant.function.value, "current_account_id");
    assert!(tenant.set.is_some());
    assert_eq!(tenant.owner.unwrap().value, "owner");
    assert_eq!(texts(&tenant.app_roles), "app worker");
    assert_eq!(texts(&tenant.admin_roles), "admin");
    assert_eq!(pairs(&tenant.columns), "accounts=id");
    assert_eq!(
        pairs(&tenant.exempt),
        "regions=the same for everybody billing.plans=likewise"
    );
    assert_eq!(tenant.accept.len(), 1);
    assert_eq!(tenant.accept[0].object.value, "accounts.accounts_slug_key");
}

#[test]
fn what_is_wrong_with_a_tenant() {
    assert_snapshot!(refused("[tenant]\ncolumn = ''\nroles = ['app']\nset = 'SELECT 1'\napp_roles = []\n[tenant.exempt]\nregions = ' '\nplans = true\n[[tenant.accept]]\nrule = 'R11'\nobject = 'x'\nwhy = 'y'\n"), @r#"
    error[unknown-config-key]: `tenant.roles` is not a key of driftless.toml
     --> driftless.toml:3:1
      |
    3 | roles = ['app']
      | ^^^^^
      |
      = note: the keys here are column, function, set, app_roles, admin_roles, owner, columns, exempt, accept
    error[config-type]: `tenant.column` is empty
     --> driftless.toml:2:10
      |
    2 | column = ''
      |          ^^
    error[config-type]: `tenant` has no `function`
     --> driftless.toml:1:1
      |
    1 | [tenant]
      | ^^^^^^^^
      |
      = help: add `function = "current_account_id"`
    error[config-type]: `tenant.app_roles` is empty
     --> driftless.toml:5:13
      |
    5 | app_roles = []
      |             ^^
      |
      = help: name the roles that applications connect as
    error[config-type]: `tenant.set` does not say where the tenant stands
     --> driftless.toml:4:7
      |
    4 | set = 'SELECT 1'
      |       ^^^^^^^^^^
      |
      = help: write {tenant} for its value: SELECT set_config('app.account_id', {tenant}, true)
    error[config-type]: `tenant.exempt.regions` needs a reason
     --> driftless.toml:7:11
      |
    7 | regions = ' '
      |           ^^^
    error[config-type]: `tenant.exempt.plans` must be a reason, as a string, here it is true or false
     --> driftless.toml:8:9
      |
    8 | plans = true
      |         ^^^^
    error[unknown-config-key]: `tenant.accept.why` is not a key of driftless.toml
      --> driftless.toml:12:1
       |
    12 | why = 'y'
       | ^^^
       |
       = note: the keys here are rule, object, reason
    error[config-type]: `tenant.accept` has no `reason`
     --> driftless.toml:9:1
      |
    9 | [[tenant.accept]]
      | ^^^^^^^^^^^^^^^^^
      |
      = help: add `reason = "it is part of a URL"`
    "#);
}
