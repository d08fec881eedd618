CREATE TABLE orders (id integer, a integer NOT NULL, b text, CONSTRAINT wider PRIMARY KEY (id, a));
