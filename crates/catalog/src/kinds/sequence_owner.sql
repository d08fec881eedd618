-- A sequence has one owner at most: the sequence's number tells the row.
SELECT 'pg_depend'::regclass::oid, c.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'sequence', c.relname,
    'table', t.relname,
    'column', a.attname)
FROM relation c
JOIN pg_depend p ON p.classid = 'pg_class'::regclass AND p.objid = c.oid
    AND p.refclassid = 'pg_class'::regclass AND p.refobjsubid > 0 AND p.deptype = 'a'
JOIN pg_class t ON t.oid = p.refobjid
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = p.refobjsubid
WHERE c.relkind = 'S'
