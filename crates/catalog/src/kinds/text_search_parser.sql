SELECT 'pg_ts_parser'::regclass::oid, p.oid, 0, jsonb_build_object(
    'schema', s.name,
    'name', p.prsname,
    'options', array_to_json(array_remove(ARRAY[
        'START = ' || p.prsstart::regproc, 'GETTOKEN = ' || p.prstoken::regproc, 'END = ' || p.prsend::regproc,
        CASE WHEN p.prsheadline <> 0 THEN 'HEADLINE = ' || p.prsheadline::regproc END,
        'LEXTYPES = ' || p.prslextype::regproc], NULL)))
FROM pg_ts_parser p
JOIN space s ON s.oid = p.prsnamespace
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_ts_parser'::regclass AND m.objid = p.oid)
