-- Toast tables and their indexes are storage, rows of a sequence's or a view's columns are read with it.
SELECT 'pg_class'::regclass::oid, c.oid, 0, ''
FROM relation c
UNION ALL
SELECT 'pg_class'::regclass, c.oid, a.attnum::int, ''
FROM relation c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'pg_type'::regclass, t.oid, 0, ''
FROM pg_type t JOIN space s ON s.oid = t.typnamespace, setting
WHERE t.oid >= 16384 AND NOT t.typrelid = ANY (setting.ledger)
  AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid AND e.typrelid = ANY (setting.ledger))
UNION ALL
SELECT 'pg_proc'::regclass, p.oid, 0, ''
FROM pg_proc p JOIN space s ON s.oid = p.pronamespace
WHERE p.oid >= 16384
UNION ALL
SELECT 'pg_constraint'::regclass, k.oid, 0, ''
FROM pg_constraint k JOIN space s ON s.oid = k.connamespace, setting
WHERE NOT k.conrelid = ANY (setting.ledger)
UNION ALL
SELECT 'pg_trigger'::regclass, t.oid, 0, ''
FROM pg_trigger t JOIN relation c ON c.oid = t.tgrelid
UNION ALL
SELECT 'pg_rewrite'::regclass, r.oid, 0, ''
FROM pg_rewrite r JOIN relation c ON c.oid = r.ev_class
UNION ALL
SELECT 'pg_policy'::regclass, p.oid, 0, ''
FROM pg_policy p JOIN relation c ON c.oid = p.polrelid
UNION ALL
SELECT 'pg_attrdef'::regclass, d.oid, 0, ''
FROM pg_attrdef d JOIN relation c ON c.oid = d.adrelid
WHERE c.relkind IN ('r', 'p', 'f', 'v')
UNION ALL
SELECT 'pg_statistic_ext'::regclass, x.oid, 0, ''
FROM pg_statistic_ext x JOIN space s ON s.oid = x.stxnamespace
UNION ALL
SELECT 'pg_collation'::regclass, x.oid, 0, ''
FROM pg_collation x JOIN space s ON s.oid = x.collnamespace
UNION ALL
SELECT 'pg_conversion'::regclass, x.oid, 0, ''
FROM pg_conversion x JOIN space s ON s.oid = x.connamespace
UNION ALL
SELECT 'pg_operator'::regclass, x.oid, 0, ''
FROM pg_operator x JOIN space s ON s.oid = x.oprnamespace
-- One without a function is a promise that another one's COMMUTATOR or NEGATOR made.
WHERE x.oprcode <> 0
UNION ALL
SELECT 'pg_opclass'::regclass, x.oid, 0, ''
FROM pg_opclass x JOIN space s ON s.oid = x.opcnamespace
UNION ALL
SELECT 'pg_opfamily'::regclass, x.oid, 0, ''
FROM pg_opfamily x JOIN space s ON s.oid = x.opfnamespace
UNION ALL
SELECT 'pg_ts_config'::regclass, x.oid, 0, ''
FROM pg_ts_config x JOIN space s ON s.oid = x.cfgnamespace
UNION ALL
SELECT 'pg_ts_dict'::regclass, x.oid, 0, ''
FROM pg_ts_dict x JOIN space s ON s.oid = x.dictnamespace
UNION ALL
SELECT 'pg_ts_parser'::regclass, x.oid, 0, ''
FROM pg_ts_parser x JOIN space s ON s.oid = x.prsnamespace
UNION ALL
SELECT 'pg_ts_template'::regclass, x.oid, 0, ''
FROM pg_ts_template x JOIN space s ON s.oid = x.tmplnamespace
UNION ALL
SELECT 'pg_default_acl'::regclass, x.oid, 0, ''
FROM pg_default_acl x
WHERE x.defaclnamespace = 0 OR x.defaclnamespace IN (SELECT oid FROM space)
UNION ALL
-- What lives outside schemas: those that came with the database have low numbers.
SELECT 'pg_namespace'::regclass, x.oid, 0, ''
FROM pg_namespace x JOIN space s ON s.oid = x.oid WHERE s.name <> 'public'
UNION ALL
SELECT 'pg_extension'::regclass, x.oid, 0, ''
FROM pg_extension x WHERE x.oid >= 16384
UNION ALL
SELECT 'pg_cast'::regclass, x.oid, 0, ''
FROM pg_cast x WHERE x.oid >= 16384
UNION ALL
SELECT 'pg_language'::regclass, x.oid, 0, ''
FROM pg_language x WHERE x.oid >= 16384
UNION ALL
SELECT 'pg_am'::regclass, x.oid, 0, ''
FROM pg_am x WHERE x.oid >= 16384
UNION ALL
SELECT 'pg_event_trigger'::regclass, x.oid, 0, ''
FROM pg_event_trigger x WHERE x.oid >= 16384
UNION ALL
SELECT 'pg_foreign_data_wrapper'::regclass, x.oid, 0, ''
FROM pg_foreign_data_wrapper x WHERE x.oid >= 16384
UNION ALL
SELECT 'pg_foreign_server'::regclass, x.oid, 0, ''
FROM pg_foreign_server x WHERE x.oid >= 16384
UNION ALL
SELECT 'pg_user_mapping'::regclass, x.umid, 0, ''
FROM pg_user_mappings x WHERE x.umid >= 16384
UNION ALL
SELECT 'pg_publication'::regclass, x.oid, 0, ''
FROM pg_publication x WHERE x.oid >= 16384
UNION ALL
SELECT 'pg_transform'::regclass, x.oid, 0, ''
FROM pg_transform x WHERE x.oid >= 16384
UNION ALL
SELECT 'pg_subscription'::regclass, x.oid, 0, ''
FROM pg_subscription x
WHERE x.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
UNION ALL
SELECT x.classoid, x.objoid, x.objsubid, 'security label of '
FROM pg_seclabel x
