SELECT 'pg_default_acl'::regclass::oid, d.oid, 0, jsonb_build_object(
    'role', nullif(r.name, 'current_user'),
    'schema', s.name,
    'objects', CASE d.defaclobjtype WHEN 'r' THEN 'table' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'function'
        WHEN 'T' THEN 'type' WHEN 'n' THEN 'schema' WHEN 'L' THEN 'large-object' END,
    'rights', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'to', CASE WHEN x.grantee <> d.defaclrole THEN t.name END,
            'by', CASE WHEN x.grantor <> d.defaclrole THEN g.name END,
            'may', x.privilege_type,
            'onward', x.is_grantable)), '[]')
        FROM aclexplode(d.defaclacl) x
        JOIN who t ON t.oid = x.grantee
        JOIN who g ON g.oid = x.grantor))
FROM pg_default_acl d
JOIN who r ON r.oid = d.defaclrole
LEFT JOIN space s ON s.oid = d.defaclnamespace
WHERE d.defaclnamespace = 0 OR s.oid IS NOT NULL
