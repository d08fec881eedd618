-- Of the triggers that partitions have from their parent, those that fire at other times than it.
SELECT 'pg_trigger'::regclass::oid, t.oid, 0, jsonb_build_object(
    'schema', c.schema,
    'table', c.relname,
    'name', t.tgname,
    'of', CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END,
    'inherited_from', (
        SELECT jsonb_build_object('schema', n.nspname, 'table', i.relname)
        FROM pg_trigger u JOIN pg_class i ON i.oid = u.tgrelid JOIN pg_namespace n ON n.oid = i.relnamespace
        WHERE u.oid = t.tgparentid),
    'constraint', t.tgconstraint <> 0,
    'events', CASE WHEN t.tgtype & 66 = 2 THEN 'BEFORE' WHEN t.tgtype & 66 = 64 THEN 'INSTEAD OF' ELSE 'AFTER' END
        || ' ' || concat_ws(' OR ',
        CASE WHEN t.tgtype & 4 <> 0 THEN 'INSERT' END,
        CASE WHEN t.tgtype & 8 <> 0 THEN 'DELETE' END,
        CASE WHEN t.tgtype & 16 <> 0 THEN 'UPDATE' || coalesce((
            SELECT ' OF ' || string_agg(quote_ident(a.attname), ', ' ORDER BY x.place)
            FROM unnest(t.tgattr::int2[]) WITH ORDINALITY x (number, place)
            JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = x.number), '') END,
        CASE WHEN t.tgtype & 32 <> 0 THEN 'TRUNCATE' END),
    'definition', substr(said.text, strpos(said.text, said.place) + length(said.place)),
    'enabled', t.tgenabled)
FROM pg_trigger t
JOIN relation c ON c.oid = t.tgrelid,
LATERAL (SELECT
    pg_get_triggerdef(t.oid) AS text,
    format(' ON %s.%s ', quote_ident(c.schema), quote_ident(c.relname)) AS place) said
WHERE NOT t.tgisinternal AND t.tgparentid = 0
   OR t.tgenabled <> (SELECT u.tgenabled FROM pg_trigger u WHERE u.oid = t.tgparentid)
