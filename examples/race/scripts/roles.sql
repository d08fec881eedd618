-- The three roles, for development: docker-compose.yml runs this when it creates the database.
-- In production a superuser runs the same statements once, with passwords of their own.
--
-- Migration 0001 creates the roles that are missing, without passwords, which takes a superuser.
-- With this done beforehand, `race` migrates without being one.

-- Owns the database and everything in it; runs the migrations.
CREATE ROLE race LOGIN PASSWORD 'race';

-- Sees all accounts: seed, backfills, support. Nobody logs in with it.
CREATE ROLE race_admin NOLOGIN BYPASSRLS;
GRANT race_admin TO race;

-- The API. Sees one account at a time.
CREATE ROLE race_app LOGIN PASSWORD 'race_app';

ALTER DATABASE race OWNER TO race;
