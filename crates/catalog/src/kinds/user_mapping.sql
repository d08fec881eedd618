-- Whoever may not see the options does not know the mapping.
SELECT 'pg_user_mapping'::regclass::oid, u.umid, 0, jsonb_build_object(
    'user', who.name,
    'server', u.srvname,
    'options', coalesce((
        SELECT jsonb_object_agg(o.option_name, CASE
            WHEN o.option_name ~* '(passw|pwd|passfile|passcode|passphrase|secret|token|credential|(api|access|private)_?key)'
            THEN '(secret)' ELSE coalesce(o.option_value, '') END)
        FROM pg_options_to_table(u.umoptions) o), '{}'))
FROM pg_user_mappings u
JOIN who ON who.oid = u.umuser
WHERE (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user) OR u.umoptions IS NOT NULL
