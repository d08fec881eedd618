CREATE TABLE t (a integer UNIQUE, b text);
