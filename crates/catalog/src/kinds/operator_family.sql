-- Members that a class of the family brings are said with the class.
SELECT 'pg_opfamily'::regclass::oid, f.oid, 0, jsonb_build_object(
    'schema', s.name,
    'name', f.opfname,
    'method', a.amname,
    'members', coalesce((
        SELECT jsonb_object_agg(l.said, l.gone)
        FROM (
            SELECT format('OPERATOR %s %I.%s(%s, %s)%s', o.amopstrategy, n.nspname, p.oprname,
                CASE WHEN p.oprleft = 0 THEN 'NONE' ELSE format_type(p.oprleft, NULL) END,
                format_type(p.oprright, NULL),
                (SELECT format(' FOR ORDER BY %I.%I', sn.nspname, sf.opfname)
                 FROM pg_opfamily sf JOIN pg_namespace sn ON sn.oid = sf.opfnamespace
                 WHERE sf.oid = o.amopsortfamily)) AS said,
                format('OPERATOR %s (%s, %s)', o.amopstrategy,
                    format_type(o.amoplefttype, NULL), format_type(o.amoprighttype, NULL)) AS gone
            FROM pg_amop o
            JOIN pg_operator p ON p.oid = o.amopopr
            JOIN pg_namespace n ON n.oid = p.oprnamespace
            WHERE o.amopfamily = f.oid
              AND EXISTS (
                SELECT FROM pg_depend d WHERE d.classid = 'pg_amop'::regclass AND d.objid = o.oid
                  AND d.refclassid = 'pg_opfamily'::regclass AND d.refobjid = f.oid)
              AND NOT EXISTS (
                SELECT FROM pg_depend d WHERE d.classid = 'pg_amop'::regclass AND d.objid = o.oid
                  AND d.refclassid = 'pg_opclass'::regclass)
            UNION ALL
            SELECT format('FUNCTION %s (%s, %s) %I.%I(%s)', m.amprocnum,
                format_type(m.amproclefttype, NULL), format_type(m.amprocrighttype, NULL),
                n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
                format('FUNCTION %s (%s, %s)', m.amprocnum,
                    format_type(m.amproclefttype, NULL), format_type(m.amprocrighttype, NULL))
            FROM pg_amproc m
            JOIN pg_proc p ON p.oid = m.amproc
            JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE m.amprocfamily = f.oid
              AND NOT EXISTS (
                SELECT FROM pg_depend d WHERE d.classid = 'pg_amproc'::regclass AND d.objid = m.oid
                  AND d.refclassid = 'pg_opclass'::regclass)) l), '{}'))
FROM pg_opfamily f
JOIN space s ON s.oid = f.opfnamespace
JOIN pg_am a ON a.oid = f.opfmethod
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_opfamily'::regclass AND m.objid = f.oid)
