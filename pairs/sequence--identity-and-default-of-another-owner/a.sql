CREATE ROLE "Admin X";
CREATE TABLE public.t1 (id serial, a integer, b text, "C c" integer, CONSTRAINT "Con 3" CHECK (id > 7 AND a IS NOT NULL)) WITH (fillfactor = 70);
ALTER TABLE public.t1 OWNER TO "Admin X";
COMMENT ON SEQUENCE public.t1_id_seq IS 'numbers';
