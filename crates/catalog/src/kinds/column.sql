SELECT 'pg_class'::regclass::oid, c.oid, a.attnum, json_build_object(
    'schema', c.schema,
    'table', c.relname,
    'name', a.attname,
    'position', a.attnum,
    'data_type', CASE
        -- A type of the user's may be renamed or rebuilt; anything else is text.
        WHEN ts.name IS NOT NULL AND NOT EXISTS (
            SELECT FROM member m WHERE m.classid = 'pg_type'::regclass AND m.objid = e.oid)
        THEN jsonb_build_object('schema', ts.name, 'name', e.typname, 'dimensions', (t.oid <> e.oid)::int)
        ELSE jsonb_build_object('schema', '', 'dimensions', (t.oid <> e.oid)::int,
            'name', rtrim(format_type(a.atttypid, a.atttypmod), '[]'))
        END,
    'collation', (
        SELECT format('%I.%I', n.nspname, o.collname)
        FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace
        WHERE o.oid = a.attcollation AND a.attcollation <> t.typcollation),
    'not_null', a.attnotnull,
    -- From Postgres 18 on, NOT NULL is a constraint with a name.
    'not_null_constraint', (
        SELECT jsonb_build_object(
            'name', nullif(k.conname, c.relname || '_' || a.attname || '_not_null'),
            'no_inherit', k.connoinherit, 'not_valid', NOT k.convalidated)
        FROM pg_constraint k
        WHERE a.attnotnull AND k.conrelid = c.oid AND k.contype = 'n' AND k.conkey[1] = a.attnum
          AND (k.conname <> c.relname || '_' || a.attname || '_not_null' OR k.connoinherit OR NOT k.convalidated)),
    'storage', CASE WHEN a.attstorage <> t.typstorage THEN storage.words ->> a.attstorage::text END,
    'usual_storage', CASE WHEN a.attstorage <> t.typstorage THEN storage.words ->> t.typstorage::text END,
    'compression', CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END,
    'statistics', nullif(a.attstattarget::int, -1),
    'options', CASE WHEN a.attoptions IS NULL THEN '{}' ELSE (
        SELECT jsonb_object_agg(o.option_name, o.option_value) FROM pg_options_to_table(a.attoptions) o) END,
    'foreign_options', CASE WHEN a.attfdwoptions IS NULL THEN '{}' ELSE (
        SELECT jsonb_object_agg(o.option_name, CASE
            WHEN o.option_name ~* '(passw|pwd|passfile|passcode|passphrase|secret|token|credential|(api|access|private)_?key)'
            THEN '(secret)' ELSE coalesce(o.option_value, '') END)
        FROM pg_options_to_table(a.attfdwoptions) o) END,
    'origin', CASE WHEN c.relispartition THEN 'partition'
        WHEN a.attinhcount > 0 AND NOT a.attislocal THEN 'inherited' ELSE 'own' END,
    'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
    'generated', CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END,
    'generated_virtual', a.attgenerated = 'v',
    'identity', (
        SELECT jsonb_build_object(
            'always', a.attidentity = 'a',
            'sequence', i.relname,
            'options', jsonb_build_object(
                'increment', nullif(q.seqincrement, 1)::text,
                'min_value', nullif(q.seqmin, usual.least)::text,
                'max_value', nullif(q.seqmax, usual.most)::text,
                'start', nullif(q.seqstart, CASE WHEN q.seqincrement > 0 THEN q.seqmin ELSE q.seqmax END)::text,
                'cache', nullif(q.seqcache, 1)::text, 'cycle', q.seqcycle))
        FROM pg_depend p
        JOIN pg_class i ON i.oid = p.objid AND i.relkind = 'S'
        JOIN pg_sequence q ON q.seqrelid = i.oid
        JOIN (VALUES ('int2'::regtype, 32767), ('int4', 2147483647), ('int8', 9223372036854775807)) type (oid, most)
            ON type.oid = q.seqtypid
        CROSS JOIN LATERAL (SELECT
            CASE WHEN q.seqincrement > 0 THEN 1 ELSE -type.most - 1 END AS least,
            CASE WHEN q.seqincrement > 0 THEN type.most ELSE -1 END AS most) usual
        WHERE a.attidentity <> '' AND p.classid = 'pg_class'::regclass
          AND p.refclassid = 'pg_class'::regclass AND p.refobjid = c.oid
          AND p.refobjsubid = a.attnum AND p.deptype = 'i'))
FROM relation c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_type e ON e.oid = CASE WHEN t.typelem <> 0 AND t.typlen = -1 AND t.typcategory = 'A' THEN t.typelem ELSE t.oid END
LEFT JOIN space ts ON ts.oid = e.typnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
CROSS JOIN (VALUES ('{"p": "PLAIN", "e": "EXTERNAL", "m": "MAIN", "x": "EXTENDED"}'::jsonb)) storage (words)
WHERE c.relkind IN ('r', 'p', 'f')
