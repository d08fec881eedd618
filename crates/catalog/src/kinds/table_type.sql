SELECT 'pg_type'::regclass::oid, c.oid, 1, jsonb_build_object(
    'schema', c.schema,
    'table', c.relname,
    'type_schema', n.nspname,
    'type_name', t.typname,
    'columns', (
        SELECT jsonb_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)) ORDER BY a.attname)
        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
FROM relation c
JOIN pg_type t ON t.oid = c.reloftype
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE c.relkind IN ('r', 'p')
