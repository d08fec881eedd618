SELECT 'pg_language'::regclass::oid, l.oid, 0, jsonb_build_object(
    'name', l.lanname,
    'trusted', l.lanpltrusted,
    'handler', l.lanplcallfoid::regproc,
    'inline', CASE WHEN l.laninline <> 0 THEN l.laninline::regproc END,
    'validator', CASE WHEN l.lanvalidator <> 0 THEN l.lanvalidator::regproc END)
FROM pg_language l
WHERE l.oid >= 16384
  AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_language'::regclass AND m.objid = l.oid)
