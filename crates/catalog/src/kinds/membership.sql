SELECT 'pg_auth_members'::regclass::oid, m.roleid, m.member::int4, jsonb_build_object(
    'role', r.name,
    'member', w.name,
    'grants', jsonb_agg(jsonb_build_object(
        -- A superuser's grants are recorded as the first superuser's.
        'by', CASE WHEN m.grantor <> 10 THEN nullif(g.name, 'current_user') END,
        'admin', m.admin_option,
        'inherit', (to_jsonb(m) ->> 'inherit_option')::boolean,
        'set', (to_jsonb(m) ->> 'set_option')::boolean) ORDER BY g.name COLLATE "C"))
FROM pg_auth_members m
JOIN who r ON r.oid = m.roleid
JOIN who w ON w.oid = m.member
LEFT JOIN who g ON g.oid = m.grantor
-- Those that came with the cluster have low numbers.
WHERE m.roleid >= 16384 OR m.member >= 16384
GROUP BY m.roleid, m.member, r.name, w.name
