SELECT 'pg_opclass'::regclass::oid, c.oid, 0, jsonb_build_object(
    'schema', s.name,
    'name', c.opcname,
    'method', a.amname,
    'default', c.opcdefault,
    'data_type', format_type(c.opcintype, NULL),
    'family_schema', fn.nspname,
    'family', f.opfname,
    'storage', CASE WHEN c.opckeytype NOT IN (0, c.opcintype) THEN format_type(c.opckeytype, NULL) END,
    'members', coalesce((
        SELECT jsonb_agg(l.said ORDER BY l.said)
        FROM (
            SELECT format('OPERATOR %s %I.%s(%s, %s)%s', o.amopstrategy, n.nspname, p.oprname,
                CASE WHEN p.oprleft = 0 THEN 'NONE' ELSE format_type(p.oprleft, NULL) END,
                format_type(p.oprright, NULL),
                (SELECT format(' FOR ORDER BY %I.%I', sn.nspname, sf.opfname)
                 FROM pg_opfamily sf JOIN pg_namespace sn ON sn.oid = sf.opfnamespace
                 WHERE sf.oid = o.amopsortfamily)) AS said
            FROM pg_depend d
            JOIN pg_amop o ON o.oid = d.objid
            JOIN pg_operator p ON p.oid = o.amopopr
            JOIN pg_namespace n ON n.oid = p.oprnamespace
            WHERE d.classid = 'pg_amop'::regclass
              AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid
            UNION ALL
            SELECT format('FUNCTION %s (%s, %s) %I.%I(%s)', m.amprocnum,
                format_type(m.amproclefttype, NULL), format_type(m.amprocrighttype, NULL),
                n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
            FROM pg_depend d
            JOIN pg_amproc m ON m.oid = d.objid
            JOIN pg_proc p ON p.oid = m.amproc
            JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE d.classid = 'pg_amproc'::regclass
              AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid) l), '[]'))
FROM pg_opclass c
JOIN space s ON s.oid = c.opcnamespace
JOIN pg_am a ON a.oid = c.opcmethod
JOIN pg_opfamily f ON f.oid = c.opcfamily
JOIN pg_namespace fn ON fn.oid = f.opfnamespace
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_opclass'::regclass AND m.objid = c.oid)
