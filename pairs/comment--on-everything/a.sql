CREATE TABLE t (id integer PRIMARY KEY, b text);
CREATE VIEW v AS SELECT id, b FROM t;
COMMENT ON TABLE t IS 'a table';
CREATE TABLE k (i integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, u integer UNIQUE, r integer);
COMMENT ON COLUMN k.i IS 'a column with a sequence';
COMMENT ON SEQUENCE k_i_seq IS 'the sequence of an identity';
COMMENT ON INDEX k_u_key IS 'the index behind a constraint';
