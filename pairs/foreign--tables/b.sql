CREATE SCHEMA far;
CREATE FOREIGN DATA WRAPPER one;
CREATE FOREIGN DATA WRAPPER two;
CREATE SERVER s FOREIGN DATA WRAPPER one;
CREATE SERVER moves FOREIGN DATA WRAPPER two;
CREATE TYPE far.state AS ENUM ('a', 'c');
CREATE FOREIGN TABLE far.t (
    id bigint OPTIONS (column_name 'Id'),
    n integer NOT NULL,
    body varchar(20) OPTIONS (b '3', c '4'),
    state far.state,
    more numeric(5, 2) OPTIONS (a '1') DEFAULT 0 NOT NULL,
    CONSTRAINT small CHECK (n < 10)
) SERVER s OPTIONS (table_name 'z', more '1');
CREATE FOREIGN TABLE far.on_moving (id integer) SERVER moves;
CREATE FOREIGN TABLE far.becomes (id integer) SERVER s;
CREATE VIEW far.v AS SELECT t.id, m.id AS other FROM far.t JOIN far.on_moving m ON true;
COMMENT ON FOREIGN TABLE far.t IS 'farther away';
GRANT SELECT, INSERT ON far.t TO reader;
