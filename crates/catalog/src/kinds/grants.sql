SELECT o.classid, o.objid, 0, jsonb_build_object(
    'class', o.class,
    'part', o.part,
    'rights', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'column', x.attname,
            'to', CASE WHEN x.grantee <> o.owner THEN t.name END,
            'by', CASE WHEN x.grantor <> o.owner THEN g.name END,
            'may', x.privilege_type,
            'onward', x.is_grantable)), '[]')
        FROM (
            SELECT NULL::name AS attname, e.* FROM aclexplode(coalesce(o.acl, acldefault(o.acl_type, o.owner))) e
            UNION ALL
            SELECT a.attname, e.* FROM pg_attribute a, aclexplode(a.attacl) e
            WHERE o.classid = 'pg_class'::regclass AND a.attrelid = o.objid AND NOT a.attisdropped
        ) x
        JOIN who t ON t.oid = x.grantee
        JOIN who g ON g.oid = x.grantor))
FROM (
    SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, c.relnamespace AS space, c.relowner AS owner, c.relacl AS acl,
        CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char" AS acl_type,
        CASE c.relkind WHEN 'S' THEN 'S' ELSE 'r' END AS default_type,
        CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS class,
        CASE WHEN c.relkind = 'S' AND EXISTS (
            SELECT FROM pg_depend p WHERE p.classid = 'pg_class'::regclass AND p.objid = c.oid AND p.deptype = 'i')
        THEN jsonb_build_object('kind', 'sequence', 'name', c.relname, 'parent', '') END AS part,
        EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL AND NOT a.attisdropped) AS on_columns
    FROM relation c
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT 'pg_proc'::regclass, p.oid, p.pronamespace, p.proowner, p.proacl, 'f', 'f', 'function', NULL, false
    FROM pg_proc p JOIN space s ON s.oid = p.pronamespace
    -- The constructors of a range come with its type.
    WHERE p.oid >= 16384 AND NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
    UNION ALL
    -- Array types, row types and multiranges have no rights of their own.
    SELECT 'pg_type'::regclass, t.oid, t.typnamespace, t.typowner, t.typacl, 'T', 'T', 'type', NULL, false
    FROM pg_type t JOIN space s ON s.oid = t.typnamespace
    WHERE t.oid >= 16384 AND t.typtype <> 'm'
      AND (t.typrelid = 0 OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
      AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
    UNION ALL
    SELECT 'pg_namespace'::regclass, n.oid, 0, n.nspowner, n.nspacl, 'n', 'n', 'schema', NULL, false
    FROM pg_namespace n JOIN space s ON s.oid = n.oid
    UNION ALL
    SELECT 'pg_language'::regclass, l.oid, 0, l.lanowner, l.lanacl, 'l', '', 'language', NULL, false
    FROM pg_language l
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass, f.oid, 0, f.fdwowner, f.fdwacl, 'F', '', 'wrapper', NULL, false
    FROM pg_foreign_data_wrapper f
    UNION ALL
    SELECT 'pg_foreign_server'::regclass, f.oid, 0, f.srvowner, f.srvacl, 'S', '', 'server', NULL, false
    FROM pg_foreign_server f
) o
WHERE o.acl IS NOT NULL OR o.on_columns
  -- What is made under default privileges has to say that it has none of them.
  OR EXISTS (
    SELECT FROM pg_default_acl d JOIN who w ON w.oid = d.defaclrole
    WHERE w.name = 'current_user' AND d.defaclobjtype::text = o.default_type
      AND d.defaclnamespace IN (0, o.space))
