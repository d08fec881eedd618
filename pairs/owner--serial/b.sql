CREATE TABLE grows (a integer, id serial);
CREATE TABLE changes (id serial, a text);
CREATE TABLE fresh (id serial);
ALTER TABLE grows OWNER TO alice;
ALTER TABLE changes OWNER TO bob;
ALTER TABLE fresh OWNER TO alice;
GRANT USAGE ON SEQUENCE changes_id_seq TO alice;
