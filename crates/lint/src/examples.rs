//! What the examples of all rules stand behind, and how they are cut into files.

/// The schema that is there before every example.
pub const BEFORE: &str = "\
CREATE ROLE app_user;
CREATE TYPE status AS ENUM ('open', 'paid', 'void');
CREATE TABLE accounts (id int PRIMARY KEY, name text);
CREATE TABLE users (
  id int PRIMARY KEY,
  account_id int NOT NULL,
  email text,
  age int,
  nick varchar(20)
);
CREATE INDEX users_age ON users (age);
CREATE TABLE orders (
  id int PRIMARY KEY,
  user_id int,
  total int,
  state status,
  note text,
  CONSTRAINT noted CHECK (note IS NOT NULL)
);
CREATE MATERIALIZED VIEW totals AS SELECT user_id, sum(total) AS total FROM orders GROUP BY user_id;
CREATE UNIQUE INDEX totals_user ON totals (user_id);
CREATE TABLE events (id int, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_2026 (id int, at date NOT NULL);
CREATE FUNCTION current_account_id() RETURNS int STABLE LANGUAGE sql AS 'SELECT 1';
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON users USING (account_id = current_account_id());
CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touched();
";

const NEXT: &str = "-- next migration\n";

/// An example as the files that it consists of.
pub fn scripts(example: &str) -> Vec<&str> {
    example.split(NEXT).collect()
}
