SELECT 'pg_constraint'::regclass::oid, k.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'table', c.relname,
    'name', k.conname,
    'expression', pg_get_expr(k.conbin, k.conrelid),
    'no_inherit', k.connoinherit,
    'not_valid', NOT k.convalidated,
    'not_enforced', NOT k.enforced,
    'origin', CASE WHEN k.coninhcount = 0 OR k.conislocal THEN 'own'
        WHEN c.relispartition THEN 'partition' ELSE 'inherited' END)
-- What older servers lack has its usual value: a name that its catalog does not know is this one.
FROM (VALUES (true)) usual (conenforced),
LATERAL (SELECT k.*, conenforced AS enforced FROM pg_constraint k) k
JOIN relation c ON c.oid = k.conrelid
WHERE k.contype = 'c'
