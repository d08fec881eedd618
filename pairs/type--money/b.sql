CREATE TABLE t (id integer PRIMARY KEY, a numeric(12,2), b integer, c money, d money);
