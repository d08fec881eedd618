CREATE TABLE t (id integer PRIMARY KEY, a money, b money, c integer, d numeric(12,2));
