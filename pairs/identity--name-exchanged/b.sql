CREATE TABLE moved (id integer GENERATED ALWAYS AS IDENTITY, a integer, d integer, PRIMARY KEY (id));
