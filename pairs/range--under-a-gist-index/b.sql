CREATE TYPE spans AS RANGE (SUBTYPE = bigint);
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id integer PRIMARY KEY, s spans, n bigint, moods mood[], EXCLUDE USING gist (s WITH &&));
CREATE INDEX by_span ON t USING gist (s);
CREATE INDEX by_span_and_place ON t USING spgist (s);
CREATE INDEX by_moods ON t USING gin (moods);
CREATE INDEX by_block ON t USING brin (n);
