SELECT 'pg_constraint'::regclass::oid, k.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'table', c.relname,
    'name', k.conname,
    'definition', pg_get_constraintdef(k.oid),
    'with', coalesce((
        SELECT jsonb_object_agg(o.option_name, o.option_value) FROM pg_options_to_table(x.reloptions) o), '{}'),
    'tablespace', (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = x.reltablespace))
FROM pg_constraint k
JOIN relation c ON c.oid = k.conrelid
JOIN pg_class x ON x.oid = k.conindid
WHERE k.contype = 'x'
