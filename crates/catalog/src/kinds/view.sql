SELECT 'pg_class'::regclass::oid, c.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'name', c.relname,
    'query', pg_get_viewdef(c.oid),
    'options', coalesce((
        SELECT jsonb_object_agg(o.option_name, o.option_value) FROM pg_options_to_table(c.reloptions) o), '{}'))
FROM relation c
WHERE c.relkind = 'v'
