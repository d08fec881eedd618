SELECT 'pg_proc'::regclass::oid, p.oid, 0, jsonb_build_object(
    'schema', s.name,
    'name', p.proname,
    'procedure', p.prokind = 'p',
    'window', p.prokind = 'w',
    'signature', coalesce((
        SELECT string_agg(format_type(x.type, NULL), ', ' ORDER BY x.place)
        FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY x (type, place)), ''),
    'identity', pg_get_function_identity_arguments(p.oid),
    'arguments', pg_get_function_arguments(p.oid),
    'input_names', coalesce((
        SELECT jsonb_agg(coalesce(p.proargnames[n], '') ORDER BY n)
        FROM generate_series(1, coalesce(array_length(p.proallargtypes, 1), p.pronargs)) n
        WHERE coalesce(p.proargmodes[n]::text, 'i') IN ('i', 'b', 'v')), '[]'),
    'defaults', p.pronargdefaults,
    'variadic', p.provariadic <> 0,
    'outputs', CASE WHEN p.prorettype = 'record'::regtype THEN coalesce((
        SELECT jsonb_agg(p.proargnames[n] || ' ' || format_type(p.proallargtypes[n], NULL) ORDER BY n)
        FROM generate_series(1, array_length(p.proallargtypes, 1)) n
        WHERE p.proargmodes[n]::text IN ('o', 'b', 't')), '[]') ELSE '[]' END,
    'result', pg_get_function_result(p.oid),
    'language', l.lanname,
    'body', CASE WHEN p.prosqlbody IS NULL THEN p.prosrc ELSE pg_get_function_sqlbody(p.oid) END,
    'atomic', p.prosqlbody IS NOT NULL,
    'library', p.probin,
    'volatility', CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END,
    'parallel', CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END,
    'strict', p.proisstrict,
    'security_definer', p.prosecdef,
    'leakproof', p.proleakproof,
    -- What goes without saying is left out.
    'cost', CASE WHEN p.procost <> CASE WHEN l.lanname IN ('internal', 'c') THEN 1 ELSE 100 END
        THEN p.procost::text END,
    'rows', CASE WHEN p.proretset AND p.prorows <> 1000 THEN p.prorows::text END,
    'support', CASE WHEN p.prosupport <> 0 THEN p.prosupport::text END,
    'settings', coalesce(to_jsonb(p.proconfig), '[]'),
    'transforms', coalesce((
        SELECT jsonb_agg(format_type(x.type, NULL) ORDER BY x.place)
        FROM unnest(p.protrftypes) WITH ORDINALITY x (type, place)), '[]'))
FROM pg_proc p
JOIN space s ON s.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
WHERE p.oid >= 16384 AND p.prokind <> 'a'
  AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_proc'::regclass AND m.objid = p.oid)
  -- The constructors of a range come with its type.
  AND NOT EXISTS (SELECT FROM pg_depend d
      WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
