SELECT 'pg_authid'::regclass::oid, r.oid, 0, jsonb_build_object(
    'name', r.rolname,
    'create_db', r.rolcreatedb,
    'create_role', r.rolcreaterole,
    'inherit', r.rolinherit)
FROM pg_roles r
WHERE r.oid >= 16384
