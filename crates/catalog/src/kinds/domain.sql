SELECT 'pg_type'::regclass::oid, t.oid, 0, jsonb_build_object(
    'schema', s.name,
    'name', t.typname,
    'data_type', coalesce(u.said, jsonb_build_object('schema', '',
        'name', rtrim(format_type(b.oid, t.typtypmod), '[]'),
        'dimensions', (format_type(b.oid, t.typtypmod) LIKE '%[]')::int)),
    'collation', CASE WHEN t.typcollation <> b.typcollation THEN
        (SELECT format('%I.%I', n.nspname, c.collname)
         FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace WHERE c.oid = t.typcollation) END,
    'default', coalesce(pg_get_expr(t.typdefaultbin, 'pg_type'::regclass), quote_literal(t.typdefault)),
    'not_null', t.typnotnull,
    'not_null_name', (
        SELECT k.conname FROM pg_constraint k
        WHERE k.contypid = t.oid AND k.contype = 'n' AND k.conname <> t.typname || '_not_null'))
FROM pg_type t
JOIN space s ON s.oid = t.typnamespace
JOIN pg_type b ON b.oid = t.typbasetype
LEFT JOIN user_type u ON u.oid = b.oid
WHERE t.oid >= 16384 AND t.typtype = 'd'
  AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_type'::regclass AND m.objid = t.oid)
