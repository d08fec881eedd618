SELECT 'pg_constraint'::regclass::oid, k.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'table', c.relname,
    'name', k.conname,
    'columns', (
        SELECT jsonb_agg(a.attname ORDER BY x.place)
        FROM unnest(k.conkey) WITH ORDINALITY x (number, place)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.number),
    'nulls_not_distinct', i.equal_nulls,
    'behind', jsonb_build_object(
        'include', CASE WHEN i.indnkeyatts = i.indnatts THEN '[]' ELSE (
            SELECT jsonb_agg(a.attname ORDER BY n)
            FROM generate_series(i.indnkeyatts, i.indnatts - 1) n
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[n]) END,
        'without_overlaps', k.period,
        'with', CASE WHEN x.reloptions IS NULL THEN '{}' ELSE (
            SELECT jsonb_object_agg(o.option_name, o.option_value) FROM pg_options_to_table(x.reloptions) o) END,
        'tablespace', (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = x.reltablespace),
        'timing', CASE WHEN k.condeferred THEN 'deferred' WHEN k.condeferrable THEN 'deferrable' ELSE 'immediate' END))
-- What older servers lack has its usual value: a name that its catalog does not know is this one.
FROM (VALUES (false, false)) usual (conperiod, indnullsnotdistinct),
LATERAL (SELECT k.*, conperiod AS period FROM pg_constraint k) k
JOIN relation c ON c.oid = k.conrelid
JOIN LATERAL (SELECT i.*, indnullsnotdistinct AS equal_nulls FROM pg_index i) i ON i.indexrelid = k.conindid
JOIN pg_class x ON x.oid = k.conindid
WHERE k.contype = 'u'
