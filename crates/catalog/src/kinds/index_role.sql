SELECT 'pg_index'::regclass::oid, i.oid, role.number, jsonb_build_object(
    'schema', c.schema,
    'table', c.relname,
    'materialized', c.relkind = 'm',
    'index', i.relname,
    'role', role.name)
FROM relation c
JOIN pg_index x ON x.indrelid = c.oid
JOIN pg_class i ON i.oid = x.indexrelid
JOIN LATERAL (VALUES (1, 'cluster', x.indisclustered),
                     (2, 'replica-identity', x.indisreplident AND c.relreplident = 'i')) role (number, name, holds)
    ON role.holds
UNION ALL
SELECT 'pg_index'::regclass, c.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'table', c.relname,
    'role', CASE c.relreplident WHEN 'f' THEN 'replica-identity-full' ELSE 'replica-identity-nothing' END)
FROM relation c
WHERE c.relreplident IN ('f', 'n') AND c.relkind IN ('r', 'p', 'm')
