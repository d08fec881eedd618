-- Empties the database for a fresh start: `make wipe migrate seed`.
--
-- Everything that migrations made inside the database goes, the ledger of applied migrations with
-- it. What belongs to the server or was set up by an administrator stays: the database, the roles,
-- and who may do what with the schema `public`.

DROP SCHEMA IF EXISTS drizzle CASCADE;
DROP SCHEMA IF EXISTS billing CASCADE;

DO $$
DECLARE
  owner name;
  acl aclitem[];
  granted record;
BEGIN
  SELECT pg_get_userbyid(nspowner), coalesce(nspacl, acldefault('n', nspowner))
    INTO owner, acl
    FROM pg_namespace
   WHERE nspname = 'public';

  IF NOT FOUND THEN
    owner := 'pg_database_owner'; -- as Postgres itself creates it
    acl := acldefault('n', 'pg_database_owner'::regrole);
  END IF;

  DROP SCHEMA IF EXISTS public CASCADE;
  EXECUTE format('CREATE SCHEMA public AUTHORIZATION %I', owner);
  COMMENT ON SCHEMA public IS 'standard public schema';

  FOR granted IN
    SELECT privilege_type, is_grantable,
           CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS grantee
      FROM aclexplode(acl)
  LOOP
    EXECUTE format('GRANT %s ON SCHEMA public TO %s%s',
      granted.privilege_type, granted.grantee,
      CASE WHEN granted.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END);
  END LOOP;
END
$$;
