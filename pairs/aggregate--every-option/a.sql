CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer);
CREATE AGGREGATE same(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
CREATE FUNCTION push(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1 || $2';
CREATE AGGREGATE joined(text) (SFUNC = push, STYPE = text);
CREATE AGGREGATE gone(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
CREATE TABLE t (n integer, s text);
CREATE VIEW sums AS SELECT total(n) AS n, joined(s) AS s FROM t;
COMMENT ON AGGREGATE total(integer) IS 'sum';
