CREATE TABLE up (id integer, a integer);
CREATE TABLE kid (d date, e timestamptz, a integer NOT NULL) INHERITS (up);
