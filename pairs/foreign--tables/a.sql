CREATE SCHEMA far;
CREATE FOREIGN DATA WRAPPER one;
CREATE FOREIGN DATA WRAPPER two;
CREATE SERVER s FOREIGN DATA WRAPPER one;
CREATE SERVER moves FOREIGN DATA WRAPPER one;
CREATE TYPE far.state AS ENUM ('a', 'b', 'c');
CREATE FOREIGN TABLE far.t (
    id integer OPTIONS (column_name 'ID') NOT NULL,
    n integer,
    body text OPTIONS (a '1', b '2') COLLATE "C" DEFAULT 'x',
    state far.state,
    gone date,
    CONSTRAINT positive CHECK (n > 0)
) SERVER s OPTIONS (table_name 'x', schema_name 'y');
CREATE FOREIGN TABLE far.on_moving (id integer) SERVER moves;
CREATE FOREIGN TABLE far.dropped (id integer) SERVER s;
CREATE TABLE far.becomes (id integer);
CREATE VIEW far.v AS SELECT t.id, m.id AS other FROM far.t JOIN far.on_moving m ON true;
COMMENT ON FOREIGN TABLE far.t IS 'far away';
COMMENT ON COLUMN far.t.body IS 'long';
GRANT SELECT ON far.t TO reader;
