CREATE TYPE public.pair AS (x integer, y text);
CREATE UNLOGGED TABLE public.t (
    id integer GENERATED ALWAYS AS IDENTITY (START WITH 5 INCREMENT BY 5),
    a text,
    b text DEFAULT 'y',
    c integer NOT NULL,
    r int4range,
    CONSTRAINT t_pkey PRIMARY KEY (id) INCLUDE (c) WITH (fillfactor = 80),
    CONSTRAINT t_c_key UNIQUE NULLS NOT DISTINCT (c) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT t_r_excl EXCLUDE USING gist (r WITH &&) WHERE (c > 5)
) WITH (fillfactor = 70, toast.autovacuum_enabled = off);
ALTER TABLE public.t ADD CONSTRAINT t_c_check CHECK (c > 0);
ALTER TABLE public.t ALTER COLUMN a SET STORAGE EXTERNAL, ALTER COLUMN a SET STATISTICS 50,
    ALTER COLUMN a SET COMPRESSION pglz, ALTER COLUMN c SET (n_distinct = -0.5);
ALTER TABLE public.t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE UNIQUE INDEX t_a_idx ON public.t (c) INCLUDE (a) WITH (fillfactor = 60);
ALTER TABLE public.t CLUSTER ON t_a_idx;
ALTER TABLE public.t REPLICA IDENTITY USING INDEX t_a_idx;
CREATE STATISTICS public.t_stat (ndistinct, mcv) ON a, c FROM public.t;
ALTER STATISTICS public.t_stat SET STATISTICS 10;
CREATE TABLE public.typed OF public.pair;
ALTER TABLE public.typed REPLICA IDENTITY FULL;
CREATE TABLE public.child (extra integer) INHERITS (public.t);
