SELECT 'pg_ts_dict'::regclass::oid, d.oid, 0, jsonb_build_object(
    'schema', s.name,
    'name', d.dictname,
    'template', format('%I.%I', n.nspname, t.tmplname),
    'options', d.dictinitoption)
FROM pg_ts_dict d
JOIN space s ON s.oid = d.dictnamespace
JOIN pg_ts_template t ON t.oid = d.dicttemplate
JOIN pg_namespace n ON n.oid = t.tmplnamespace
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_ts_dict'::regclass AND m.objid = d.oid)
