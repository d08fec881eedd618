CREATE TABLE up (id integer, e text, x integer);
CREATE TABLE kid (d date, e text) INHERITS (up);
