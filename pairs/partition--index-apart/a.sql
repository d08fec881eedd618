CREATE SCHEMA app;
CREATE TABLE measured (id integer NOT NULL, a integer, b text, c integer) PARTITION BY RANGE (id);
CREATE INDEX whole ON measured (a, b NULLS FIRST) INCLUDE (c);
CREATE TABLE app.part PARTITION OF measured FOR VALUES FROM (100) TO (MAXVALUE);
CREATE INDEX apart ON app.part (a, b DESC NULLS LAST) INCLUDE (c);
