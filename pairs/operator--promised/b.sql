CREATE SCHEMA app;
-- There is no public.===: Postgres keeps its name for whoever makes it.
CREATE OPERATOR app.=== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq, COMMUTATOR = OPERATOR(public.===));
