SELECT 'pg_constraint'::regclass::oid, k.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'table', c.relname,
    'name', k.conname,
    'columns', (
        SELECT jsonb_agg(a.attname ORDER BY x.place)
        FROM unnest(k.conkey) WITH ORDINALITY x (number, place)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.number),
    'to_schema', n.nspname,
    'to_table', f.relname,
    'to_columns', (
        SELECT jsonb_agg(a.attname ORDER BY x.place)
        FROM unnest(k.confkey) WITH ORDINALITY x (number, place)
        JOIN pg_attribute a ON a.attrelid = f.oid AND a.attnum = x.number),
    'on_delete', rule.words ->> k.confdeltype::text,
    'on_update', rule.words ->> k.confupdtype::text)
FROM pg_constraint k
JOIN relation c ON c.oid = k.conrelid
JOIN pg_class f ON f.oid = k.confrelid
JOIN pg_namespace n ON n.oid = f.relnamespace,
(VALUES ('{"a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}'::jsonb)) rule (words)
-- Those of partitions and towards partitions follow from their parent's.
WHERE k.contype = 'f' AND k.conparentid = 0
