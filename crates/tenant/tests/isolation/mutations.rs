//! The guard against itself: from the example's schema, one thing is broken at a time, and a rule or
//! the probe has to say so. Which of them does is written to `docs/results/tenant-mutations.md`.

use std::collections::BTreeSet;

use driftless_tenant::Finding;

use crate::support::{Example, race};

/// What is broken, the SQL that does it, and what undoes it where it reaches beyond the database.
type Mutation = (&'static str, &'static str, &'static str);

/// Runs them all and writes the table; fails where that changed it.
#[test]
fn every_way_to_break_it_is_caught() {
    let all: Vec<&Mutation> = MUTATIONS.iter().flat_map(|group| *group).collect();
    // Roles belong to a whole server: each half has its own.
    let (first, second) = all.split_at(all.len() / 2);
    let caught = std::thread::scope(|scope| {
        let second = scope.spawn(|| caught(second));
        let mut all = caught(first)?;
        all.extend(second.join().unwrap()?);
        Some(all)
    });
    let Some(caught) = caught else {
        return;
    };
    let mut text = HEAD.to_owned();
    let mut missed = Vec::new();
    let mut by = [0, 0, 0];
    for (at, ((what, ..), (rules, probe))) in all.iter().zip(caught).enumerate() {
        match (rules.is_empty(), probe.is_empty()) {
            (false, false) => by[0] += 1,
            (false, true) => by[1] += 1,
            (true, false) => by[2] += 1,
            (true, true) => missed.push(*what),
        }
        text += &format!("| {} | {what} | {rules} | {probe} |\n", at + 1);
    }
    assert!(missed.is_empty(), "nobody says a word about: {missed:#?}");
    text += &format!(
        "\n{} mutations: {} caught by rules and probe, {} by rules alone, {} by the probe alone.\n",
        all.len(),
        by[0],
        by[1],
        by[2]
    );
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/results/tenant-mutations.md"
    );
    if std::fs::read_to_string(file).unwrap_or_default() != text {
        std::fs::write(file, text).unwrap();
        panic!(
            "docs/results/tenant-mutations.md was out of date and has been written again: look at it, commit it"
        );
    }
}

/// What rules and probe say to each; nothing where no Postgres is installed.
fn caught(mutations: &[&Mutation]) -> Option<Vec<(String, String)>> {
    let example = Example::new()?;
    let said = |(_, sql, undo): &&Mutation| {
        let told = example.changed(sql, &race());
        example.sql("postgres", undo);
        (numbers(&told.rules), numbers(&told.probe))
    };
    Some(mutations.iter().map(said).collect())
}

const HEAD: &str = "\
# Tenant isolation: what catches what

This file is written by a test. From the schema of `examples/race`, which has no finding, each of
these is done alone; the rules read the catalog, the probe tries it in scratch Postgres. The numbers
are explained in [rls.md](../rls.md).

| | what is broken | rules | probe |
|---|---|---|---|
";

/// `R01 R03`, each once; what is only not proven in parentheses.
fn numbers(findings: &[Finding]) -> String {
    let said = |finding: &Finding| match finding.diagnostic.code {
        "not-proven" => format!("({})", finding.number),
        "tenant-scan" => String::new(),
        _ => finding.number.to_owned(),
    };
    let all: BTreeSet<String> = findings
        .iter()
        .map(said)
        .filter(|said| !said.is_empty())
        .collect();
    all.into_iter().collect::<Vec<_>>().join(" ")
}

const MUTATIONS: &[&[Mutation]] = &[POLICIES, FUNCTION, RIGHTS, SEEN, ROLES, SHAPE];

