SELECT 'pg_class'::regclass::oid, c.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'name', c.relname,
    'data_type', nullif(format_type(q.seqtypid, NULL), 'bigint'),
    'unlogged', c.relpersistence = 'u',
    'options', jsonb_build_object(
        'increment', nullif(q.seqincrement, 1)::text,
        'min_value', nullif(q.seqmin, usual.least)::text,
        'max_value', nullif(q.seqmax, usual.most)::text,
        'start', nullif(q.seqstart, CASE WHEN q.seqincrement > 0 THEN q.seqmin ELSE q.seqmax END)::text,
        'cache', nullif(q.seqcache, 1)::text,
        'cycle', q.seqcycle))
FROM relation c
JOIN pg_sequence q ON q.seqrelid = c.oid
JOIN (VALUES ('int2'::regtype, 32767), ('int4', 2147483647), ('int8', 9223372036854775807)) type (oid, most)
    ON type.oid = q.seqtypid
CROSS JOIN LATERAL (SELECT
    CASE WHEN q.seqincrement > 0 THEN 1 ELSE -type.most - 1 END AS least,
    CASE WHEN q.seqincrement > 0 THEN type.most ELSE -1 END AS most) usual
-- The sequence of an identity is a part of its column.
WHERE NOT EXISTS (
    SELECT FROM pg_depend p
    WHERE p.classid = 'pg_class'::regclass AND p.objid = c.oid AND p.deptype = 'i')
