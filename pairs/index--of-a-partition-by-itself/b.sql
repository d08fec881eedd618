CREATE TABLE m (id integer NOT NULL, a integer) PARTITION BY RANGE (id);
CREATE TABLE p2 PARTITION OF m DEFAULT;
-- Postgres takes an index that is there for the partition's part, whatever its order.
CREATE INDEX own ON p2 (a DESC) WITH (fillfactor = 70);
CREATE INDEX ix ON m (a);
COMMENT ON INDEX ix IS 'kept';
