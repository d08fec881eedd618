SELECT 'pg_inherits'::regclass::oid, c.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'table', c.relname,
    'parent_schema', n.nspname,
    'parent', p.relname,
    'bound', pg_get_expr(c.relpartbound, c.oid))
FROM relation c
JOIN pg_inherits h ON h.inhrelid = c.oid
JOIN pg_class p ON p.oid = h.inhparent
JOIN pg_namespace n ON n.oid = p.relnamespace
WHERE c.relispartition AND c.relkind IN ('r', 'p', 'f')
