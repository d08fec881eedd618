SELECT 'pg_class'::regclass::oid, c.oid, a.attnum, jsonb_build_object(
    'schema', c.schema,
    'view', c.relname,
    'name', a.attname,
    'storage', CASE WHEN a.attstorage <> t.typstorage THEN storage.words ->> a.attstorage::text END,
    'usual_storage', CASE WHEN a.attstorage <> t.typstorage THEN storage.words ->> t.typstorage::text END,
    'compression', CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END,
    'statistics', nullif(a.attstattarget::int, -1),
    'options', coalesce((
        SELECT jsonb_object_agg(o.option_name, o.option_value) FROM pg_options_to_table(a.attoptions) o), '{}'))
FROM relation c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
CROSS JOIN (VALUES ('{"p": "PLAIN", "e": "EXTERNAL", "m": "MAIN", "x": "EXTENDED"}'::jsonb)) storage (words)
WHERE c.relkind = 'm'
  AND (a.attstorage <> t.typstorage OR a.attcompression <> '' OR a.attstattarget <> -1 OR a.attoptions IS NOT NULL)