const POLICIES: &[Mutation] = &[
    (
        "row level security switched off",
        "ALTER TABLE projects DISABLE ROW LEVEL SECURITY;",
        "",
    ),
    (
        "the same in another schema",
        "ALTER TABLE billing.payments DISABLE ROW LEVEL SECURITY;",
        "",
    ),
    (
        "FORCE dropped",
        "ALTER TABLE projects NO FORCE ROW LEVEL SECURITY;",
        "",
    ),
    (
        "FORCE dropped on the tenants' own table",
        "ALTER TABLE accounts NO FORCE ROW LEVEL SECURITY;",
        "",
    ),
    (
        "the policy dropped",
        "DROP POLICY account_isolation ON projects;",
        "",
    ),
    (
        "every policy dropped",
        "DO $$ DECLARE p record; BEGIN FOR p IN SELECT * FROM pg_policies LOOP EXECUTE format('DROP POLICY %I ON %I.%I', p.policyname, p.schemaname, p.tablename); END LOOP; END $$;",
        "",
    ),
    (
        "USING (true)",
        "ALTER POLICY account_isolation ON projects USING (true);",
        "",
    ),
    (
        "OR true",
        "ALTER POLICY account_isolation ON projects USING (account_id = (SELECT current_account_id()) OR true);",
        "",
    ),
    (
        "OR 1 = 1",
        "ALTER POLICY account_isolation ON projects USING (account_id = (SELECT current_account_id()) OR 1 = 1);",
        "",
    ),
    (
        "a column compared with itself",
        "ALTER POLICY account_isolation ON projects USING (account_id = account_id);",
        "",
    ),
    (
        "another column compared",
        "ALTER POLICY account_isolation ON projects USING (id = (SELECT current_account_id()));",
        "",
    ),
    (
        "compared the wrong way round",
        "ALTER POLICY account_isolation ON projects USING (account_id <> (SELECT current_account_id()));",
        "",
    ),
    (
        "rows without an owner for all",
        "ALTER POLICY account_isolation ON projects USING (account_id = (SELECT current_account_id()) OR team_id IS NULL);",
        "",
    ),
    (
        "coalesce lets everything through with no tenant set",
        "ALTER POLICY account_isolation ON projects USING (account_id = coalesce((SELECT current_account_id()), account_id));",
        "",
    ),
    (
        "IS NOT DISTINCT FROM, with a nullable column",
        "ALTER TABLE projects ALTER account_id DROP NOT NULL; ALTER POLICY account_isolation ON projects USING (account_id IS NOT DISTINCT FROM (SELECT current_account_id()));",
        "",
    ),
    (
        "WITH CHECK (true)",
        "ALTER POLICY account_isolation ON projects WITH CHECK (true);",
        "",
    ),
    (
        "a second policy that lets all be read",
        "CREATE POLICY reading ON projects FOR SELECT USING (true);",
        "",
    ),
    (
        "a second policy that lets all be inserted",
        "CREATE POLICY writing ON projects FOR INSERT WITH CHECK (true);",
        "",
    ),
    (
        "a second policy that lets all be updated",
        "CREATE POLICY changing ON projects FOR UPDATE USING (true);",
        "",
    ),
    (
        "a second policy that lets all be deleted",
        "CREATE POLICY clearing ON projects FOR DELETE USING (deleted_at IS NULL);",
        "",
    ),
    (
        "a second policy for the app alone",
        "CREATE POLICY for_app ON projects TO race_app USING (name <> '');",
        "",
    ),
    (
        "a second policy that is right",
        "CREATE POLICY again ON projects USING (account_id = (SELECT current_account_id()));",
        "",
    ),
    (
        "the policy is for another role",
        "ALTER POLICY account_isolation ON projects TO race_admin;",
        "",
    ),
    (
        "the policy is for reading alone",
        "DROP POLICY account_isolation ON projects; CREATE POLICY account_isolation ON projects FOR SELECT USING (account_id = (SELECT current_account_id()));",
        "",
    ),
    (
        "the only policy is restrictive",
        "DROP POLICY account_isolation ON projects; CREATE POLICY account_isolation ON projects AS RESTRICTIVE USING (account_id = (SELECT current_account_id()));",
        "",
    ),
    (
        "a setting compared instead of the function",
        "ALTER POLICY account_isolation ON projects USING (account_id = coalesce(nullif(current_setting('app.other', true), '')::uuid, account_id));",
        "",
    ),
    (
        "the policy asks a function that says yes",
        "CREATE FUNCTION is_mine(uuid) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true'; ALTER POLICY account_isolation ON projects USING (is_mine(account_id));",
        "",
    ),
];

