CREATE SCHEMA app;
CREATE FUNCTION app.distance(a float8, b float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT a - b $$;
CREATE TYPE app.span AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = app.distance);
CREATE TYPE app.words AS RANGE (SUBTYPE = text, SUBTYPE_OPCLASS = text_pattern_ops, COLLATION = "C");
CREATE TYPE app.named AS RANGE (SUBTYPE = numeric, MULTIRANGE_TYPE_NAME = app.several);
CREATE TYPE app.simple AS RANGE (SUBTYPE = integer);
CREATE TABLE app.t (id integer PRIMARY KEY, s app.span, w app.words DEFAULT '[a,b]', n app.named, m app.several);
CREATE FUNCTION app.low(s app.span) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT lower(s) $$;
COMMENT ON TYPE app.span IS 'from and to';
