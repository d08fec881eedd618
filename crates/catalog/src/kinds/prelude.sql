-- What every kind's query stands behind: the parameters, and what belongs to the user.
WITH setting AS (
    SELECT $1::text[] AS left_out,   -- schemas that are not looked at
           $2::name AS owner,        -- the role whose ownership goes without saying
           $3::oid[] AS ledger       -- relations that are not looked at
),
-- Members of extensions come and go with their extension.
member AS MATERIALIZED (
    SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
),
space AS (
    SELECT n.oid, n.nspname AS name
    FROM pg_namespace n, setting
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT n.nspname = ANY (setting.left_out)
      AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_namespace'::regclass AND m.objid = n.oid)
),
relation AS (
    SELECT s.name AS schema, c.*
    FROM pg_class c JOIN space s ON s.oid = c.relnamespace, setting
    WHERE c.relpersistence <> 't' AND NOT c.oid = ANY (setting.ledger)
      AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid)
),
-- Roles as statements call them; names change from server to server, the connected role stays it.
who AS (
    SELECT r.oid, CASE WHEN r.rolname = setting.owner THEN 'current_user' ELSE r.rolname END AS name
    FROM pg_roles r, setting
    UNION ALL
    SELECT 0, 'public'
),
-- Types of the user's and arrays of them, as a column says them. Any other type is text.
user_type AS (
    SELECT v.oid, jsonb_build_object('schema', s.name, 'name', e.typname, 'dimensions', v.dimensions) AS said
    FROM pg_type e JOIN space s ON s.oid = e.typnamespace
    CROSS JOIN LATERAL (VALUES (e.oid, 0), (e.typarray, 1)) v (oid, dimensions)
    WHERE v.oid <> 0
      AND NOT EXISTS (SELECT FROM pg_type x WHERE x.typarray = e.oid)
      AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_type'::regclass AND m.objid = e.oid)
)
