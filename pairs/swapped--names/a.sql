CREATE TABLE t (a integer);
CREATE VIEW v AS SELECT a FROM t;
CREATE INDEX i ON t (a);
CREATE TABLE u (a integer, CONSTRAINT one UNIQUE (a));
CREATE TYPE two AS (x integer);
