SELECT 'pg_type'::regclass::oid, t.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'name', t.typname,
    'attributes', coalesce((
        SELECT jsonb_agg(jsonb_build_object(
            'name', a.attname,
            'data_type', coalesce(u.said, jsonb_build_object('schema', '',
                'name', rtrim(format_type(b.oid, a.atttypmod), '[]'),
                'dimensions', (format_type(b.oid, a.atttypmod) LIKE '%[]')::int)),
            'collation', CASE WHEN a.attcollation <> b.typcollation THEN
                (SELECT format('%I.%I', n.nspname, o.collname)
                 FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace
                 WHERE o.oid = a.attcollation) END) ORDER BY a.attnum)
        FROM pg_attribute a
        JOIN pg_type b ON b.oid = a.atttypid
        LEFT JOIN user_type u ON u.oid = b.oid
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]'))
FROM relation c
JOIN pg_type t ON t.oid = c.reltype
WHERE c.relkind = 'c'
  AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_type'::regclass AND m.objid = t.oid)
