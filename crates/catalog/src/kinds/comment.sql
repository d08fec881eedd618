SELECT d.classoid, d.objoid, d.objsubid, jsonb_build_object(
    'text', d.description,
    'column', (SELECT a.attname FROM pg_attribute a
        WHERE d.classoid = 'pg_class'::regclass AND a.attrelid = d.objoid AND a.attnum = d.objsubid AND d.objsubid <> 0))
FROM pg_description d
UNION ALL
SELECT d.classoid, d.objoid, 0, jsonb_build_object('text', d.description, 'column', null)
FROM pg_shdescription d
