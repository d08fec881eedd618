SELECT 'pg_ts_config'::regclass::oid, c.oid, 0, jsonb_build_object(
    'schema', s.name,
    'name', c.cfgname,
    'parser', format('%I.%I', n.nspname, p.prsname),
    'mappings', coalesce((
        SELECT jsonb_object_agg(m.alias, m.dictionaries)
        FROM (
            SELECT t.alias, string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno) AS dictionaries
            FROM pg_ts_config_map m
            JOIN ts_token_type(c.cfgparser) t ON t.tokid = m.maptokentype
            WHERE m.mapcfg = c.oid
            GROUP BY t.alias) m), '{}'))
FROM pg_ts_config c
JOIN space s ON s.oid = c.cfgnamespace
JOIN pg_ts_parser p ON p.oid = c.cfgparser
JOIN pg_namespace n ON n.oid = p.prsnamespace
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_ts_config'::regclass AND m.objid = c.oid)
