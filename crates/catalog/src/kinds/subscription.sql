-- Only a superuser may read connections, and then without what is secret in them.
SELECT 'pg_subscription'::regclass::oid, (s ->> 'oid')::oid, 0, jsonb_build_object(
    'name', s ->> 'subname',
    'connection', regexp_replace(regexp_replace(regexp_replace(s ->> 'subconninfo',
        '(\m(?:password|passfile|sslpassword|oauth_client_secret)\s*=\s*)(?:''(?:[^''\\]|\\.)*''|[^\s''&]+)', '\1(secret)', 'gi'),
        '(://[^:/@\s]*):[^@\s]*@', '\1:(secret)@'),
        '([?&](?:password|passfile|sslpassword|oauth_client_secret)=)[^&\s]*', '\1(secret)', 'gi'),
    'publications', s -> 'subpublications',
    'slot', s ->> 'subslotname',
    'synchronous_commit', s ->> 'subsynccommit',
    'two_phase', CASE WHEN s ? 'subtwophasestate' THEN s ->> 'subtwophasestate' <> 'd' END,
    'failover', CASE WHEN s ? 'subfailover' THEN (s ->> 'subfailover')::boolean END,
    'options', jsonb_strip_nulls(jsonb_build_object(
        'binary', s ->> 'subbinary',
        'streaming', CASE s ->> 'substream' WHEN 'true' THEN 'on' WHEN 't' THEN 'on' WHEN 'p' THEN 'parallel' ELSE 'off' END,
        'disable_on_error', s ->> 'subdisableonerr',
        'password_required', s ->> 'subpasswordrequired',
        'run_as_owner', s ->> 'subrunasowner',
        'origin', s ->> 'suborigin')))
FROM regexp_matches(
    CASE WHEN (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user) THEN query_to_xml(
        'SELECT encode(convert_to(to_jsonb(s)::text, ''UTF8''), ''hex'') AS said FROM pg_catalog.pg_subscription s '
        'WHERE s.subdbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())',
        true, false, '')::text END,
    '<said>([0-9a-f]+)</said>', 'g') f (x)
CROSS JOIN LATERAL (SELECT convert_from(decode(f.x[1], 'hex'), 'UTF8')::jsonb) j (s)
