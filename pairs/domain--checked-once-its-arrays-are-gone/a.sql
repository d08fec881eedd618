CREATE DOMAIN d AS jsonb;
CREATE DOMAIN e AS integer;
CREATE TABLE gone (id integer, a d[]);
CREATE TABLE stays (id integer, a e[]);
CREATE TABLE other (id integer, a e[]);
