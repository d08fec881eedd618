CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad', 'happy');
CREATE FUNCTION app.plain(integer) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT $1::bigint';
CREATE FUNCTION app.plain(text) RETURNS text LANGUAGE sql AS E'SELECT $1 || ''\\n''';
CREATE FUNCTION app.named(a integer, b integer DEFAULT 3, c integer DEFAULT 4) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS $f$
BEGIN
    -- Kept: comments,   spaces and $$ dollars $$ $body$
    RETURN a + b + c;
END
$f$;
CREATE FUNCTION app.options(a integer) RETURNS SETOF integer LANGUAGE plpgsql
    STABLE STRICT SECURITY DEFINER LEAKPROOF PARALLEL SAFE COST 7 ROWS 11 SUPPORT pg_catalog.generate_series_int4_support
    SET search_path TO '' SET "app.some_thing" TO 'it''s' AS $$ BEGIN RETURN NEXT a; END $$;
CREATE FUNCTION app.outs(OUT a integer, OUT b text, OUT c boolean) LANGUAGE sql AS $$ SELECT 1, 'x', true $$;
CREATE FUNCTION app.tabular(n integer) RETURNS TABLE (a integer, b varchar) LANGUAGE sql AS $$ SELECT n, 'x'::varchar $$;
CREATE FUNCTION app.many(VARIADIC xs integer[] DEFAULT '{}') RETURNS integer PARALLEL RESTRICTED LANGUAGE sql AS $$ SELECT 2 $$;
CREATE FUNCTION app.modern(a integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT a + 2; END;
CREATE PROCEDURE app.turned(a integer) LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE FUNCTION app.feels(mood app.mood DEFAULT 'sad') RETURNS text LANGUAGE sql AS $$ SELECT mood::text $$;
CREATE PROCEDURE app.work(a integer, INOUT b integer, OUT c text) LANGUAGE plpgsql AS $$ BEGIN b := a; END $$;
CREATE FUNCTION app.set() RETURNS text LANGUAGE sql SET search_path = "$user", "A ""b" AS $$ SELECT '' $$;
CREATE FUNCTION app.symbol(integer, integer) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'int4pl';
CREATE FUNCTION app.rank() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
CREATE FUNCTION app."Weird $ (name"("A b" "char", "c""d" timestamp(3) with time zone) RETURNS void LANGUAGE sql AS '';
COMMENT ON FUNCTION app.outs() IS 'three';
COMMENT ON PROCEDURE app.work(integer, integer) IS 'works';

CREATE TABLE app.t (
    id integer DEFAULT app.plain(1) PRIMARY KEY,
    n integer CHECK (app.plain(n) > 0),
    g integer DEFAULT app.named(a => 1, b => 1),
    s text DEFAULT app.plain('x'::text)
);
CREATE INDEX t_plain ON app.t (app.plain(n));
CREATE VIEW app.v AS SELECT (app.tabular(1)).b AS t, id FROM app.t;
CREATE VIEW app.w AS SELECT id FROM app.v;
COMMENT ON VIEW app.w IS 'comes back';
