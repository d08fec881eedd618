SELECT 'pg_class'::regclass::oid, c.oid, a.attnum, jsonb_build_object(
    'schema', c.schema,
    'table', c.relname,
    'name', a.attname,
    'position', a.attnum,
    'data_type', CASE
        -- A type of the user's may be renamed or rebuilt; anything else is text.
        WHEN ts.name IS NOT NULL AND NOT EXISTS (
            SELECT FROM member m WHERE m.classid = 'pg_type'::regclass AND m.objid = e.oid)
        THEN jsonb_build_object('schema', ts.name, 'name', e.typname, 'dimensions', (t.oid <> e.oid)::int)
        ELSE jsonb_build_object('schema', '', 'dimensions', (t.oid <> e.oid)::int,
            'name', rtrim(format_type(a.atttypid, a.atttypmod), '[]'))
        END,
    'not_null', a.attnotnull,
    'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
    'generated', CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END,
    'identity', (
        SELECT jsonb_build_object(
            'always', a.attidentity = 'a',
            'sequence', i.relname,
            'options', jsonb_build_object(
                'increment', q.seqincrement::text, 'min_value', q.seqmin::text,
                'max_value', q.seqmax::text, 'start', q.seqstart::text,
                'cache', q.seqcache::text, 'cycle', q.seqcycle))
        FROM pg_depend p
        JOIN pg_class i ON i.oid = p.objid AND i.relkind = 'S'
        JOIN pg_sequence q ON q.seqrelid = i.oid
        WHERE a.attidentity <> '' AND p.classid = 'pg_class'::regclass
          AND p.refclassid = 'pg_class'::regclass AND p.refobjid = c.oid
          AND p.refobjsubid = a.attnum AND p.deptype = 'i'))
FROM relation c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_type e ON e.oid = CASE WHEN t.typelem <> 0 AND t.typlen = -1 AND t.typcategory = 'A' THEN t.typelem ELSE t.oid END
LEFT JOIN space ts ON ts.oid = e.typnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'p')
