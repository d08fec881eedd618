CREATE TABLE wide (id integer PRIMARY KEY, name text NOT NULL, twice integer GENERATED ALWAYS AS (id * 2) STORED);
