-- Row level security: one account never sees another account's rows, whatever a query forgets.
--
-- How it works. The API connects as the role race_app. At the start of each transaction it says
-- whose request it is handling:
--
--     select set_config('app.current_account_id', '<uuid>', true);
--
-- From then on Postgres itself adds "where account_id = current_account_id()" to everything that
-- touches an account-scoped table, reading and writing alike.
--
-- A new account-scoped table needs the same three statements as those below (ENABLE, FORCE, CREATE
-- POLICY) and its GRANT, in a migration of its own: driftless generate --custom --name rls_<table>


-- Roles ------------------------------------------------------------------------------------------
--
-- Roles belong to the whole server, not to this database. They may exist already: another database
-- of the same server has been migrated, this one has been wiped, or an administrator has made them
-- (scripts/roles.sql). Then they are left as they are.

-- race owns the schema where it runs the migrations. Being an owner, it would be exempt from row
-- level security; FORCE, further down, takes that exemption away.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'race') THEN
    CREATE ROLE race LOGIN;
  END IF;
EXCEPTION
  -- Another database of this server is being migrated at the same moment.
  WHEN duplicate_object OR unique_violation THEN NULL;
  WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'the role race is missing and % may not create it', current_user
      USING HINT = 'Let a superuser run scripts/roles.sql once.';
END
$$;
--> statement-breakpoint
-- race_admin sees all accounts: for the seed, for backfills, for support. Nobody logs in with it;
-- race becomes it for a while with SET ROLE race_admin.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'race_admin') THEN
    CREATE ROLE race_admin NOLOGIN BYPASSRLS;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
  WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'the role race_admin is missing and % may not create it', current_user
      USING HINT = 'Let a superuser run scripts/roles.sql once.';
END
$$;
--> statement-breakpoint
-- race_app is what the API connects as. It has no password yet, so nobody can log in with it until
-- an administrator has set one: ALTER ROLE race_app PASSWORD '...'
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'race_app') THEN
    CREATE ROLE race_app LOGIN;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
  WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'the role race_app is missing and % may not create it', current_user
      USING HINT = 'Let a superuser run scripts/roles.sql once.';
END
$$;
--> statement-breakpoint
DO $$
BEGIN
  IF NOT pg_has_role('race', 'race_admin', 'MEMBER') THEN
    GRANT race_admin TO race;
  END IF;
EXCEPTION
  WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'race is not a member of race_admin and % may not make it one', current_user
      USING HINT = 'Let a superuser run scripts/roles.sql once.';
END
$$;
--> statement-breakpoint
-- A race_app that was made elsewhere with too many rights would make all of this pointless.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'race_app' AND (rolsuper OR rolbypassrls))
     OR pg_has_role('race_app', 'race_admin', 'MEMBER') THEN
    RAISE EXCEPTION 'the role race_app can bypass row level security'
      USING HINT = 'ALTER ROLE race_app NOSUPERUSER NOBYPASSRLS; REVOKE race_admin FROM race_app;';
  END IF;
END
$$;
--> statement-breakpoint
-- Whose request is it ----------------------------------------------------------------------------

-- Fails closed: unset or empty it is null, and no account_id equals null. Not a uuid: an error.
CREATE FUNCTION current_account_id() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.current_account_id', true), '')::uuid $$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION current_account_id() FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION current_account_id() TO race, race_admin, race_app;
--> statement-breakpoint
-- Isolation --------------------------------------------------------------------------------------
--
-- ENABLE switches row level security on, FORCE makes it hold for the owner of the table as well.
-- With ENABLE and no policy nobody sees anything, so a forgotten policy is found at once.
--
-- USING decides which rows can be seen, changed and deleted; WITH CHECK decides which rows may be
-- written, so that nobody can move a row into another account. The function stands in a SELECT to
-- be called once per query instead of once per row.

-- The account itself has no account_id: it is one.
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE accounts FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY account_isolation ON accounts
  USING (id = (SELECT current_account_id()))
  WITH CHECK (id = (SELECT current_account_id()));
--> statement-breakpoint
-- A user belongs to as many accounts as there are memberships. Signing up and changing a profile
-- concern no single account, so race_app may only look, and only at its account's people.
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE users FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY users_of_account ON users
  FOR SELECT
  USING (EXISTS (
    SELECT FROM memberships
     WHERE memberships.user_id = users.id
       AND memberships.account_id = (SELECT current_account_id())
  ));
--> statement-breakpoint
-- The same for every table with an account_id.
ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY account_isolation ON memberships
  USING (account_id = (SELECT current_account_id()))
  WITH CHECK (account_id = (SELECT current_account_id()));
--> statement-breakpoint
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY account_isolation ON invitations
  USING (account_id = (SELECT current_account_id()))
  WITH CHECK (account_id = (SELECT current_account_id()));
--> statement-breakpoint
ALTER TABLE teams ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE teams FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY account_isolation ON teams
  USING (account_id = (SELECT current_account_id()))
  WITH CHECK (account_id = (SELECT current_account_id()));
--> statement-breakpoint
ALTER TABLE team_members ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE team_members FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY account_isolation ON team_members
  USING (account_id = (SELECT current_account_id()))
  WITH CHECK (account_id = (SELECT current_account_id()));
