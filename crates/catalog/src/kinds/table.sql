SELECT 'pg_class'::regclass::oid, c.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'name', c.relname,
    'row_security', c.relrowsecurity)
FROM relation c
WHERE c.relkind IN ('r', 'p')
