SELECT 'pg_am'::regclass::oid, a.oid, 0, jsonb_build_object(
    'name', a.amname,
    'type', CASE a.amtype WHEN 'i' THEN 'INDEX' ELSE 'TABLE' END,
    'handler', a.amhandler::regproc)
FROM pg_am a
WHERE a.oid >= 16384
  AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_am'::regclass AND m.objid = a.oid)
