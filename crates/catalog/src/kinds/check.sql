SELECT 'pg_constraint'::regclass::oid, k.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'table', c.relname,
    'name', k.conname,
    'expression', pg_get_expr(k.conbin, k.conrelid))
FROM pg_constraint k JOIN relation c ON c.oid = k.conrelid
WHERE k.contype = 'c'
