CREATE FUNCTION f(x integer) RETURNS integer LANGUAGE sql AS $$ SELECT 0 + x $$;
CREATE TABLE t (id integer PRIMARY KEY, a integer);
CREATE VIEW v2 AS SELECT id, f(id) AS b FROM t;
CREATE VIEW v1 AS SELECT a FROM t;
