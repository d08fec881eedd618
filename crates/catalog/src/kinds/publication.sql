SELECT 'pg_publication'::regclass::oid, p.oid, 0, jsonb_build_object(
    'name', p.pubname,
    'all_tables', p.puballtables,
    'publish', array_to_json(array_remove(ARRAY[
        CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
        CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END], NULL)),
    'via_root', p.pubviaroot,
    'generated', coalesce(to_jsonb(p) ->> 'pubgencols', 'n') = 's')
FROM pg_publication p
WHERE p.oid >= 16384
  AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_publication'::regclass AND m.objid = p.oid)
