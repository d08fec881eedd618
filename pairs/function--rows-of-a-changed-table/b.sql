CREATE TABLE wide (id integer PRIMARY KEY, name text NOT NULL, pause interval);
CREATE TABLE tall (id integer PRIMARY KEY, name text NOT NULL, pause interval);
CREATE FUNCTION rows_of() RETURNS SETOF wide LANGUAGE sql AS $$ SELECT * FROM tall $$;
