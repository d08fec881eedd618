CREATE TYPE status AS ENUM ('draft', 'open', 'done', 'late');
CREATE DOMAIN status_set AS status[] DEFAULT '{draft}' CHECK (cardinality(VALUE) > 0);
CREATE DOMAIN open_status AS status DEFAULT 'open' NOT NULL;
CREATE TYPE stamped AS (state status, at date);
CREATE FUNCTION is_open(s status) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT s = 'open' $$;
CREATE FUNCTION opened() RETURNS status LANGUAGE sql IMMUTABLE AS $$ SELECT 'open'::status $$;
CREATE TABLE task (
    id integer PRIMARY KEY,
    state status NOT NULL DEFAULT 'draft',
    past status[] DEFAULT ARRAY['draft'::status],
    many status_set,
    later open_status,
    last stamped,
    always text DEFAULT opened()::text,
    CONSTRAINT not_done CHECK (state <> 'done' OR id > 0)
);
CREATE INDEX task_state ON task (state);
CREATE INDEX task_open ON task (id) WHERE state = 'open';
CREATE VIEW open_task AS SELECT id, state, (last).state AS last_state FROM task WHERE is_open(state);
CREATE MATERIALIZED VIEW counted AS SELECT state, count(*) AS n FROM task GROUP BY state;
CREATE TABLE other (id integer, body text);
ALTER TABLE task ENABLE ROW LEVEL SECURITY;
CREATE POLICY only_open ON task USING (state = 'open');
COMMENT ON TYPE status IS 'where a task is';
COMMENT ON COLUMN stamped.state IS 'what it was';
