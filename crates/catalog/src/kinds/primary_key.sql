SELECT 'pg_constraint'::regclass::oid, k.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'table', c.relname,
    'name', k.conname,
    'columns', (
        SELECT jsonb_agg(a.attname ORDER BY x.place)
        FROM unnest(k.conkey) WITH ORDINALITY x (number, place)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.number))
FROM pg_constraint k JOIN relation c ON c.oid = k.conrelid
WHERE k.contype = 'p'
