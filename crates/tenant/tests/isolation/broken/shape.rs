//! Columns, keys and tables that are not as they should be.

use super::Mutation;

pub(super) const SHAPE: &[Mutation] = &[
    (
        "the tenant column nullable",
        "ALTER TABLE webhook_deliveries ALTER account_id DROP NOT NULL;",
        "",
    ),
    (
        "the only index dropped",
        "ALTER TABLE daily_rollups DROP CONSTRAINT daily_rollups_pk;",
        "",
    ),
    (
        "the only index partial",
        "ALTER TABLE daily_rollups DROP CONSTRAINT daily_rollups_pk; CREATE INDEX ON daily_rollups (account_id) WHERE errors > 0;",
        "",
    ),
    (
        "the tenant column no longer first",
        "ALTER TABLE daily_rollups DROP CONSTRAINT daily_rollups_pk; ALTER TABLE daily_rollups ADD PRIMARY KEY (day, account_id, environment_id, kind);",
        "",
    ),
    (
        "a name unique for all",
        "ALTER TABLE webhook_endpoints ADD CONSTRAINT one_url UNIQUE (url);",
        "",
    ),
    (
        "an e-mail address unique for all",
        "CREATE UNIQUE INDEX one_email ON invitations (lower(email));",
        "",
    ),
    (
        "a name unique for all where it is not deleted",
        "CREATE UNIQUE INDEX one_slug ON projects (slug) WHERE deleted_at IS NULL;",
        "",
    ),
    (
        "a foreign key without the tenant",
        "ALTER TABLE webhook_deliveries DROP CONSTRAINT webhook_deliveries_endpoint_fk, ADD FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoints (id);",
        "",
    ),
    (
        "a nullable foreign key without the tenant",
        "ALTER TABLE incidents DROP CONSTRAINT incidents_alert_rule_fk, ADD FOREIGN KEY (alert_rule_id) REFERENCES alert_rules (id);",
        "",
    ),
    (
        "a new table without row level security",
        "CREATE TABLE notes (account_id uuid NOT NULL, id uuid, PRIMARY KEY (account_id, id)); GRANT SELECT ON notes TO race_app;",
        "",
    ),
    (
        "a new table that nobody may touch yet",
        "CREATE TABLE notes (account_id uuid NOT NULL, id uuid, PRIMARY KEY (account_id, id));",
        "",
    ),
    (
        "a new table without the tenant column",
        "CREATE TABLE note_tags (note uuid, tag text); GRANT SELECT ON note_tags TO race_app;",
        "",
    ),
    (
        "a new table like another, with all but its policies",
        "CREATE TABLE old_projects (LIKE projects INCLUDING ALL); GRANT SELECT ON old_projects TO race_app;",
        "",
    ),
    (
        "a copy made with CREATE TABLE AS",
        "CREATE TABLE old_projects AS SELECT * FROM projects; GRANT SELECT ON old_projects TO race_app;",
        "",
    ),
    (
        "the tenant column dropped",
        "ALTER TABLE incident_comments DROP COLUMN account_id CASCADE;",
        "",
    ),
    (
        "the tenant column renamed",
        "ALTER TABLE teams RENAME account_id TO tenant_id;",
        "",
    ),
    ("a partition that the app reaches", PARTITIONED, ""),
    (
        "a table that inherits, and the app reaches",
        "CREATE TABLE more_teams () INHERITS (teams); GRANT SELECT, INSERT ON more_teams TO race_app;",
        "",
    ),
    (
        "a foreign table",
        "CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER nowhere FOREIGN DATA WRAPPER nowhere; CREATE FOREIGN TABLE far (account_id uuid NOT NULL) SERVER nowhere; GRANT SELECT ON far TO race_app;",
        "",
    ),
];

/// A partitioned table as it should be, and a partition with a right on it.
const PARTITIONED: &str = "
    CREATE TABLE visits (account_id uuid NOT NULL, at date NOT NULL, PRIMARY KEY (account_id, at)) PARTITION BY RANGE (at);
    ALTER TABLE visits ENABLE ROW LEVEL SECURITY;
    ALTER TABLE visits FORCE ROW LEVEL SECURITY;
    CREATE POLICY account_isolation ON visits
      USING (account_id = (SELECT current_account_id())) WITH CHECK (account_id = (SELECT current_account_id()));
    GRANT SELECT, INSERT ON visits TO race_app;
    CREATE TABLE visits_2026 PARTITION OF visits FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    GRANT SELECT ON visits_2026 TO race_app;
";
