//! `driftless rls`, and what `check` says of tenants.

use insta::assert_snapshot;

use crate::project::TestProject;
use crate::test_example::race;

const NOTES: &str = "export const notes = pgTable('notes', { id: integer().primaryKey(), \
                     accountId: integer('account_id').notNull(), body: text() });";

const TOML: &str = r#"[tenant]
column = "account_id"
function = "current_account_id"
app_roles = ["app"]
"#;

const ROLES: &str = "CREATE ROLE app LOGIN;
CREATE FUNCTION current_account_id() RETURNS integer LANGUAGE sql STABLE
  AS $$ SELECT nullif(current_setting('app.account_id', true), '')::integer $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON notes TO app;
";

fn installed() -> bool {
    let installed = driftless_testing::binaries().is_some();
    if !installed {
        println!("skipped: no Postgres on this machine");
    }
    installed
}

/// A table of tenants that nothing protects.
fn notes() -> TestProject {
    let project = TestProject::generated(NOTES);
    project.succeeds(&["generate", "--custom", "--name", "roles"]);
    project.write("drizzle/0001_roles.sql", ROLES);
    project.succeeds(&["record"]);
    project.write("driftless.toml", TOML);
    project
}

/// The same with everything that `--fix` writes.
fn secured() -> TestProject {
    let project = notes();
    project.succeeds(&["rls", "--fix", "--name", "secure"]);
    project
}

