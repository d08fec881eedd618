CREATE TABLE orders (id integer PRIMARY KEY, a integer NOT NULL, b text);
CREATE TABLE lines (id integer PRIMARY KEY, "order" integer REFERENCES orders);
