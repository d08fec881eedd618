SELECT o.classid, o.objid, 0, jsonb_build_object('role', r.rolname)
FROM (
    -- The sequence of an identity has its table's owner.
    SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, c.relowner AS owner
    FROM relation c
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND NOT EXISTS (
        SELECT FROM pg_depend p
        WHERE c.relkind = 'S' AND p.classid = 'pg_class'::regclass AND p.objid = c.oid AND p.deptype = 'i')
    UNION ALL
    SELECT 'pg_proc'::regclass, p.oid, p.proowner FROM pg_proc p WHERE p.oid >= 16384
    UNION ALL
    SELECT 'pg_type'::regclass, t.oid, t.typowner
    FROM pg_type t
    WHERE t.oid >= 16384 AND t.typtype <> 'm'
      AND (t.typrelid = 0 OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
      AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
    UNION ALL
    -- Until Postgres 14 the first superuser owns the schema public, whatever its name.
    SELECT 'pg_namespace'::regclass, n.oid, n.nspowner FROM pg_namespace n
    WHERE NOT (n.nspname = 'public' AND n.nspowner = 10)
    UNION ALL
    SELECT 'pg_language'::regclass, x.oid, x.lanowner FROM pg_language x
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass, x.oid, x.fdwowner FROM pg_foreign_data_wrapper x
    UNION ALL
    SELECT 'pg_foreign_server'::regclass, x.oid, x.srvowner FROM pg_foreign_server x
    UNION ALL
    SELECT 'pg_event_trigger'::regclass, x.oid, x.evtowner FROM pg_event_trigger x
    UNION ALL
    SELECT 'pg_publication'::regclass, x.oid, x.pubowner FROM pg_publication x
    UNION ALL
    SELECT 'pg_subscription'::regclass, x.oid, x.subowner FROM pg_subscription x
    UNION ALL
    SELECT 'pg_statistic_ext'::regclass, x.oid, x.stxowner FROM pg_statistic_ext x
    UNION ALL
    SELECT 'pg_collation'::regclass, x.oid, x.collowner FROM pg_collation x WHERE x.oid >= 16384
    UNION ALL
    SELECT 'pg_conversion'::regclass, x.oid, x.conowner FROM pg_conversion x WHERE x.oid >= 16384
    UNION ALL
    SELECT 'pg_operator'::regclass, x.oid, x.oprowner FROM pg_operator x WHERE x.oid >= 16384
    UNION ALL
    SELECT 'pg_opclass'::regclass, x.oid, x.opcowner FROM pg_opclass x WHERE x.oid >= 16384
    UNION ALL
    SELECT 'pg_opfamily'::regclass, x.oid, x.opfowner FROM pg_opfamily x WHERE x.oid >= 16384
    UNION ALL
    SELECT 'pg_ts_config'::regclass, x.oid, x.cfgowner FROM pg_ts_config x
    UNION ALL
    SELECT 'pg_ts_dict'::regclass, x.oid, x.dictowner FROM pg_ts_dict x
) o
JOIN pg_roles r ON r.oid = o.owner, setting
-- An extension's owner cannot be changed.
WHERE r.rolname <> setting.owner
