SELECT 'pg_class'::regclass::oid, c.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'name', c.relname,
    'query', pg_get_viewdef(c.oid),
    'options', coalesce((
        SELECT jsonb_object_agg(o.option_name, o.option_value) FROM pg_options_to_table(c.reloptions) o), '{}'),
    'access_method', (SELECT am.amname FROM pg_am am WHERE am.oid = c.relam AND am.amname <> 'heap'),
    'tablespace', (SELECT t.spcname FROM pg_tablespace t WHERE t.oid = c.reltablespace),
    'no_data', NOT c.relispopulated)
FROM relation c
WHERE c.relkind = 'm'
