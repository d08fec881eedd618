-- A child goes that has another default than its parent, whose column changes its type.
CREATE TABLE above (id serial, note varchar(20), amount integer);
CREATE TABLE below (note varchar(20) DEFAULT 'x', amount integer) INHERITS (above);
-- A table that begins to inherit lacks a column that its parent loses.
CREATE TABLE wide (id integer, extra text, kept bigint);
CREATE TABLE narrow (id integer, kept integer);
-- A bound changes while the partitioned table loses a column and takes another type.
CREATE TABLE measured (id integer NOT NULL, level integer, gone text) PARTITION BY RANGE (id);
CREATE TABLE measured_low PARTITION OF measured FOR VALUES FROM (0) TO (100);
-- A partition that moves to another table keeps its key.
CREATE TABLE listed (id integer, kind text PRIMARY KEY) PARTITION BY LIST (kind);
CREATE TABLE listed_x PARTITION OF listed FOR VALUES IN ('x');
-- Another way to divide.
CREATE TABLE divided (id integer NOT NULL, kind text) PARTITION BY RANGE (id);
CREATE TABLE divided_rest PARTITION OF divided DEFAULT;
-- One column takes over the sequence of another's identity.
CREATE TABLE counted (id integer GENERATED ALWAYS AS IDENTITY, a integer);
-- A name that an index gives up.
CREATE TABLE first (id integer CONSTRAINT first_key PRIMARY KEY);
CREATE TABLE second (id integer CONSTRAINT wanted UNIQUE);
CREATE TYPE mood AS ENUM ('happy');
CREATE TABLE felt (id integer, moods mood[]);
CREATE PUBLICATION columns FOR TABLE first (id);
-- A default that a child has from a sequence that goes.
CREATE TABLE serial_above (id serial);
CREATE TABLE serial_below (a integer) INHERITS (serial_above);
-- A table that becomes one of a type loses a column first.
CREATE TABLE typed (id bigint, extra text);
