-- Postgres 14 lacks the catalog, so it is named in a text.
SELECT 'pg_publication_namespace'::text::regclass::oid, r.oid, 0, jsonb_build_object(
    'publication', p.pubname,
    'name', n.nspname)
FROM (
    SELECT f.x[1]::oid AS oid, f.x[2]::oid AS publication, f.x[3]::oid AS namespace
    FROM regexp_matches(
        CASE WHEN to_regclass('pg_catalog.pg_publication_namespace') IS NOT NULL THEN query_to_xml(
            'SELECT oid, pnpubid, pnnspid FROM pg_catalog.pg_publication_namespace', true, false, '')::text END,
        '<oid>(\d+)</oid>\s*<pnpubid>(\d+)</pnpubid>\s*<pnnspid>(\d+)</pnnspid>', 'g') f (x)) r
JOIN pg_publication p ON p.oid = r.publication
JOIN pg_namespace n ON n.oid = r.namespace
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_publication'::regclass AND m.objid = p.oid)
