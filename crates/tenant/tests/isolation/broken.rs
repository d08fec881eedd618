//! Ways to break the example's schema, one thing at a time.

mod shape;

/// What is broken, the SQL that does it, and what undoes it where it reaches beyond the database.
pub(crate) type Mutation = (&'static str, &'static str, &'static str);

pub(crate) const MUTATIONS: &[&[Mutation]] =
    &[POLICIES, FUNCTION, RIGHTS, SEEN, ROLES, shape::SHAPE];

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
        "a new view without it that rows can be put in through",
        "CREATE VIEW all_projects AS SELECT * FROM projects; GRANT INSERT ON all_projects TO race_app;",
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
        "the app begins as a tenant",
        "ALTER ROLE race_app SET app.current_account_id = '00000000-0000-4000-8000-000000000000';",
        "ALTER ROLE race_app RESET ALL;",
    ),
    (
        "the app role under another name",
        "ALTER ROLE race_app RENAME TO race_api;",
        "ALTER ROLE race_api RENAME TO race_app;",
    ),
];
