SELECT 'pg_foreign_server'::regclass::oid, s.oid, 0, jsonb_build_object(
    'name', s.srvname,
    'wrapper', w.fdwname,
    'type', s.srvtype,
    'version', s.srvversion,
    'options', coalesce((
        SELECT jsonb_object_agg(o.option_name, CASE
            WHEN o.option_name ~* '(passw|pwd|passfile|passcode|passphrase|secret|token|credential|(api|access|private)_?key)'
            THEN '(secret)' ELSE coalesce(o.option_value, '') END)
        FROM pg_options_to_table(s.srvoptions) o), '{}'))
FROM pg_foreign_server s
JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_foreign_server'::regclass AND m.objid = s.oid)
