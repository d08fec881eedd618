SELECT 'pg_rewrite'::regclass::oid, r.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'table', c.relname,
    'name', r.rulename,
    'of', CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized-view' ELSE 'table' END,
    'event', CASE r.ev_type WHEN '1' THEN 'SELECT' WHEN '2' THEN 'UPDATE' WHEN '3' THEN 'INSERT' ELSE 'DELETE' END,
    'definition', rtrim(substr(said.text, strpos(said.text, said.place) + length(said.place)), ';'),
    'enabled', r.ev_enabled)
FROM pg_rewrite r
JOIN relation c ON c.oid = r.ev_class,
LATERAL (SELECT
    pg_get_ruledef(r.oid) AS text,
    format(' TO %s.%s', quote_ident(c.schema), quote_ident(c.relname)) AS place) said
WHERE r.rulename <> '_RETURN'
