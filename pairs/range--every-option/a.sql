CREATE SCHEMA app;
CREATE TYPE app.span AS RANGE (SUBTYPE = float8);
CREATE TYPE app.words AS RANGE (SUBTYPE = text);
CREATE TYPE app.named AS RANGE (SUBTYPE = numeric, MULTIRANGE_TYPE_NAME = app.many_named);
CREATE TYPE app.plain AS RANGE (SUBTYPE = integer);
CREATE TABLE app.t (id integer PRIMARY KEY, s app.span, w app.words DEFAULT '[a,b]', n app.named, m app.many_named);
CREATE FUNCTION app.low(s app.span) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT lower(s) $$;
COMMENT ON TYPE app.span IS 'from and to';