const FUNCTION: &[Mutation] = &[
    (
        "the tenant function VOLATILE",
        "ALTER FUNCTION current_account_id() VOLATILE;",
        "",
    ),
    (
        "the tenant function IMMUTABLE",
        "ALTER FUNCTION current_account_id() IMMUTABLE;",
        "",
    ),
    (
        "the tenant function not callable",
        "REVOKE EXECUTE ON FUNCTION current_account_id() FROM race_app;",
        "",
    ),
    (
        "the tenant function owned by the app",
        "ALTER FUNCTION current_account_id() OWNER TO race_app;",
        "",
    ),
    (
        "the tenant function answers always the same",
        "CREATE OR REPLACE FUNCTION current_account_id() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT '00000000-0000-4000-8000-000000000000'::uuid $$;",
        "",
    ),
    (
        "the tenant function has a default",
        "CREATE OR REPLACE FUNCTION current_account_id() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT coalesce(nullif(current_setting('app.current_account_id', true), ''), '00000000-0000-4000-8000-000000000000')::uuid $$;",
        "",
    ),
    (
        "the tenant function dropped with all that hangs on it",
        "DROP FUNCTION current_account_id() CASCADE;",
        "",
    ),
    (
        "the tenant function in PL/pgSQL, called for each row",
        "CREATE OR REPLACE FUNCTION current_account_id() RETURNS uuid LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN nullif(current_setting('app.current_account_id', true), '')::uuid; END $$; ALTER POLICY account_isolation ON projects USING (account_id = current_account_id());",
        "",
    ),
    (
        "a function that is LEAKPROOF",
        "CREATE FUNCTION cheap(text) RETURNS boolean LANGUAGE plpgsql LEAKPROOF COST 0.0001 AS $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$;",
        "",
    ),
];

const RIGHTS: &[Mutation] = &[
    (
        "TRUNCATE for the app",
        "GRANT TRUNCATE ON projects TO race_app;",
        "",
    ),
    (
        "REFERENCES for the app",
        "GRANT REFERENCES ON projects TO race_app;",
        "",
    ),
    (
        "REFERENCES on a column for the app",
        "GRANT REFERENCES (id) ON projects TO race_app;",
        "",
    ),
    (
        "TRIGGER for the app",
        "GRANT TRIGGER ON projects TO race_app;",
        "",
    ),
    (
        "ALL for the app",
        "GRANT ALL ON billing.payments TO race_app;",
        "",
    ),
    (
        "SELECT for everybody",
        "GRANT SELECT ON projects TO PUBLIC;",
        "",
    ),
    (
        "TRUNCATE for everybody",
        "GRANT TRUNCATE ON webhook_deliveries TO PUBLIC;",
        "",
    ),
    (
        "TRUNCATE through a group",
        "CREATE ROLE race_group; GRANT TRUNCATE ON projects TO race_group; GRANT race_group TO race_app;",
        "DROP ROLE race_group;",
    ),
    (
        "default privileges for the app",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO race_app;",
        "",
    ),
    (
        "default privileges for everybody",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;",
        "",
    ),
    (
        "the app owns a table",
        "ALTER TABLE projects OWNER TO race_app;",
        "",
    ),
    (
        "the app owns a view",
        "ALTER VIEW project_overview OWNER TO race_app;",
        "",
    ),
    (
        "the app owns a schema",
        "ALTER SCHEMA billing OWNER TO race_app;",
        "",
    ),
];

