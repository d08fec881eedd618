SELECT d.classoid, d.objoid, d.objsubid, jsonb_build_object(
    'text', d.description,
    'part', CASE
        WHEN a.attname IS NOT NULL THEN jsonb_build_object('kind', 'column', 'name', a.attname)
        -- The index behind a constraint.
        WHEN c.relkind IN ('i', 'I') THEN jsonb_build_object('kind', 'index', 'name', c.relname, 'parent', t.relname)
        -- The sequence of an identity.
        WHEN c.relkind = 'S' THEN jsonb_build_object('kind', 'sequence', 'name', c.relname, 'parent', '')
        END)
FROM pg_description d
LEFT JOIN pg_class c ON d.classoid = 'pg_class'::regclass AND c.oid = d.objoid
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid <> 0
LEFT JOIN pg_index x ON x.indexrelid = c.oid
LEFT JOIN pg_class t ON t.oid = x.indrelid
-- Thousands of descriptions come with Postgres; of its own objects these alone are looked at.
WHERE d.objoid >= 16384
   OR d.classoid IN ('pg_namespace'::regclass, 'pg_extension'::regclass, 'pg_language'::regclass)
UNION ALL
-- Roles and the like; comments on databases are none of a schema's.
SELECT d.classoid, d.objoid, 0, jsonb_build_object('text', d.description)
FROM pg_shdescription d
