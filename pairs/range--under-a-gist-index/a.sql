CREATE TYPE spans AS RANGE (SUBTYPE = integer);
CREATE TYPE mood AS ENUM ('sad', 'ok', 'gone');
CREATE TABLE t (id integer PRIMARY KEY, s spans, n integer, moods mood[], EXCLUDE USING gist (s WITH &&));
CREATE INDEX by_span ON t USING gist (s);
CREATE INDEX by_span_and_place ON t USING spgist (s);
CREATE INDEX by_moods ON t USING gin (moods);
CREATE INDEX by_block ON t USING brin (n);
