CREATE TABLE grows (a integer);
CREATE TABLE changes (id serial, a text);
ALTER TABLE grows OWNER TO alice;
ALTER TABLE changes OWNER TO alice;
GRANT USAGE ON SEQUENCE changes_id_seq TO bob;
