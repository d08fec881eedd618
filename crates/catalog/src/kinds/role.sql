-- Passwords are never read.
SELECT 'pg_authid'::regclass::oid, r.oid, 0, jsonb_build_object(
    'name', r.rolname,
    'create_db', r.rolcreatedb,
    'create_role', r.rolcreaterole,
    'inherit', r.rolinherit,
    'superuser', r.rolsuper,
    'login', r.rolcanlogin,
    'replication', r.rolreplication,
    'bypass_rls', r.rolbypassrls,
    'connection_limit', nullif(r.rolconnlimit, -1),
    -- No statement takes a date away again; infinity is as good as none.
    'valid_until', CASE WHEN isfinite(r.rolvaliduntil) THEN (r.rolvaliduntil AT TIME ZONE 'UTC')::text || '+00' END)
FROM pg_roles r
WHERE r.oid >= 16384
