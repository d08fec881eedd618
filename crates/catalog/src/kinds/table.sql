SELECT 'pg_class'::regclass::oid, c.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'name', c.relname,
    'row_security', c.relrowsecurity,
    'force_row_security', c.relforcerowsecurity,
    'partition_by', pg_get_partkeydef(c.oid),
    -- Those of expressions too: none of them goes without the table.
    'partition_columns', coalesce((
        SELECT jsonb_agg(a.attname ORDER BY a.attnum)
        FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.objid AND a.attnum = d.objsubid
        WHERE c.relkind = 'p' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid > 0
          AND d.refclassid = d.classid AND d.refobjid = c.oid AND d.refobjsubid = 0 AND d.deptype = 'i'), '[]'),
    'unlogged', c.relpersistence = 'u',
    'options', coalesce((
        SELECT jsonb_object_agg(o.name, CASE WHEN o.value ~ '^(-?[0-9.]+|[a-z_]+)$' THEN o.value ELSE quote_literal(o.value) END)
        FROM (SELECT option_name AS name, option_value AS value FROM pg_options_to_table(c.reloptions)
              UNION ALL
              SELECT 'toast.' || option_name, option_value
              FROM pg_class toast, pg_options_to_table(toast.reloptions)
              WHERE toast.oid = c.reltoastrelid) o), '{}'),
    'access_method', (SELECT am.amname FROM pg_am am WHERE am.oid = c.relam AND am.amname <> 'heap'),
    'tablespace', (SELECT t.spcname FROM pg_tablespace t WHERE t.oid = c.reltablespace),
    'inherits', coalesce((
        SELECT jsonb_agg(jsonb_build_object('schema', n.nspname, 'name', p.relname) ORDER BY h.inhseqno)
        FROM pg_inherits h
        JOIN pg_class p ON p.oid = h.inhparent
        JOIN pg_namespace n ON n.oid = p.relnamespace
        WHERE h.inhrelid = c.oid AND NOT c.relispartition), '[]'),
    'foreign', (
        SELECT jsonb_build_object('server', s.srvname, 'options', coalesce((
        SELECT jsonb_object_agg(o.option_name, CASE
            WHEN o.option_name ~* '(passw|pwd|passfile|passcode|passphrase|secret|token|credential|(api|access|private)_?key)'
            THEN '(secret)' ELSE coalesce(o.option_value, '') END)
        FROM pg_options_to_table(f.ftoptions) o), '{}'))
        FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver
        WHERE f.ftrelid = c.oid))
FROM relation c
WHERE c.relkind IN ('r', 'p', 'f')
