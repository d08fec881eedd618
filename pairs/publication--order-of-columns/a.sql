CREATE TABLE t (id integer, a integer UNIQUE, b text);
CREATE PUBLICATION p FOR TABLE t (id, a) WITH (publish = 'insert');
