CREATE SEQUENCE s;
CREATE TABLE t1 (a integer DEFAULT nextval('s'));
CREATE TABLE orders (a integer);
ALTER SEQUENCE s OWNED BY orders.a;
CREATE SEQUENCE u;
CREATE TABLE stays (a integer DEFAULT nextval('u'), b integer DEFAULT nextval('u'));
CREATE TABLE others (a integer DEFAULT nextval('u'), b integer);
ALTER SEQUENCE u OWNED BY others.a;
CREATE VIEW v AS SELECT nextval('u') AS n;