const SEEN: &[Mutation] = &[
    (
        "security_invoker switched off",
        "ALTER VIEW project_overview SET (security_invoker = false);",
        "",
    ),
    (
        "security_invoker taken away",
        "ALTER VIEW project_overview RESET (security_invoker);",
        "",
    ),
    (
        "a new view without it",
        "CREATE VIEW all_teams AS SELECT * FROM teams; GRANT SELECT ON all_teams TO race_app;",
        "",
    ),
    (
        "a new view without it that counts",
        "CREATE VIEW how_many AS SELECT count(*) FROM teams; GRANT SELECT ON how_many TO race_app;",
        "",
    ),
    (
        "a new view without it that can be written through",
        "CREATE VIEW all_teams AS SELECT * FROM teams; GRANT SELECT, UPDATE, DELETE ON all_teams TO race_app;",
        "",
    ),
    (
        "a view over a view",
        "CREATE VIEW inner_teams WITH (security_invoker = true) AS SELECT * FROM teams; CREATE VIEW outer_teams AS SELECT name FROM inner_teams; GRANT SELECT ON outer_teams TO race_app;",
        "",
    ),
    (
        "a view of an owner that no policy holds for",
        "CREATE VIEW all_teams AS SELECT * FROM teams; ALTER VIEW all_teams OWNER TO race_admin; GRANT SELECT ON all_teams TO race_app;",
        "",
    ),
    (
        "a materialized view for the app",
        "CREATE MATERIALIZED VIEW totals AS SELECT account_id, count(*) FROM teams GROUP BY 1; GRANT SELECT ON totals TO race_app;",
        "",
    ),
    (
        "a materialized view for everybody",
        "CREATE MATERIALIZED VIEW totals AS SELECT account_id, count(*) FROM teams GROUP BY 1; GRANT SELECT ON totals TO PUBLIC;",
        "",
    ),
    (
        "a view over a materialized view",
        "CREATE MATERIALIZED VIEW totals AS SELECT account_id, count(*) FROM teams GROUP BY 1; CREATE VIEW my_totals AS SELECT * FROM totals; GRANT SELECT ON my_totals TO race_app;",
        "",
    ),
    (
        "SECURITY DEFINER without search_path",
        "CREATE FUNCTION all_teams() RETURNS SETOF teams LANGUAGE sql STABLE SECURITY DEFINER AS 'SELECT * FROM teams';",
        "",
    ),
    (
        "SECURITY DEFINER with search_path",
        "CREATE FUNCTION all_teams() RETURNS SETOF teams LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS 'SELECT * FROM teams';",
        "",
    ),
    (
        "SECURITY DEFINER that counts",
        "CREATE FUNCTION how_many() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS 'SELECT count(*) FROM teams';",
        "",
    ),
    (
        "SECURITY DEFINER that takes the tenant's word",
        "CREATE FUNCTION teams_of(uuid) RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS 'SELECT name FROM teams WHERE account_id = $1';",
        "",
    ),
    (
        "SECURITY DEFINER that fails where a row exists",
        "CREATE FUNCTION is_free(text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$ BEGIN IF EXISTS (SELECT FROM teams WHERE name = $1) THEN RAISE EXCEPTION 'taken'; END IF; RETURN true; END $$;",
        "",
    ),
    (
        "a function made SECURITY DEFINER",
        "CREATE FUNCTION my_teams() RETURNS SETOF teams LANGUAGE sql STABLE AS 'SELECT * FROM teams'; ALTER FUNCTION my_teams() SECURITY DEFINER;",
        "",
    ),
];

const ROLES: &[Mutation] = &[
    (
        "the app BYPASSRLS",
        "ALTER ROLE race_app BYPASSRLS;",
        "ALTER ROLE race_app NOBYPASSRLS;",
    ),
    (
        "the app SUPERUSER",
        "ALTER ROLE race_app SUPERUSER;",
        "ALTER ROLE race_app NOSUPERUSER;",
    ),
    (
        "the app CREATEROLE",
        "ALTER ROLE race_app CREATEROLE;",
        "ALTER ROLE race_app NOCREATEROLE;",
    ),
    (
        "the app REPLICATION",
        "ALTER ROLE race_app REPLICATION;",
        "ALTER ROLE race_app NOREPLICATION;",
    ),
    (
        "the app a member of the admin",
        "GRANT race_admin TO race_app;",
        "REVOKE race_admin FROM race_app;",
    ),
    (
        "the app a member of the owner",
        "ALTER TABLE projects OWNER TO race; GRANT race TO race_app;",
        "REVOKE race FROM race_app;",
    ),
    (
        "the app a member of a superuser",
        "CREATE ROLE boss SUPERUSER; GRANT boss TO race_app;",
        "DROP ROLE boss;",
    ),
    (
        "the app a member of a member, without INHERIT",
        "CREATE ROLE race_middle NOINHERIT; GRANT race_admin TO race_middle; GRANT race_middle TO race_app;",
        "DROP ROLE race_middle;",
    ),
    (
        "the app may run programs on the server",
        "GRANT pg_execute_server_program TO race_app;",
        "REVOKE pg_execute_server_program FROM race_app;",
    ),
    (
        "the admin loses the app's name",
        "ALTER ROLE race_app RENAME TO race_api;",
        "ALTER ROLE race_api RENAME TO race_app;",
    ),
];

