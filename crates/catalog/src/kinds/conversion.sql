SELECT 'pg_conversion'::regclass::oid, c.oid, 0, jsonb_build_object(
    'schema', s.name,
    'name', c.conname,
    'source', pg_encoding_to_char(c.conforencoding),
    'target', pg_encoding_to_char(c.contoencoding),
    'function', format('%I.%I', n.nspname, p.proname),
    'default', c.condefault)
FROM pg_conversion c
JOIN space s ON s.oid = c.connamespace
JOIN pg_proc p ON p.oid = c.conproc
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_conversion'::regclass AND m.objid = c.oid)
