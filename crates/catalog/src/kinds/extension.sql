SELECT 'pg_extension'::regclass::oid, x.oid, 0, jsonb_build_object(
    'name', x.extname,
    -- None where the extension makes its schema itself.
    'schema', CASE WHEN NOT EXISTS (
        SELECT FROM member m WHERE m.classid = 'pg_namespace'::regclass AND m.objid = n.oid) THEN n.nspname END,
    'relocatable', x.extrelocatable,
    'version', CASE WHEN x.extversion <> a.default_version THEN x.extversion END)
FROM pg_extension x
JOIN pg_namespace n ON n.oid = x.extnamespace
LEFT JOIN pg_available_extensions() a ON a.name = x.extname
WHERE x.oid >= 16384
