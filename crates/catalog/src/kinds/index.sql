SELECT 'pg_class'::regclass::oid, i.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'table', c.relname,
    'name', i.relname,
    'method', am.amname,
    'columns', (
        SELECT jsonb_agg(jsonb_build_object(
            'is_expression', x.indkey[n] = 0,
            'expression', CASE WHEN x.indkey[n] = 0
                THEN pg_get_indexdef(i.oid, n + 1, false)
                ELSE (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = x.indkey[n]) END,
            'operator_class', CASE WHEN NOT oc.opcdefault
                THEN format('%I.%I', ocn.nspname, oc.opcname) END,
            'descending', (x.indoption[n] & 1) = 1,
            'nulls', CASE WHEN am.amname = 'btree' THEN
                CASE WHEN (x.indoption[n] & 2) = 2 THEN 'first' ELSE 'last' END END) ORDER BY n)
        FROM generate_series(0, x.indnkeyatts - 1) n
        JOIN pg_opclass oc ON oc.oid = x.indclass[n]
        JOIN pg_namespace ocn ON ocn.oid = oc.opcnamespace),
    'unique', x.indisunique,
    'predicate', pg_get_expr(x.indpred, x.indrelid),
    'with', coalesce((
        SELECT jsonb_object_agg(o.option_name, o.option_value) FROM pg_options_to_table(i.reloptions) o), '{}'),
    'concurrently', false)
FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid
JOIN relation c ON c.oid = x.indrelid
JOIN pg_am am ON am.oid = i.relam
WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))
  AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_class'::regclass AND m.objid = i.oid)
