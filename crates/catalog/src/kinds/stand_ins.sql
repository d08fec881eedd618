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
-- Triggers that Postgres makes for a constraint.
SELECT 'pg_trigger'::regclass, t.oid, 0, 'pg_constraint'::regclass, t.tgconstraint, 0
FROM pg_trigger t
WHERE t.tgisinternal AND t.tgconstraint <> 0
UNION ALL
-- The row type of a composite type, which is where its attributes are.
SELECT 'pg_class'::regclass, t.typrelid, 0, 'pg_type'::regclass, t.oid, 0
FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
UNION ALL
-- The multirange type of a range type.
SELECT 'pg_type'::regclass, r.rngmultitypid, 0, 'pg_type'::regclass, r.rngtypid, 0
FROM pg_range r
UNION ALL
-- What comes with a type: the constructors of a range, the cast to its multirange.
SELECT p.classid, p.objid, 0, 'pg_type'::regclass, p.refobjid, 0
FROM pg_depend p
WHERE p.classid IN ('pg_proc'::regclass, 'pg_cast'::regclass) AND p.refclassid = 'pg_type'::regclass AND p.deptype = 'i'
UNION ALL
-- NOT NULL of a domain, a constraint since Postgres 17.
SELECT 'pg_constraint'::regclass, k.oid, 0, 'pg_type'::regclass, k.contypid, 0
FROM pg_constraint k
WHERE k.contypid <> 0 AND k.contype = 'n'
UNION ALL
-- Members of operator families: a class's own, or loose ones.
SELECT p.classid, p.objid, 0, p.refclassid, p.refobjid, 0
FROM pg_depend p
WHERE p.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass)
  AND p.refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass) AND p.deptype IN ('a', 'i')
UNION ALL
-- A foreign key towards a partition of the table that it references.
SELECT 'pg_constraint'::regclass, k.oid, 0, 'pg_constraint'::regclass, whole.oid, 0
FROM pg_constraint k JOIN pg_constraint whole ON whole.oid = k.conparentid AND whole.conrelid = k.conrelid
WHERE k.contype = 'f'
UNION ALL
-- NOT NULL, where it is a constraint (Postgres 18 and later).
SELECT 'pg_constraint'::regclass, k.oid, 0, 'pg_class'::regclass, k.conrelid, k.conkey[1]::int
FROM pg_constraint k
WHERE k.contype = 'n' AND k.conrelid <> 0
