CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad', 'happy');
CREATE FUNCTION app.plain(integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION app.plain(text) RETURNS text LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION app.named(a integer, b integer DEFAULT 2) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS $f$
BEGIN
    -- Kept: comments,   spaces and $$ dollars $$
    RETURN a + b;
END
$f$;
CREATE FUNCTION app.options(a integer) RETURNS SETOF integer LANGUAGE plpgsql AS $$ BEGIN RETURN NEXT a; END $$;
CREATE FUNCTION app.outs(OUT a integer, OUT b text) LANGUAGE sql AS $$ SELECT 1, 'x' $$;
CREATE FUNCTION app.tabular(n integer) RETURNS TABLE (a integer, b text) LANGUAGE sql AS $$ SELECT n, 'x' $$;
CREATE FUNCTION app.many(VARIADIC xs integer[]) RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
CREATE FUNCTION app.modern(a integer) RETURNS integer LANGUAGE sql RETURN a + 1;
CREATE FUNCTION app.turned(a integer) RETURNS void LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE FUNCTION app.feels(m app.mood DEFAULT 'sad') RETURNS text LANGUAGE sql AS $$ SELECT m::text $$;
CREATE PROCEDURE app.work(a integer, INOUT b integer) LANGUAGE plpgsql AS $$ BEGIN b := a; END $$;
CREATE PROCEDURE app.gone() LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION app.set() RETURNS text LANGUAGE sql SET search_path = app, public SET work_mem = '4MB' AS $$ SELECT '' $$;
COMMENT ON FUNCTION app.outs() IS 'two';
COMMENT ON FUNCTION app.named(integer, integer) IS 'sum';

CREATE TABLE app.t (
    id integer DEFAULT app.plain(1) PRIMARY KEY,
    n integer CHECK (app.plain(n) > 0),
    g integer DEFAULT app.named(a => 1, b => 1),
    s text DEFAULT app.plain('x'::text)
);
CREATE VIEW app.v AS SELECT (app.tabular(1)).b AS t, id FROM app.t;
CREATE VIEW app.w AS SELECT id FROM app.v;
COMMENT ON VIEW app.w IS 'comes back';