#[test]
fn the_example_is_isolated() {
    if !installed() {
        return;
    }
    assert_snapshot!(race().run(&["-C", "apps/api", "rls"]), @"
    exit 0
    --- stdout
    race_app                 select     insert  update  delete
      billing.invoice_lines  tenant     -       -       -
      billing.invoices       tenant     -       -       -
      billing.payments       tenant     -       -       -
      billing.plans          all rows   -       -       -       the same for everybody
      billing.subscriptions  tenant     -       -       -
      accounts               tenant     -       tenant  -
      alert_rules            tenant     tenant  tenant  tenant
      api_keys               tenant     tenant  tenant  tenant
      audit_log              tenant     tenant  -       -
      daily_rollups          tenant     tenant  tenant  tenant
      environments           tenant     tenant  tenant  tenant
      events                 tenant     tenant  -       -
      incident_comments      tenant     tenant  tenant  tenant
      incidents              tenant     tenant  tenant  tenant
      invitations            tenant     tenant  tenant  tenant
      memberships            tenant     tenant  tenant  tenant
      projects               tenant     tenant  tenant  tenant
      regions                all rows   -       -       -       the same for everybody
      team_members           tenant     tenant  tenant  tenant
      teams                  tenant     tenant  tenant  tenant
      users                  [1]        -       -       -       a user belongs to every account with a membership; a policy shows an account its people
      webhook_deliveries     tenant     tenant  tenant  tenant
      webhook_endpoints      tenant     tenant  tenant  tenant
      project_overview       invoker's  -       -       -
    race_admin: all rows of what it has rights on, BYPASSRLS
    tenant: account_id = current_account_id()
    [1] (EXISTS ( SELECT FROM public.memberships WHERE ((memberships.user_id = users.id) AND (memberships.account_id = ( SELECT public.current_account_id() AS current_account_id)))))

    tried with SELECT set_config('app.current_account_id', {tenant}, true)
    race_app                 read  unset  insert  update  delete  move  truncate  plan
      accounts               ok    ok     -       ok      -       ok    ok        ok
      alert_rules            ok    ok     ok      ok      ok      ok    ok        ok
      api_keys               ok    ok     ok      ok      ok      ok    ok        ok
      audit_log              ok    ok     ok      -       -       -     ok        ok
      billing.invoice_lines  ok    ok     -       -       -       -     ok        ok
      billing.invoices       ok    ok     -       -       -       -     ok        ok
      billing.payments       ok    ok     -       -       -       -     ok        ok
      billing.subscriptions  ok    ok     -       -       -       -     ok        ok
      daily_rollups          ok    ok     ok      ok      ok      ok    ok        ok
      environments           ok    ok     ok      ok      ok      ok    ok        ok
      events                 ok    ok     ok      -       -       -     ok        ok
      incident_comments      ok    ok     ok      ok      ok      ok    ok        ok
      incidents              ok    ok     ok      ok      ok      ok    ok        ok
      invitations            ok    ok     ok      ok      ok      ok    ok        ok
      memberships            ok    ok     ok      ok      ok      ok    ok        ok
      projects               ok    ok     ok      ok      ok      ok    ok        ok
      team_members           ok    ok     ok      ok      ok      ok    ok        ok
      teams                  ok    ok     ok      ok      ok      ok    ok        ok
      webhook_deliveries     ok    ok     ok      ok      ok      ok    ok        ok
      webhook_endpoints      ok    ok     ok      ok      ok      ok    ok        ok
    16 foreign keys ok
    9 unique keys ok
    1 view ok
    no other role to become
    accepted: unique-across-tenants accounts.accounts_slug_key, the slug is part of a URL; accounts are opened by race_admin alone
    isolated: 20 tables, 185 attempts held
    ");
    let declared = race().succeeds(&["-C", "apps/api", "rls", "--declared"]);
    assert!(
        declared.ends_with("isolated: 20 tables, 185 attempts held\n"),
        "{declared}"
    );
}

#[test]
fn what_nothing_protects() {
    if !installed() {
        return;
    }
    assert_snapshot!(notes().run(&["rls"]), @"
    exit 1
    --- stdout
    app: all rows of what it has rights on, no row level security
    tenant: account_id = current_account_id()

    tried with SELECT set_config('app.account_id', {tenant}, true)
    app      read   unset  insert  update  delete  move   truncate  plan
      notes  leaks  leaks  leaks   leaks   leaks   leaks  ok        -
    no other role to become
    rls failed: 3 findings
    --- stderr
    error[rls-not-enabled]: every tenant's rows of notes are open: row level security is not enabled
     |
     = help: run `driftless rls --fix`, or exempt the table in driftless.toml if its rows belong to no tenant

    error[tenant-column-not-indexed]: every query of notes reads the rows of all tenants: no index begins with account_id
     |
     = help: run `driftless rls --fix`, or let a key begin with the column

    error[tenant-leak]: app gets at other tenants' rows of notes: read with no tenant, read, insert, update, delete, move
     |
     = note: read with no tenant: 2 rows seen
     = note: read: 2 rows seen, 1 of them another tenant's
     = note: insert: the row is taken
     = note: update: a statement to change all finds 1 row of another tenant
     = note: delete: a statement to delete all finds 1 row of another tenant
     = note: move: 2 rows moved
     = help: close it, and look at the rules' findings for the reason
    ");
}

#[test]
fn what_is_missing_becomes_a_migration() {
    if !installed() {
        return;
    }
    let project = notes();
    assert_snapshot!(project.run(&["rls", "--fix", "--dry-run"]), @r#"
    exit 0
    --- stdout
      ~ table notes
        + index notes_account_id_idx
        + policy tenant_isolation

    note index-build: An index is built while writers wait
        writers of notes wait while notes_account_id_idx is built
    note row-security: Rows become visible or invisible to roles
        row security of notes changes: rows are hidden from roles that no policy lets see them
        row security of notes changes: policies apply to its owner too

    -- row-security: row security of notes changes: rows are hidden from roles that no policy lets see them
    ALTER TABLE "notes" ENABLE ROW LEVEL SECURITY;
    -- row-security: row security of notes changes: policies apply to its owner too
    ALTER TABLE "notes" FORCE ROW LEVEL SECURITY;
    -- index-build: writers of notes wait while notes_account_id_idx is built
    CREATE INDEX "notes_account_id_idx" ON "notes" USING btree ("account_id");
    CREATE POLICY "tenant_isolation" ON "notes" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));
    --- stderr
    nothing was written
    "#);
    assert!(!project.path().join("drizzle/0002_rls.sql").exists());
    assert_snapshot!(project.run(&["rls", "--fix"]), @"
    exit 0
    --- stdout
      ~ table notes
        + index notes_account_id_idx
        + policy tenant_isolation
    wrote drizzle/0002_rls.sql
    --- stderr
    hint: declare index notes_account_id_idx in schema.ts as well, and run `driftless snapshot`: until then `driftless check --replay` says that it is not declared
    hint: look at the SQL, then run `driftless migrate`
    ");
    assert_snapshot!(project.read("drizzle/0002_rls.sql"), @r#"
    -- driftless: hazard row-security: row security of notes changes: rows are hidden from roles that no policy lets see them
    ALTER TABLE "notes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
    -- driftless: hazard row-security: row security of notes changes: policies apply to its owner too
    ALTER TABLE "notes" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
    -- driftless: hazard index-build: writers of notes wait while notes_account_id_idx is built
    CREATE INDEX "notes_account_id_idx" ON "notes" USING btree ("account_id");--> statement-breakpoint
    CREATE POLICY "tenant_isolation" ON "notes" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));
    "#);
    assert_snapshot!(project.run(&["rls"]), @"
    exit 0
    --- stdout
    app      select  insert  update  delete
      notes  tenant  tenant  tenant  tenant
    tenant: account_id = current_account_id()

    tried with SELECT set_config('app.account_id', {tenant}, true)
    app      read  unset  insert  update  delete  move  truncate  plan
      notes  ok    ok     ok      ok      ok      ok    ok        ok
    no other role to become
    isolated: 1 table, 12 attempts held
    ");
    assert_snapshot!(project.run(&["check"]), @"
    exit 0
    --- stdout
    in step: 1 table, 3 migrations
    ");
    assert_snapshot!(project.run(&["rls", "--fix"]), @"
    exit 0
    --- stdout
    nothing to fix: no ENABLE, FORCE, policy or index is missing
    ");
}

#[test]
fn the_index_is_to_be_declared_as_well() {
    if !installed() {
        return;
    }
    let project = secured();
    project.schema(&NOTES.replace(
        "body: text() });",
        "body: text() }, (t) => [index('notes_account_id_idx').on(t.accountId)]);",
    ));
    project.succeeds(&["snapshot"]);
    assert_snapshot!(project.run(&["check", "--replay"]), @"
    exit 0
    --- stdout
    in step: 1 table, 3 migrations
    ");
}

#[test]
fn check_keeps_it_so() {
    if !installed() {
        return;
    }
    let project = race();
    let grant = "GRANT TRUNCATE ON projects TO race_app;";
    project.succeeds(&["-C", "apps/api", "generate", "--custom", "--name", "more"]);
    project.write("apps/api/src/db/migrations/0002_more.sql", grant);
    project.succeeds(&["-C", "apps/api", "record"]);
    assert_snapshot!(project.run(&["-C", "apps/api", "check", "--replay"]), @"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[table-rights-beyond-rows]: race_app may TRUNCATE projects, which no policy limits
     |
     = help: REVOKE TRUNCATE ON projects FROM race_app, or from the role or PUBLIC it has them through
    ");
}

/// What views and functions show depends on who owns them.
#[test]
fn the_owner_that_is_named_owns_what_the_migrations_make() {
    if !installed() {
        return;
    }
    let project = race();
    let function =
        "CREATE FUNCTION my_teams() RETURNS SETOF teams LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = '' AS 'SELECT * FROM public.teams';";
    project.succeeds(&["-C", "apps/api", "generate", "--custom", "--name", "more"]);
    project.write("apps/api/src/db/migrations/0002_more.sql", function);
    project.succeeds(&["-C", "apps/api", "record"]);
    let rls = ["-C", "apps/api", "rls"];
    let said = project.succeeds(&rls);
    assert!(said.contains("\n1 function ok\n"), "{said}");
    project.edit("apps/api/driftless.toml", "owner = \"race\"\n", "");
    let said = project.run(&rls);
    let found: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with("error"))
        .collect();
    assert_snapshot!(found.join("\n"), @"
    error[definer-function-callable]: race_app may call my_teams(), which runs with the rights of its owner
    error[leak-function]: race_app learns of other tenants' rows through my_teams()
    ");
}

#[cfg(feature = "embedded")]
#[test]
fn the_embedded_postgres_proves_as_much() {
    let rls = ["-C", "apps/api", "rls", "--scratch", "embedded"];
    let said = race().succeeds(&rls);
    assert!(
        said.ends_with("isolated: 20 tables, 185 attempts held\n"),
        "{said}"
    );
}

#[test]
fn for_programs() {
    if !installed() {
        return;
    }
    let (code, all) = notes().json(&["rls"]);
    assert_eq!(code, 1);
    assert_snapshot!(serde_json::to_string_pretty(&all["matrix"]).unwrap(), @r#"
    [
      {
        "commands": {
          "delete": {
            "applies": "all-rows",
            "why": "no row level security"
          },
          "insert": {
            "applies": "all-rows",
            "why": "no row level security"
          },
          "select": {
            "applies": "all-rows",
            "why": "no row level security"
          },
          "update": {
            "applies": "all-rows",
            "why": "no row level security"
          }
        },
        "kind": "table",
        "relation": "notes",
        "role": "app",
        "tenant": true
      }
    ]
    "#);
    assert_snapshot!(serde_json::to_string(&all["findings"]).unwrap(), @r#"[{"code":"rls-not-enabled","object":"notes","rule":"R01"},{"code":"tenant-column-not-indexed","object":"notes","rule":"R10"},{"code":"leak-unset","object":"notes","role":"app","rule":"P02"},{"code":"leak-select","object":"notes","role":"app","rule":"P01"},{"code":"leak-insert","object":"notes","role":"app","rule":"P03"},{"code":"leak-update","object":"notes","role":"app","rule":"P04"},{"code":"leak-delete","object":"notes","role":"app","rule":"P05"},{"code":"leak-move","object":"notes","role":"app","rule":"P06"}]"#);
    assert_snapshot!(serde_json::to_string(&all["proof"][1]).unwrap(), @r#"{"attack":"unset","object":"current_account_id","outcome":"holds","role":"app"}"#);
    assert_eq!(all["side"], "history");
    assert_eq!(
        all["set"],
        "SELECT set_config('app.account_id', {tenant}, true)"
    );
}

#[test]
fn what_is_said_has_to_fit() {
    if !installed() {
        return;
    }
    let project = secured();
    project.write("driftless.toml", "");
    assert_snapshot!(project.run(&["rls"]), @r#"
    exit 1
    --- stderr
    error[tenant-not-configured]: whose rows are whose is not known: there is no [tenant] in driftless.toml
     |
     = help: add it, with the names of your project:
             [tenant]
             column = "account_id"
             function = "current_account_id"
             app_roles = ["app"]
             admin_roles = ["admin"]
    "#);
    let accept = "[[tenant.accept]]\nrule = 'R99'\nobject = 'notes'\nreason = 'x'\n";
    project.write("driftless.toml", &format!("{TOML}{accept}"));
    assert_snapshot!(project.run(&["rls"]), @"
    exit 1
    --- stderr
    error[unknown-rule]: no rule is called `R99`
     --> driftless.toml:6:8
      |
    6 | rule = 'R99'
      |        ^^^^^
      |
      = help: write the number or the code that `driftless rls` prints: R11, unique-across-tenants
    ");
    let unused = "[tenant.exempt]\ntags = 'shared'\n[[tenant.accept]]\nrule = 'R11'\nobject = 'notes.x'\nreason = 'x'\n";
    project.write("driftless.toml", &format!("{TOML}{unused}"));
    assert_snapshot!(project.run(&["rls", "--quiet"]), @"
    exit 0
    --- stdout
    app      select  insert  update  delete
      notes  tenant  tenant  tenant  tenant
    tenant: account_id = current_account_id()

    tried with SELECT set_config('app.account_id', {tenant}, true)
    app      read  unset  insert  update  delete  move  truncate  plan
      notes  ok    ok     ok      ok      ok      ok    ok        ok
    no other role to become
    isolated: 1 table, 12 attempts held
    --- stderr
    warning[unused-waiver]: [tenant.exempt] speaks of tags, which is no table
     --> driftless.toml:6:1
      |
    6 | tags = 'shared'
      | ^^^^
      |
      = help: correct its name, or remove it

    warning[unused-waiver]: notes.x has no finding of R11 to accept
     --> driftless.toml:9:10
      |
    9 | object = 'notes.x'
      |          ^^^^^^^^^
      |
      = help: remove the entry
    ");
}

#[test]
fn sql_files_are_declared() {
    if !installed() {
        return;
    }
    let project = secured();
    project.write("more.sql", "GRANT TRUNCATE ON notes TO app;");
    project.write(
        "driftless.toml",
        &format!("schema = ['src/schema.ts', 'more.sql']\n{TOML}"),
    );
    assert_eq!(project.json(&["rls"]).0, 0);
    let (code, all) = project.json(&["rls", "--declared"]);
    assert_eq!(code, 1);
    assert_snapshot!(serde_json::to_string(&all["findings"]).unwrap(), @r#"[{"code":"table-rights-beyond-rows","object":"notes","rule":"R14"},{"code":"leak-truncate","object":"notes","role":"app","rule":"P07"}]"#);
}
