-- Every table of the user's as a row of it has to be made: one JSON array.
WITH RECURSIVE tables AS (
    SELECT c.*, n.nspname
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
      AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
),
-- From a domain down to the type below it.
down AS (
    SELECT t.oid AS top, t.oid, t.typtype, t.typbasetype, NULL::int4 AS typmod, false AS not_null,
           false AS has_default, ARRAY[]::oid[] AS domains
    FROM pg_type t
    WHERE t.oid IN (SELECT a.atttypid FROM pg_attribute a JOIN tables c ON c.oid = a.attrelid
                    WHERE a.attnum > 0 AND NOT a.attisdropped)
    UNION ALL
    SELECT d.top, b.oid, b.typtype, b.typbasetype, t.typtypmod, d.not_null OR t.typnotnull,
           d.has_default OR t.typdefault IS NOT NULL, d.domains || t.oid
    FROM down d JOIN pg_type t ON t.oid = d.oid JOIN pg_type b ON b.oid = t.typbasetype
    WHERE d.typtype = 'd'
),
base AS (SELECT * FROM down WHERE typtype <> 'd')
SELECT coalesce(json_agg(json_build_object(
    'schema', c.nspname,
    'name', c.relname,
    'sql', format('%I.%I', c.nspname, c.relname),
    'bound', pg_get_expr(c.relpartbound, c.oid),
    'partition_of', (
        SELECT json_build_object('schema', n.nspname, 'name', p.relname)
        FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace n ON n.oid = p.relnamespace
        WHERE c.relispartition AND h.inhrelid = c.oid),
    'partition_columns', coalesce((
        SELECT json_agg(a.attname ORDER BY k.place)
        FROM pg_partitioned_table p, unnest(p.partattrs::int2[]) WITH ORDINALITY k (number, place)
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
        WHERE p.partrelid = c.oid), '[]'),
    'columns', coalesce((
        SELECT json_agg(json_build_object(
            'name', a.attname,
            'sql', quote_ident(a.attname),
            'type', format_type(a.atttypid, a.atttypmod),
            'base', format_type(b.oid, NULL),
            'category', t.typcategory,
            'kind', t.typtype,
            'length', CASE WHEN b.oid IN ('varchar'::regtype, 'bpchar'::regtype)
                THEN nullif(coalesce(b.typmod, a.atttypmod), -1) - 4
                WHEN b.oid IN ('bit'::regtype, 'varbit'::regtype)
                THEN nullif(coalesce(b.typmod, a.atttypmod), -1) END,
            'labels', coalesce((SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder)
                FROM pg_enum e WHERE e.enumtypid = b.oid), '[]'),
            'not_null', a.attnotnull OR b.not_null,
            'has_default', a.atthasdef OR b.has_default,
            'draws', coalesce(pg_get_expr(f.adbin, f.adrelid) LIKE '%nextval(%', false),
            'always', a.attidentity = 'a' OR a.attgenerated <> '',
            'identity', a.attidentity <> '') ORDER BY a.attnum)
        FROM pg_attribute a
        JOIN base b ON b.top = a.atttypid
        JOIN pg_type t ON t.oid = b.oid
        LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]'),
    'foreign_keys', coalesce((
        SELECT json_agg(json_build_object(
            'name', k.conname,
            'to', json_build_object('schema', n.nspname, 'name', p.relname),
            'columns', (SELECT json_agg(a.attname ORDER BY x.place)
                FROM unnest(k.conkey) WITH ORDINALITY x (number, place)
                JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x.number),
            'to_columns', (SELECT json_agg(a.attname ORDER BY x.place)
                FROM unnest(k.confkey) WITH ORDINALITY x (number, place)
                JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = x.number)) ORDER BY k.conname)
        FROM pg_constraint k JOIN pg_class p ON p.oid = k.confrelid JOIN pg_namespace n ON n.oid = p.relnamespace
        WHERE k.conrelid = c.oid AND k.contype = 'f'
          -- Those to single partitions come with the one to the table above.
          AND NOT EXISTS (SELECT FROM pg_constraint q WHERE q.oid = k.conparentid AND q.conrelid = c.oid)), '[]'),
    'uniques', coalesce((
        SELECT json_agg(json_build_object(
            'name', i.relname,
            'primary', x.indisprimary,
            'predicate', pg_get_expr(x.indpred, x.indrelid),
            -- Those in expressions too.
            'columns', (SELECT json_agg(DISTINCT a.attname)
                FROM pg_attribute a
                WHERE a.attrelid = c.oid AND a.attnum > 0
                  AND (a.attnum = ANY ((x.indkey::int2[])[0:x.indnkeyatts - 1])
                    OR x.indexprs IS NOT NULL AND EXISTS (
                        SELECT FROM pg_depend d
                        WHERE d.classid = 'pg_class'::regclass AND d.objid = i.oid
                          AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid = a.attnum
                          AND d.deptype <> 'i' AND NOT (pg_get_expr(x.indpred, x.indrelid) IS NOT NULL
                            AND strpos(pg_get_expr(x.indexprs, x.indrelid), a.attname) = 0))))) ORDER BY i.relname)
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
        WHERE x.indrelid = c.oid AND x.indisunique AND x.indisvalid), '[]'),
    'checks', coalesce((
        SELECT json_agg(json_build_object('name', k.conname, 'text', pg_get_constraintdef(k.oid),
            'columns', coalesce((SELECT json_agg(a.attname) FROM pg_attribute a
                WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey)), '[]')))
        FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'), '[]')
    ,
    'domain_checks', coalesce((
        SELECT json_agg(json_build_object('name', k.conname, 'text', pg_get_constraintdef(k.oid),
            'columns', json_build_array(a.attname)))
        FROM pg_attribute a JOIN base b ON b.top = a.atttypid
        JOIN pg_constraint k ON k.contypid = ANY (b.domains)
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND k.contype = 'c'), '[]')
)), '[]')
FROM tables c
