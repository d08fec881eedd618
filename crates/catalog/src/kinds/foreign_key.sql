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
    'on_update', rule.words ->> k.confupdtype::text,
    'on_delete_columns', CASE WHEN k.delete_columns IS NULL THEN '[]' ELSE (
        SELECT jsonb_agg(a.attname ORDER BY x.place)
        FROM unnest(k.delete_columns) WITH ORDINALITY x (number, place)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.number) END,
    'match_full', k.confmatchtype = 'f',
    'period', k.period,
    'timing', CASE WHEN k.condeferred THEN 'deferred' WHEN k.condeferrable THEN 'deferrable' ELSE 'immediate' END,
    'not_valid', NOT k.convalidated,
    'not_enforced', NOT k.enforced,
    'origin', CASE WHEN k.conparentid <> 0 THEN 'partition' ELSE 'own' END)
-- What older servers lack has its usual value: a name that its catalog does not know is this one.
FROM (VALUES (true, false, NULL::int2[])) usual (conenforced, conperiod, confdelsetcols),
LATERAL (SELECT k.*, conenforced AS enforced, conperiod AS period, confdelsetcols AS delete_columns FROM pg_constraint k) k
JOIN relation c ON c.oid = k.conrelid
JOIN pg_class f ON f.oid = k.confrelid
JOIN pg_namespace n ON n.oid = f.relnamespace,
(VALUES ('{"a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}'::jsonb)) rule (words)
-- Those towards partitions of the referenced table are parts of the one towards the table.
WHERE k.contype = 'f' AND NOT EXISTS (
    SELECT FROM pg_constraint whole WHERE whole.oid = k.conparentid AND whole.conrelid = k.conrelid)
