SELECT 'pg_class'::regclass::oid, c.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'name', c.relname,
    'options', jsonb_build_object(
        'increment', q.seqincrement::text, 'min_value', q.seqmin::text,
        'max_value', q.seqmax::text, 'start', q.seqstart::text,
        'cache', q.seqcache::text, 'cycle', q.seqcycle))
FROM relation c
JOIN pg_sequence q ON q.seqrelid = c.oid
-- The sequence of an identity is a part of its column.
WHERE NOT EXISTS (
    SELECT FROM pg_depend p
    WHERE p.classid = 'pg_class'::regclass AND p.objid = c.oid AND p.deptype = 'i')
