SELECT 'pg_statistic_ext'::regclass::oid, x.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'table', c.relname,
    'materialized', c.relkind = 'm',
    'own_schema', s.name,
    'name', x.stxname,
    'definition', regexp_replace(pg_get_statisticsobjdef(x.oid), '^CREATE STATISTICS (("([^"]|"")*"|[^ ."]+)\.?){1,2} ', ''),
    'target', nullif((to_jsonb(x) ->> 'stxstattarget')::int, -1))
FROM pg_statistic_ext x
JOIN space s ON s.oid = x.stxnamespace
JOIN relation c ON c.oid = x.stxrelid
