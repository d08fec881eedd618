SELECT 'pg_inherits'::regclass::oid, i.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'table', c.relname,
    'index', i.relname,
    'parent_schema', n.nspname,
    'parent_table', p.relname,
    'parent', whole.relname)
FROM pg_inherits h
JOIN pg_class i ON i.oid = h.inhrelid AND i.relkind IN ('i', 'I')
JOIN pg_index x ON x.indexrelid = i.oid
JOIN relation c ON c.oid = x.indrelid
JOIN pg_class whole ON whole.oid = h.inhparent
JOIN pg_index y ON y.indexrelid = whole.oid
JOIN pg_class p ON p.oid = y.indrelid
JOIN pg_namespace n ON n.oid = p.relnamespace
