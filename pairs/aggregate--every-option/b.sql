CREATE AGGREGATE total(integer) (SFUNC = int4_sum, STYPE = bigint);
CREATE AGGREGATE same(integer) (
    SFUNC = int4pl, STYPE = integer, SSPACE = 16, INITCOND = '1', COMBINEFUNC = int4pl,
    MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = integer, MSSPACE = 8, MINITCOND = '2', MFINALFUNC = int4abs, FINALFUNC = int4abs,
    FINALFUNC_MODIFY = SHAREABLE, MFINALFUNC_MODIFY = READ_WRITE, SORTOP = OPERATOR(pg_catalog.>), PARALLEL = SAFE);
CREATE FUNCTION push(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $2 || $1';
CREATE AGGREGATE joined(a text) (SFUNC = push, STYPE = text, PARALLEL = RESTRICTED);
CREATE AGGREGATE average(int8) (SFUNC = int8_avg_accum, STYPE = internal, FINALFUNC = numeric_poly_avg,
    COMBINEFUNC = int8_avg_combine, SERIALFUNC = int8_avg_serialize, DESERIALFUNC = int8_avg_deserialize, PARALLEL = SAFE);
CREATE AGGREGATE percentile(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal,
    FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE AGGREGATE place(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi, STYPE = internal,
    FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
CREATE TABLE t (n integer, s text);
CREATE VIEW sums AS SELECT total(n) AS n, joined(s) AS s FROM t;
COMMENT ON AGGREGATE total(integer) IS 'sum';
COMMENT ON AGGREGATE percentile(float8 ORDER BY anyelement) IS 'ordered';
