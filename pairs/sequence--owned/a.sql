CREATE TABLE public.t (id serial PRIMARY KEY, n integer DEFAULT 0, v integer);
CREATE SEQUENCE public.free AS smallint MAXVALUE 100;
