-- Columns that came or went with a major version are read by name.
SELECT 'pg_collation'::regclass::oid, c.oid, 0, jsonb_build_object(
    'schema', s.name,
    'name', c.collname,
    'provider', CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
    'collate', CASE WHEN c.collprovider = 'c' OR locale IS NULL THEN c.collcollate END,
    'ctype', CASE WHEN c.collprovider = 'c' OR locale IS NULL THEN c.collctype END,
    'locale', CASE WHEN c.collprovider <> 'c' THEN locale END,
    'deterministic', c.collisdeterministic,
    'rules', to_jsonb(c) ->> 'collicurules')
FROM pg_collation c
JOIN space s ON s.oid = c.collnamespace
CROSS JOIN LATERAL (SELECT coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale')) l (locale)
WHERE c.collprovider IN ('i', 'b', 'c')
  AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_collation'::regclass AND m.objid = c.oid)
