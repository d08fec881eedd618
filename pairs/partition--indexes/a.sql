CREATE TABLE public.ref (id integer PRIMARY KEY);
CREATE TABLE public.p (id integer NOT NULL, k integer, note text) PARTITION BY RANGE (id);
CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES FROM (0) TO (10);
CREATE TABLE public.p2 (id integer NOT NULL, k integer, note text);
