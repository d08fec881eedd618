SELECT 'pg_proc'::regclass::oid, p.oid, 0, jsonb_build_object(
    'schema', s.name,
    'name', p.proname,
    'signature', coalesce((
        SELECT string_agg(format_type(x.type, NULL), ', ' ORDER BY x.place)
        FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY x (type, place)), ''),
    'arguments', CASE WHEN p.pronargs = 0 THEN '*' ELSE pg_get_function_arguments(p.oid) END,
    'result', pg_get_function_result(p.oid),
    'hypothetical', a.aggkind = 'h',
    'options', (
        SELECT jsonb_agg(jsonb_build_array(o.name, o.value) ORDER BY o.place)
        FROM (VALUES
            (1, 'SFUNC', a.aggtransfn::text),
            (2, 'STYPE', format_type(a.aggtranstype, NULL)),
            (3, 'SSPACE', nullif(a.aggtransspace, 0)::text),
            (4, 'FINALFUNC', nullif(a.aggfinalfn::text, '-')),
            (5, 'FINALFUNC_EXTRA', CASE WHEN a.aggfinalextra THEN '' END),
            (6, 'FINALFUNC_MODIFY', CASE WHEN a.aggfinalmodify <> CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END
                THEN modify.words ->> a.aggfinalmodify::text END),
            (7, 'COMBINEFUNC', nullif(a.aggcombinefn::text, '-')),
            (8, 'SERIALFUNC', nullif(a.aggserialfn::text, '-')),
            (9, 'DESERIALFUNC', nullif(a.aggdeserialfn::text, '-')),
            (10, 'INITCOND', quote_literal(a.agginitval)),
            (11, 'MSFUNC', nullif(a.aggmtransfn::text, '-')),
            (12, 'MINVFUNC', nullif(a.aggminvtransfn::text, '-')),
            (13, 'MSTYPE', CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END),
            (14, 'MSSPACE', nullif(a.aggmtransspace, 0)::text),
            (15, 'MFINALFUNC', nullif(a.aggmfinalfn::text, '-')),
            (16, 'MFINALFUNC_EXTRA', CASE WHEN a.aggmfinalextra THEN '' END),
            (17, 'MFINALFUNC_MODIFY', CASE WHEN a.aggmtransfn <> 0
                AND a.aggmfinalmodify <> CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END
                THEN modify.words ->> a.aggmfinalmodify::text END),
            (18, 'MINITCOND', quote_literal(a.aggminitval)),
            (19, 'SORTOP', (
                SELECT format('OPERATOR(%I.%s)', n.nspname, o.oprname)
                FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
                WHERE o.oid = a.aggsortop)),
            (20, 'PARALLEL', CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' END),
            (21, 'HYPOTHETICAL', CASE WHEN a.aggkind = 'h' THEN '' END)
        ) o (place, name, value)
        WHERE o.value IS NOT NULL))
FROM pg_proc p
JOIN space s ON s.oid = p.pronamespace
JOIN pg_aggregate a ON a.aggfnoid = p.oid,
(VALUES ('{"r": "READ_ONLY", "s": "SHAREABLE", "w": "READ_WRITE"}'::jsonb)) modify (words)
WHERE p.oid >= 16384
  AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_proc'::regclass AND m.objid = p.oid)