--> statement-breakpoint
ALTER TABLE projects ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE projects FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY account_isolation ON projects
  USING (account_id = (SELECT current_account_id()))
  WITH CHECK (account_id = (SELECT current_account_id()));
--> statement-breakpoint
ALTER TABLE environments ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE environments FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY account_isolation ON environments
  USING (account_id = (SELECT current_account_id()))
  WITH CHECK (account_id = (SELECT current_account_id()));
--> statement-breakpoint
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY account_isolation ON api_keys
  USING (account_id = (SELECT current_account_id()))
  WITH CHECK (account_id = (SELECT current_account_id()));
--> statement-breakpoint
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE events FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY account_isolation ON events
  USING (account_id = (SELECT current_account_id()))
  WITH CHECK (account_id = (SELECT current_account_id()));
--> statement-breakpoint
ALTER TABLE daily_rollups ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE daily_rollups FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY account_isolation ON daily_rollups
  USING (account_id = (SELECT current_account_id()))
  WITH CHECK (account_id = (SELECT current_account_id()));
--> statement-breakpoint
ALTER TABLE alert_rules ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE alert_rules FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY account_isolation ON alert_rules
  USING (account_id = (SELECT current_account_id()))
  WITH CHECK (account_id = (SELECT current_account_id()));
--> statement-breakpoint
ALTER TABLE incidents ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE incidents FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY account_isolation ON incidents
  USING (account_id = (SELECT current_account_id()))
  WITH CHECK (account_id = (SELECT current_account_id()));
--> statement-breakpoint
ALTER TABLE incident_comments ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE incident_comments FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY account_isolation ON incident_comments
  USING (account_id = (SELECT current_account_id()))
  WITH CHECK (account_id = (SELECT current_account_id()));
--> statement-breakpoint
ALTER TABLE webhook_endpoints ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE webhook_endpoints FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY account_isolation ON webhook_endpoints
  USING (account_id = (SELECT current_account_id()))
  WITH CHECK (account_id = (SELECT current_account_id()));
--> statement-breakpoint
ALTER TABLE webhook_deliveries ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE webhook_deliveries FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY account_isolation ON webhook_deliveries
  USING (account_id = (SELECT current_account_id()))
  WITH CHECK (account_id = (SELECT current_account_id()));
--> statement-breakpoint
ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE audit_log FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY account_isolation ON audit_log
  USING (account_id = (SELECT current_account_id()))
  WITH CHECK (account_id = (SELECT current_account_id()));
--> statement-breakpoint
ALTER TABLE billing.subscriptions ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE billing.subscriptions FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY account_isolation ON billing.subscriptions
  USING (account_id = (SELECT current_account_id()))
  WITH CHECK (account_id = (SELECT current_account_id()));
--> statement-breakpoint
ALTER TABLE billing.invoices ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE billing.invoices FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY account_isolation ON billing.invoices
  USING (account_id = (SELECT current_account_id()))
  WITH CHECK (account_id = (SELECT current_account_id()));
--> statement-breakpoint
ALTER TABLE billing.invoice_lines ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE billing.invoice_lines FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY account_isolation ON billing.invoice_lines
  USING (account_id = (SELECT current_account_id()))
  WITH CHECK (account_id = (SELECT current_account_id()));
--> statement-breakpoint
ALTER TABLE billing.payments ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE billing.payments FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY account_isolation ON billing.payments
  USING (account_id = (SELECT current_account_id()))
  WITH CHECK (account_id = (SELECT current_account_id()));
--> statement-breakpoint
-- Grants -----------------------------------------------------------------------------------------
--
-- Policies decide about rows, grants about whole tables. Both must agree before anything happens.

GRANT USAGE ON SCHEMA public, billing TO race_admin, race_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, billing TO race_admin;
--> statement-breakpoint
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public, billing TO race_admin;
--> statement-breakpoint
-- What the people of an account change through the API.
GRANT SELECT, INSERT, UPDATE, DELETE ON
  memberships, invitations, teams, team_members, projects, environments, api_keys, alert_rules,
  incidents, incident_comments, webhook_endpoints, webhook_deliveries, daily_rollups
  TO race_app;
--> statement-breakpoint
-- Events are only ever added; the nightly clean-up runs as race_admin. The audit log likewise.
GRANT SELECT, INSERT ON events, audit_log TO race_app;
--> statement-breakpoint
-- Accounts are opened and closed by race_admin.
GRANT SELECT, UPDATE ON accounts TO race_app;
--> statement-breakpoint
GRANT SELECT ON users, regions, project_overview TO race_app;
--> statement-breakpoint
GRANT SELECT ON ALL TABLES IN SCHEMA billing TO race_app;
--> statement-breakpoint
-- Tables and sequences of later migrations, as far as the role that runs this creates them, are
-- open to race_admin from the start. Not to race_app: a new table stays closed to the API until a
-- migration has given it both a policy and a grant.
ALTER DEFAULT PRIVILEGES IN SCHEMA public, billing
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO race_admin;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA public, billing
  GRANT USAGE, SELECT ON SEQUENCES TO race_admin;
