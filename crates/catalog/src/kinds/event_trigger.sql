SELECT 'pg_event_trigger'::regclass::oid, e.oid, 0, jsonb_build_object(
    'name', e.evtname,
    'event', e.evtevent,
    'tags', coalesce(to_jsonb(e.evttags), '[]'),
    'function', format('%I.%I', n.nspname, p.proname),
    'enabled', e.evtenabled)
FROM pg_event_trigger e
JOIN pg_proc p ON p.oid = e.evtfoid
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_event_trigger'::regclass AND m.objid = e.oid)
