-- A cast lives outside schemas: it is the user's when it is no extension's.
SELECT 'pg_cast'::regclass::oid, c.oid, 0, jsonb_build_object(
    'source', format_type(c.castsource, NULL),
    'target', format_type(c.casttarget, NULL),
    'method', CASE c.castmethod
        WHEN 'b' THEN 'WITHOUT FUNCTION' WHEN 'i' THEN 'WITH INOUT'
        ELSE format('WITH FUNCTION %I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) END,
    'context', CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END)
FROM pg_cast c
LEFT JOIN pg_proc p ON p.oid = c.castfunc
LEFT JOIN pg_namespace n ON n.oid = p.pronamespace
-- A range type brings the cast to its multirange.
WHERE c.oid >= 16384
  AND NOT EXISTS (
    SELECT FROM pg_depend d
    WHERE d.classid = 'pg_cast'::regclass AND d.objid = c.oid
      AND d.refclassid = 'pg_type'::regclass AND d.deptype = 'i')
  AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_cast'::regclass AND m.objid = c.oid)
