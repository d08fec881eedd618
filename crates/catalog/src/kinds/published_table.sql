-- Row filters and column lists came with Postgres 15, so they are named in a text.
SELECT 'pg_publication_rel'::regclass::oid, r.oid, 0, jsonb_build_object(
    'publication', p.pubname,
    'schema', c.schema,
    'table', c.relname,
    'columns', (
        SELECT jsonb_agg(a.attname ORDER BY a.attnum)
        FROM unnest(nullif(more.attributes, '')::int2vector) n (attnum)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = n.attnum),
    'filter', convert_from(decode(nullif(more.filter, ''), 'hex'), 'UTF8'))
FROM pg_publication_rel r
JOIN pg_publication p ON p.oid = r.prpubid
JOIN relation c ON c.oid = r.prrelid
LEFT JOIN (
    SELECT f.x[1]::oid AS oid, f.x[2] AS attributes, f.x[3] AS filter
    FROM regexp_matches(
        CASE WHEN EXISTS (
            SELECT FROM pg_attribute WHERE attrelid = 'pg_publication_rel'::regclass AND attname = 'prqual')
        THEN query_to_xml(
            'SELECT oid || ''|'' || coalesce(prattrs::text, '''') || ''|'' || coalesce(encode(convert_to('
            'pg_get_expr(prqual, prrelid), ''UTF8''), ''hex''), '''') AS said FROM pg_catalog.pg_publication_rel',
            true, false, '')::text END,
        '<said>(\d+)\|([0-9 ]*)\|([0-9a-f]*)</said>', 'g') f (x)) more ON more.oid = r.oid
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_publication'::regclass AND m.objid = p.oid)
