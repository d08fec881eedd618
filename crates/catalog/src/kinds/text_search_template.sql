SELECT 'pg_ts_template'::regclass::oid, t.oid, 0, jsonb_build_object(
    'schema', s.name,
    'name', t.tmplname,
    'options', array_to_json(array_remove(ARRAY[
        CASE WHEN t.tmplinit <> 0 THEN 'INIT = ' || t.tmplinit::regproc END,
        'LEXIZE = ' || t.tmpllexize::regproc], NULL)))
FROM pg_ts_template t
JOIN space s ON s.oid = t.tmplnamespace
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_ts_template'::regclass AND m.objid = t.oid)
