SELECT 'pg_type'::regclass::oid, t.oid, 0, jsonb_build_object(
    'schema', s.name,
    'name', t.typname,
    'subtype', coalesce(u.said, jsonb_build_object('schema', '',
        'name', rtrim(format_type(b.oid, NULL), '[]'),
        'dimensions', (format_type(b.oid, NULL) LIKE '%[]')::int)),
    'operator_class', CASE WHEN NOT o.opcdefault THEN format('%I.%I', n.nspname, o.opcname) END,
    'collation', CASE WHEN r.rngcollation <> b.typcollation THEN
        (SELECT format('%I.%I', cn.nspname, c.collname)
         FROM pg_collation c JOIN pg_namespace cn ON cn.oid = c.collnamespace WHERE c.oid = r.rngcollation) END,
    'difference', (
        SELECT format('%I.%I', pn.nspname, p.proname)
        FROM pg_proc p JOIN pg_namespace pn ON pn.oid = p.pronamespace WHERE p.oid = r.rngsubdiff),
    'multirange_schema', mn.nspname,
    'multirange', m.typname)
FROM pg_range r
JOIN pg_type t ON t.oid = r.rngtypid
JOIN space s ON s.oid = t.typnamespace
JOIN pg_type b ON b.oid = r.rngsubtype
LEFT JOIN user_type u ON u.oid = b.oid
JOIN pg_type m ON m.oid = r.rngmultitypid
JOIN pg_namespace mn ON mn.oid = m.typnamespace
JOIN pg_opclass o ON o.oid = r.rngsubopc
JOIN pg_namespace n ON n.oid = o.opcnamespace
-- A canonical function needs the type before the type needs it.
WHERE r.rngcanonical = 0
  AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_type'::regclass AND m.objid = t.oid)
