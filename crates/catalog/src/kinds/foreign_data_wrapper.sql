SELECT 'pg_foreign_data_wrapper'::regclass::oid, w.oid, 0, jsonb_build_object(
    'name', w.fdwname,
    'handler', (
        SELECT format('%I.%I', n.nspname, p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = w.fdwhandler),
    'validator', (
        SELECT format('%I.%I', n.nspname, p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = w.fdwvalidator),
    'options', coalesce((
        SELECT jsonb_object_agg(o.option_name, CASE
            WHEN o.option_name ~* '(passw|pwd|passfile|passcode|passphrase|secret|token|credential|(api|access|private)_?key)'
            THEN '(secret)' ELSE coalesce(o.option_value, '') END)
        FROM pg_options_to_table(w.fdwoptions) o), '{}'))
FROM pg_foreign_data_wrapper w
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_foreign_data_wrapper'::regclass AND m.objid = w.oid)
