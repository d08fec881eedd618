SELECT 'pg_namespace'::regclass::oid, s.oid, 0, jsonb_build_object('name', s.name)
FROM space s
