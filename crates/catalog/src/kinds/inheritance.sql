-- As in pg_inherits, where a table has a row for each that it inherits from.
SELECT 'pg_inherits'::regclass::oid, c.oid, h.inhseqno, jsonb_build_object(
    'schema', c.schema,
    'table', c.relname,
    'parent_schema', n.nspname,
    'parent', p.relname)
FROM relation c
JOIN pg_inherits h ON h.inhrelid = c.oid
JOIN pg_class p ON p.oid = h.inhparent
JOIN pg_namespace n ON n.oid = p.relnamespace
WHERE NOT c.relispartition AND c.relkind IN ('r', 'p', 'f')
