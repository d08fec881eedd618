-- Settings of the database itself (ALTER DATABASE) are none of a schema's.
SELECT 'pg_db_role_setting'::regclass::oid, s.setrole, (s.setdatabase <> 0)::int, jsonb_build_object(
    'role', r.rolname,
    'in_database', s.setdatabase <> 0,
    'settings', (
        SELECT jsonb_object_agg(split_part(c, '=', 1), substr(c, strpos(c, '=') + 1))
        FROM unnest(s.setconfig) c))
FROM pg_db_role_setting s
JOIN pg_roles r ON r.oid = s.setrole
WHERE r.oid >= 16384
  AND s.setdatabase IN (0, (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
