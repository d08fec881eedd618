-- The address is none that anything depends on: what needs the member needs its extension.
SELECT 'pg_init_privs'::regclass::oid, o.objid, o.classid::int4, jsonb_build_object(
    'extension', x.extname,
    'member', o.member,
    'owner', w.name,
    'class', o.class,
    'initial', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'to', CASE WHEN a.grantee <> o.owner THEN t.name END,
            'by', CASE WHEN a.grantor <> o.owner THEN g.name END,
            'may', a.privilege_type, 'onward', a.is_grantable)), '[]')
        FROM aclexplode(coalesce(i.initprivs, acldefault(o.acl_type, o.owner))) a
        JOIN who t ON t.oid = a.grantee JOIN who g ON g.oid = a.grantor),
    'rights', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'to', CASE WHEN a.grantee <> o.owner THEN t.name END,
            'by', CASE WHEN a.grantor <> o.owner THEN g.name END,
            'may', a.privilege_type, 'onward', a.is_grantable)), '[]')
        FROM aclexplode(coalesce(o.acl, acldefault(o.acl_type, o.owner))) a
        JOIN who t ON t.oid = a.grantee JOIN who g ON g.oid = a.grantor))
-- Worked out once, not for each member.
FROM (WITH every AS MATERIALIZED (
    SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, c.relowner AS owner, c.relacl AS acl,
        CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char" AS acl_type,
        CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS class,
        format('%s %I.%I', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, n.nspname, c.relname) AS member
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT 'pg_proc'::regclass, p.oid, p.proowner, p.proacl, 'f', 'function',
        CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END || p.oid::regprocedure::text
    FROM pg_proc p
    WHERE p.oid IN (SELECT m.objid FROM member m WHERE m.classid = 'pg_proc'::regclass)
    UNION ALL
    SELECT 'pg_type'::regclass, t.oid, t.typowner, t.typacl, 'T', 'type', format('TYPE %I.%I', n.nspname, t.typname)
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    UNION ALL
    SELECT 'pg_namespace'::regclass, n.oid, n.nspowner, n.nspacl, 'n', 'schema', format('SCHEMA %I', n.nspname)
    FROM pg_namespace n
    UNION ALL
    SELECT 'pg_language'::regclass, l.oid, l.lanowner, l.lanacl, 'l', 'language', format('LANGUAGE %I', l.lanname)
    FROM pg_language l
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass, f.oid, f.fdwowner, f.fdwacl, 'F', 'wrapper', format('FOREIGN DATA WRAPPER %I', f.fdwname)
    FROM pg_foreign_data_wrapper f)
    SELECT * FROM every
) o
JOIN pg_depend e ON e.classid = o.classid AND e.objid = o.objid AND e.deptype = 'e' AND e.refclassid = 'pg_extension'::regclass
JOIN pg_extension x ON x.oid = e.refobjid
JOIN who w ON w.oid = o.owner
LEFT JOIN pg_init_privs i ON i.classoid = o.classid AND i.objoid = o.objid AND i.objsubid = 0
WHERE o.acl IS DISTINCT FROM i.initprivs
