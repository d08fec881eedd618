CREATE TYPE pair AS (second text, first bigint, third date);
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE feels AS (p pair, m mood);
CREATE DOMAIN one_pair AS pair CONSTRAINT has_first CHECK ((VALUE).first IS NOT NULL);
CREATE DOMAIN pairs AS pair[];
CREATE TYPE nested AS (ps pair[], d one_pair);
CREATE TABLE t (id integer PRIMARY KEY, a pair[], d one_pair, ds pairs, n nested[], f feels);
