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
            'collation', (
                SELECT format('%I.%I', o_n.nspname, o.collname)
                FROM pg_collation o JOIN pg_namespace o_n ON o_n.oid = o.collnamespace
                WHERE o.oid = x.indcollation[n] AND o.oid <> (SELECT coalesce(
                    -- The column's own, or that of the type of an expression, goes without saying.
                    (SELECT a.attcollation FROM pg_attribute a
                     WHERE a.attrelid = c.oid AND a.attnum = x.indkey[n] AND x.indkey[n] <> 0),
                    (SELECT t.typcollation FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                     WHERE a.attrelid = i.oid AND a.attnum = n + 1), 0))),
            -- Parameters of an operator class make it said even where it is the default.
            'operator_class', CASE WHEN NOT oc.opcdefault OR ia.attoptions IS NOT NULL
                THEN format('%I.%I', ocn.nspname, oc.opcname) || coalesce((
                    SELECT ' (' || string_agg(format('%I=%L', o.option_name, o.option_value), ', ') || ')'
                    FROM pg_options_to_table(ia.attoptions) o), '') END,
            'descending', (x.indoption[n] & 1) = 1,
            'nulls', CASE WHEN am.amname = 'btree' THEN
                CASE WHEN (x.indoption[n] & 2) = 2 THEN 'first' ELSE 'last' END END) ORDER BY n)
        FROM generate_series(0, x.indnkeyatts - 1) n
        JOIN pg_attribute ia ON ia.attrelid = i.oid AND ia.attnum = n + 1
        JOIN pg_opclass oc ON oc.oid = x.indclass[n]
        JOIN pg_namespace ocn ON ocn.oid = oc.opcnamespace),
    'include', CASE WHEN x.indnkeyatts = x.indnatts THEN '[]' ELSE (
        SELECT jsonb_agg(a.attname ORDER BY n)
        FROM generate_series(x.indnkeyatts, x.indnatts - 1) n
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[n]) END,
    'unique', x.indisunique,
    'nulls_not_distinct', x.equal_nulls,
    'predicate', pg_get_expr(x.indpred, x.indrelid),
    'with', CASE WHEN i.reloptions IS NULL THEN '{}' ELSE (
        SELECT jsonb_object_agg(o.option_name, o.option_value) FROM pg_options_to_table(i.reloptions) o) END,
    'tablespace', (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = i.reltablespace),
    'statistics', coalesce((
        SELECT jsonb_object_agg(ia.attnum, ia.attstattarget)
        FROM pg_attribute ia
        WHERE ia.attrelid = i.oid AND ia.attstattarget >= 0), '{}'),
    'invalid', NOT x.indisvalid,
    'partitioned', i.relkind = 'I',
    'apart', c.relispartition AND NOT i.relispartition,
    'materialized', c.relkind = 'm',
    'concurrently', false)
-- What older servers lack has its usual value: a name that its catalog does not know is this one.
FROM (VALUES (false)) usual (indnullsnotdistinct),
LATERAL (SELECT x.*, indnullsnotdistinct AS equal_nulls FROM pg_index x) x
JOIN pg_class i ON i.oid = x.indexrelid
JOIN relation c ON c.oid = x.indrelid
JOIN pg_am am ON am.oid = i.relam
WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))
  AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_class'::regclass AND m.objid = i.oid)
