CREATE TABLE above (id integer GENERATED ALWAYS AS IDENTITY, note integer, amount bigint NOT NULL);
CREATE TABLE wide (id integer, kept integer);
CREATE TABLE narrow (id integer, kept integer);
ALTER TABLE narrow INHERIT wide;
CREATE TABLE fresh (id integer, kept integer NOT NULL) INHERITS (wide);
CREATE TABLE measured (id integer NOT NULL, level bigint) PARTITION BY RANGE (id);
CREATE TABLE measured_low PARTITION OF measured FOR VALUES FROM (0) TO (50);
CREATE TABLE relisted (id integer, kind text PRIMARY KEY) PARTITION BY LIST (kind);
CREATE TABLE listed_x PARTITION OF relisted FOR VALUES IN ('x');
CREATE TABLE divided (id integer, kind text PRIMARY KEY) PARTITION BY LIST (kind);
CREATE TABLE divided_rest PARTITION OF divided DEFAULT;
CREATE TABLE counted (number integer NOT NULL, a integer);
ALTER TABLE counted ALTER COLUMN number
    ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.counted_id_seq);
CREATE TABLE first (id bigint CONSTRAINT wanted PRIMARY KEY);
CREATE TABLE felt (id integer, moods numeric);
-- CREATE TABLE would take the two keys for one.
CREATE TABLE twice (id integer PRIMARY KEY, b text);
ALTER TABLE twice ADD CONSTRAINT again UNIQUE (id);
-- Its body is looked at when it is made.
CREATE FUNCTION all_wide() RETURNS SETOF narrow LANGUAGE sql AS $$ SELECT * FROM wide $$;
CREATE PUBLICATION columns FOR TABLE first (id);
CREATE TABLE serial_above (id integer GENERATED ALWAYS AS IDENTITY);
CREATE TABLE serial_below (a integer) INHERITS (serial_above);
CREATE TYPE shape AS (id integer);
CREATE TABLE typed OF shape;