const SHAPE: &[Mutation] = &[
    (
        "the tenant column nullable",
        "ALTER TABLE webhook_deliveries ALTER account_id DROP NOT NULL;",
        "",
    ),
    (
        "the only index dropped",
        "ALTER TABLE daily_rollups DROP CONSTRAINT daily_rollups_pk;",
        "",
    ),
    (
        "the only index partial",
        "ALTER TABLE daily_rollups DROP CONSTRAINT daily_rollups_pk; CREATE INDEX ON daily_rollups (account_id) WHERE errors > 0;",
        "",
    ),
    (
        "the tenant column no longer first",
        "ALTER TABLE daily_rollups DROP CONSTRAINT daily_rollups_pk; ALTER TABLE daily_rollups ADD PRIMARY KEY (day, account_id, environment_id, kind);",
        "",
    ),
    (
        "a name unique for all",
        "ALTER TABLE webhook_endpoints ADD CONSTRAINT one_url UNIQUE (url);",
        "",
    ),
    (
        "an e-mail address unique for all",
        "CREATE UNIQUE INDEX one_email ON invitations (lower(email));",
        "",
    ),
    (
        "a name unique for all where it is not deleted",
        "CREATE UNIQUE INDEX one_slug ON projects (slug) WHERE deleted_at IS NULL;",
        "",
    ),
    (
        "a foreign key without the tenant",
        "ALTER TABLE webhook_deliveries DROP CONSTRAINT webhook_deliveries_endpoint_fk, ADD FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoints (id);",
        "",
    ),
    (
        "a nullable foreign key without the tenant",
        "ALTER TABLE incidents DROP CONSTRAINT incidents_alert_rule_fk, ADD FOREIGN KEY (alert_rule_id) REFERENCES alert_rules (id);",
        "",
    ),
    (
        "a new table without row level security",
        "CREATE TABLE notes (account_id uuid NOT NULL, id uuid, PRIMARY KEY (account_id, id)); GRANT SELECT ON notes TO race_app;",
        "",
    ),
    (
        "a new table that nobody may touch yet",
        "CREATE TABLE notes (account_id uuid NOT NULL, id uuid, PRIMARY KEY (account_id, id));",
        "",
    ),
    (
        "a new table without the tenant column",
        "CREATE TABLE note_tags (note uuid, tag text); GRANT SELECT ON note_tags TO race_app;",
        "",
    ),
    (
        "a new table like another, with all but its policies",
        "CREATE TABLE old_projects (LIKE projects INCLUDING ALL); GRANT SELECT ON old_projects TO race_app;",
        "",
    ),
    (
        "a copy made with CREATE TABLE AS",
        "CREATE TABLE old_projects AS SELECT * FROM projects; GRANT SELECT ON old_projects TO race_app;",
        "",
    ),
    (
        "the tenant column dropped",
        "ALTER TABLE incident_comments DROP COLUMN account_id CASCADE;",
        "",
    ),
    (
        "the tenant column renamed",
        "ALTER TABLE teams RENAME account_id TO tenant_id;",
        "",
    ),
    ("a partition that the app reaches", PARTITIONED, ""),
    (
        "a table that inherits, and the app reaches",
        "CREATE TABLE more_teams () INHERITS (teams); GRANT SELECT, INSERT ON more_teams TO race_app;",
        "",
    ),
    (
        "a foreign table",
        "CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER nowhere FOREIGN DATA WRAPPER nowhere; CREATE FOREIGN TABLE far (account_id uuid NOT NULL) SERVER nowhere; GRANT SELECT ON far TO race_app;",
        "",
    ),
];

/// A partitioned table as it should be, and a partition with a right on it.
const PARTITIONED: &str = "
    CREATE TABLE visits (account_id uuid NOT NULL, at date NOT NULL, PRIMARY KEY (account_id, at)) PARTITION BY RANGE (at);
    ALTER TABLE visits ENABLE ROW LEVEL SECURITY;
    ALTER TABLE visits FORCE ROW LEVEL SECURITY;
    CREATE POLICY account_isolation ON visits
      USING (account_id = (SELECT current_account_id())) WITH CHECK (account_id = (SELECT current_account_id()));
    GRANT SELECT, INSERT ON visits TO race_app;
    CREATE TABLE visits_2026 PARTITION OF visits FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    GRANT SELECT ON visits_2026 TO race_app;
";
