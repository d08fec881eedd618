-- The expression of a default or a generated column.
SELECT 'pg_attrdef'::regclass::oid, d.oid, 0, 'pg_class'::regclass::oid, d.adrelid, d.adnum::int
FROM pg_attrdef d
UNION ALL
-- The sequence of an identity.
SELECT p.classid, p.objid, p.objsubid, p.refclassid, p.refobjid, p.refobjsubid
FROM pg_depend p JOIN pg_class c ON c.oid = p.objid AND c.relkind = 'S'
WHERE p.classid = 'pg_class'::regclass AND p.refclassid = 'pg_class'::regclass AND p.deptype = 'i'
UNION ALL
-- The index behind a constraint.
SELECT 'pg_class'::regclass, k.conindid, 0, 'pg_constraint'::regclass, k.oid, 0
FROM pg_constraint k
WHERE k.contype IN ('p', 'u', 'x') AND k.conindid <> 0
UNION ALL
-- The rule that makes a view.
SELECT 'pg_rewrite'::regclass, r.oid, 0, 'pg_class'::regclass, r.ev_class, 0
FROM pg_rewrite r
WHERE r.rulename = '_RETURN'
UNION ALL
-- The type of a relation's rows.
SELECT 'pg_type'::regclass, t.oid, 0, 'pg_class'::regclass, t.typrelid, 0
FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid AND c.relkind <> 'c'
UNION ALL
-- The type of arrays of a type, and of a relation's rows.
SELECT 'pg_type'::regclass, a.oid, 0,
    CASE WHEN c.oid IS NULL THEN 'pg_type'::regclass ELSE 'pg_class'::regclass END,
    coalesce(c.oid, e.oid), 0
FROM pg_type a
JOIN pg_type e ON e.typarray = a.oid
LEFT JOIN pg_class c ON c.oid = e.typrelid AND c.relkind <> 'c'
UNION ALL
-- The constraint of a constraint trigger.
SELECT 'pg_constraint'::regclass, t.tgconstraint, 0, 'pg_trigger'::regclass, t.oid, 0
FROM pg_trigger t
WHERE NOT t.tgisinternal AND t.tgconstraint <> 0
UNION ALL
-- The triggers that partitions have from their parent.
SELECT 'pg_trigger'::regclass, t.oid, 0, 'pg_trigger'::regclass, t.tgparentid, 0
FROM pg_trigger t
WHERE NOT t.tgisinternal AND t.tgparentid <> 0
UNION ALL
-- The constructors of a range.
SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid
FROM pg_depend d
WHERE d.classid = 'pg_proc'::regclass AND d.deptype = 'i'
UNION ALL
-- Triggers that Postgres makes for a constraint.
SELECT 'pg_trigger'::regclass, t.oid, 0, 'pg_constraint'::regclass, t.tgconstraint, 0
FROM pg_trigger t
WHERE t.tgisinternal AND t.tgconstraint <> 0
