//! `driftless rls` on a database.

use driftless_testing::Cluster;
use insta::assert_snapshot;

use crate::test_example::race;

#[test]
fn a_database_is_looked_at_as_well() {
    // Its migrations make roles, which belong to the whole server.
    let Some(cluster) = Cluster::start() else {
        println!("skipped: no Postgres on this machine");
        return;
    };
    let name = cluster.new_database();
    let url = cluster.url(&name);
    let project = race().env("DATABASE_URL", &url);
    project.succeeds(&["-C", "apps/api", "migrate"]);
    let rls = ["-C", "apps/api", "rls", "--database-url", &url];
    let said = project.succeeds(&rls);
    assert!(
        said.ends_with("isolated: 20 tables, 185 attempts held\n"),
        "{said}"
    );
    let sql = "ALTER TABLE teams NO FORCE ROW LEVEL SECURITY; CREATE POLICY open ON teams FOR SELECT USING (true);";
    cluster.databases().run(&name, sql).unwrap();
    let said = project.run(&rls);
    let found: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with("error"))
        .collect();
    assert_snapshot!(found.join("\n"), @"
    error[rls-not-forced]: the owner of teams sees every tenant's rows: row level security is not forced
    error[policy-without-tenant]: policy open of teams lets roles see rows of other tenants: it does not compare account_id with current_account_id()
    error[policy-always-true]: policy open of teams is always true in a part
    error[tenant-leak]: race_app gets at other tenants' rows of teams: read with no tenant, read
    ");
    let check = ["-C", "apps/api", "check", "--database-url", &url];
    let said = project.run(&check);
    let found: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with("error"))
        .collect();
    assert_snapshot!(found.join("\n"), @"
    error[rls-not-forced]: the owner of teams sees every tenant's rows: row level security is not forced
    error[policy-without-tenant]: policy open of teams lets roles see rows of other tenants: it does not compare account_id with current_account_id()
    error[policy-always-true]: policy open of teams is always true in a part
    error[database-differs]: the database has policy teams.open, which no migration makes
    error[database-differs]: the database has another table teams
    ");
}

/// What its migrator owns runs with that role's rights, in the copy too.
#[test]
fn a_database_keeps_its_owners() {
    let Some(cluster) = Cluster::start() else {
        println!("skipped: no Postgres on this machine");
        return;
    };
    let databases = cluster.databases();
    let roles = "CREATE ROLE race LOGIN; CREATE ROLE race_admin BYPASSRLS; GRANT race_admin TO race;
        CREATE ROLE race_app LOGIN; CREATE ROLE other; GRANT race TO other; CREATE DATABASE race OWNER race;";
    databases.run("postgres", roles).unwrap();
    databases
        .run("race", "ALTER SCHEMA public OWNER TO race;")
        .unwrap();
    let url = cluster.url("race").replacen("postgres@", "race@", 1);
    let project = race().env("DATABASE_URL", &url);
    project.succeeds(&["-C", "apps/api", "migrate"]);
    let rls = ["-C", "apps/api", "rls", "--database-url", &url];
    let function = "CREATE FUNCTION my_teams() RETURNS SETOF teams LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = '' AS 'SELECT * FROM public.teams'; ALTER FUNCTION my_teams() OWNER TO race;";
    databases.run("race", function).unwrap();
    let said = project.succeeds(&rls);
    assert!(said.contains("\n1 function ok\n"), "{said}");
    databases
        .run("race", "ALTER TABLE teams NO FORCE ROW LEVEL SECURITY;")
        .unwrap();
    let said = project.run(&rls);
    let found: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with("error"))
        .collect();
    assert_snapshot!(found.join("\n"), @"
    error[rls-not-forced]: the owner of teams sees every tenant's rows: row level security is not forced
    error[leak-function]: race_app learns of other tenants' rows through my_teams()
    ");
}
