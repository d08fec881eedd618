SELECT 'pg_policy'::regclass::oid, p.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'table', c.relname,
    'name', p.polname,
    'permissive', p.polpermissive,
    'command', CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT'
        WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
    'roles', (
        SELECT jsonb_agg(name ORDER BY name)
        FROM (SELECT coalesce(r.rolname, 'public') AS name
              FROM unnest(p.polroles) x (oid) LEFT JOIN pg_roles r ON r.oid = x.oid) named),
    'using', pg_get_expr(p.polqual, p.polrelid),
    'with_check', pg_get_expr(p.polwithcheck, p.polrelid))
FROM pg_policy p JOIN relation c ON c.oid = p.polrelid
