SELECT 'pg_transform'::regclass::oid, t.oid, 0, jsonb_build_object(
    'data_type', format_type(t.trftype, NULL),
    'language', l.lanname,
    'from_sql', CASE WHEN t.trffromsql <> 0 THEN t.trffromsql::regprocedure END,
    'to_sql', CASE WHEN t.trftosql <> 0 THEN t.trftosql::regprocedure END)
FROM pg_transform t
JOIN pg_language l ON l.oid = t.trflang
WHERE t.oid >= 16384
  AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_transform'::regclass AND m.objid = t.oid)
