CREATE TABLE t (a integer);
CREATE VIEW i AS SELECT a FROM t;
CREATE INDEX v ON t (a);
CREATE TABLE u (a integer, CONSTRAINT two UNIQUE (a));
CREATE TYPE one AS (x integer);
