-- An operator without a function is a promise that another one's COMMUTATOR or NEGATOR made.
SELECT 'pg_operator'::regclass::oid, o.oid, 0, jsonb_build_object(
    'schema', s.name,
    'name', o.oprname,
    'left', CASE WHEN o.oprleft <> 0 THEN format_type(o.oprleft, NULL) END,
    'right', format_type(o.oprright, NULL),
    'function', format('%I.%I', n.nspname, p.proname),
    'commutator', (
        SELECT format('OPERATOR(%I.%s)', n.nspname, c.oprname)
        FROM pg_operator c JOIN pg_namespace n ON n.oid = c.oprnamespace WHERE c.oid = o.oprcom),
    'negator', (
        SELECT format('OPERATOR(%I.%s)', n.nspname, c.oprname)
        FROM pg_operator c JOIN pg_namespace n ON n.oid = c.oprnamespace WHERE c.oid = o.oprnegate),
    'promised', EXISTS (
        SELECT FROM pg_operator c WHERE c.oid IN (o.oprcom, o.oprnegate) AND c.oprcode = 0),
    'restrict', (
        SELECT format('%I.%I', n.nspname, f.proname)
        FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace WHERE f.oid = o.oprrest),
    'join', (
        SELECT format('%I.%I', n.nspname, f.proname)
        FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace WHERE f.oid = o.oprjoin),
    'hashes', o.oprcanhash,
    'merges', o.oprcanmerge)
FROM pg_operator o
JOIN space s ON s.oid = o.oprnamespace
JOIN pg_proc p ON p.oid = o.oprcode
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_operator'::regclass AND m.objid = o.oid)
