//! What the catalog says of rights, against what Postgres says.

use driftless_catalog::Tag;
use driftless_postgres::literal;
use driftless_tenant::{Facts, May, Tenant};

use crate::support::Example;

const ROLES: [&str; 10] = [
    "r_plain",
    "r_member",
    "r_deaf",
    "r_far",
    "r_owner",
    "r_of_owner",
    "r_reader",
    "r_writer",
    "r_super",
    "r_group",
];

const SCHEMA: &str = "
    CREATE ROLE r_plain; CREATE ROLE r_group; CREATE ROLE r_member; CREATE ROLE r_deaf NOINHERIT;
    CREATE ROLE r_far; CREATE ROLE r_owner; CREATE ROLE r_of_owner; CREATE ROLE r_super SUPERUSER;
    CREATE ROLE r_reader; CREATE ROLE r_writer;
    GRANT r_group TO r_member, r_deaf; GRANT r_member TO r_far; GRANT r_owner TO r_of_owner;
    GRANT pg_read_all_data TO r_reader; GRANT pg_write_all_data TO r_writer;
    CREATE SCHEMA s;
    CREATE TABLE bare (a int, b int);
    CREATE TABLE s.for_group (a int, b int); GRANT SELECT, UPDATE, TRUNCATE ON s.for_group TO r_group;
    CREATE TABLE for_all (a int, b int); GRANT SELECT, REFERENCES ON for_all TO PUBLIC;
    CREATE TABLE in_part (a int, b int); GRANT SELECT (a), UPDATE (b), INSERT (a) ON in_part TO r_plain, r_group;
    CREATE TABLE owned (a int, b int); ALTER TABLE owned OWNER TO r_owner; REVOKE DELETE ON owned FROM r_owner;
    CREATE TABLE passed_on (a int, b int); GRANT SELECT ON passed_on TO r_owner WITH GRANT OPTION;
    SET ROLE r_owner; GRANT SELECT ON passed_on TO r_plain; RESET ROLE;
    CREATE VIEW seen AS SELECT * FROM bare; GRANT ALL ON seen TO r_plain;
    CREATE MATERIALIZED VIEW kept AS SELECT * FROM bare; GRANT SELECT ON kept TO r_group;
    CREATE FUNCTION open() RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE FUNCTION closed() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE EXECUTE ON FUNCTION closed() FROM PUBLIC;
    CREATE FUNCTION given() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE EXECUTE ON FUNCTION given() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION given() TO r_group;
    ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT INSERT ON TABLES TO r_plain;
    CREATE TABLE s.later (a int, b int);
";

#[test]
fn rights_are_what_postgres_says() {
    let Some(example) = Example::empty() else {
        return;
    };
    let name = example.copy();
    example.sql(&name, SCHEMA);
    let reading = example.read(&name);
    let tenant = Tenant::default();
    let facts = Facts::new(&reading.catalog, &tenant, None);
    let mut asked = 0;
    let mut sql = Vec::new();
    let mut ours = Vec::new();
    for kind in [Tag::Table, Tag::View, Tag::MaterializedView] {
        for (id, _) in reading.catalog.of_kind(kind) {
            for role in ROLES {
                for may in [
                    "SELECT",
                    "INSERT",
                    "UPDATE",
                    "DELETE",
                    "TRUNCATE",
                    "REFERENCES",
                    "TRIGGER",
                ] {
                    let path = literal(&id.full_path());
                    let any = match may {
                        "SELECT" | "INSERT" | "UPDATE" | "REFERENCES" => {
                            format!("has_any_column_privilege('{role}', {path}, '{may}')")
                        }
                        _ => "false".to_owned(),
                    };
                    sql.push(format!("SELECT '{role} {may} {}: ' || CASE WHEN has_table_privilege('{role}', {path}, '{may}') THEN 'whole' WHEN {any} THEN 'part' ELSE 'no' END", id.full_path()));
                    let word = match facts.may(role, id, may) {
                        May::Whole => "whole",
                        May::Columns(_) => "part",
                        May::No => "no",
                    };
                    ours.push(format!("{role} {may} {}: {word}", id.full_path()));
                    asked += 1;
                }
            }
        }
    }
    for (id, _) in reading.catalog.of_kind(Tag::Function) {
        for role in ROLES {
            let path = literal(&id.full_path());
            sql.push(format!("SELECT '{role} EXECUTE {}: ' || CASE WHEN has_function_privilege('{role}', {path}, 'EXECUTE') THEN 'whole' ELSE 'no' END", id.full_path()));
            let word = if facts.may(role, id, "EXECUTE").any() {
                "whole"
            } else {
                "no"
            };
            ours.push(format!("{role} EXECUTE {}: {word}", id.full_path()));
            asked += 1;
        }
    }
    let theirs = example.sql(&name, &format!("{};", sql.join(" UNION ALL ")));
    let mut theirs: Vec<&str> = theirs.lines().collect();
    theirs.sort_unstable();
    ours.sort_unstable();
    assert_eq!(ours, theirs);
    assert!(asked > 600, "{asked}");
}
