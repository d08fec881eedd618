//! Databases of one cluster, through `psql` and `pg_dump`.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::compare::statements;

/// A cluster that belongs to the cases alone: every database and role of theirs may go.
pub struct Databases {
    /// Folder of `psql` and `pg_dump`.
    pub bin: PathBuf,
    /// Folder of the server's socket.
    pub socket: PathBuf,
    /// A superuser.
    pub user: String,
}

const ROLES: &str =
    "SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> current_user";

impl Databases {
    /// A URL for the command line.
    pub fn url(&self, database: &str) -> String {
        format!(
            "postgres://{}@/{database}?host={}",
            self.user,
            self.socket.display()
        )
    }

    /// Makes an empty database.
    ///
    /// # Errors
    /// What `psql` says.
    pub fn create(&self, name: &str) -> Result<String, String> {
        self.run("postgres", &format!("CREATE DATABASE {name};"))?;
        Ok(name.to_owned())
    }

    /// Drops every database and role that cases made.
    ///
    /// # Errors
    /// What `psql` says.
    pub fn forget_all(&self) -> Result<(), String> {
        for name in ["migrated", "fresh"] {
            self.drop(name)?;
        }
        self.forget("peer")
    }

    /// Drops a database and every role.
    ///
    /// # Errors
    /// What `psql` says.
    pub fn forget(&self, name: &str) -> Result<(), String> {
        self.drop(name)?;
        let roles = self.run("postgres", &format!("{ROLES};"))?;
        let mut drops = String::new();
        for role in roles.lines().filter(|role| !role.is_empty()) {
            let role = role.replace('"', "\"\"");
            drops += &format!("DROP OWNED BY \"{role}\"; DROP ROLE \"{role}\";\n");
        }
        self.run("postgres", &drops)?;
        Ok(())
    }

    /// `psql` about to speak to a database.
    pub fn psql(&self, database: &str) -> Command {
        self.command("psql", database)
    }

    /// Drops a database.
    ///
    /// # Errors
    /// What `psql` says.
    pub fn drop(&self, name: &str) -> Result<(), String> {
        // A subscription holds its database, and would speak to its publisher while it is dropped.
        let held = format!(
            "SELECT subname FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid \
             WHERE datname = '{name}';"
        );
        for held in self.run("postgres", &held)?.lines() {
            let held = held.replace('"', "\"\"");
            self.run(
                name,
                &format!(
                    "ALTER SUBSCRIPTION \"{held}\" DISABLE; \
                     ALTER SUBSCRIPTION \"{held}\" SET (slot_name = NONE); \
                     DROP SUBSCRIPTION \"{held}\";"
                ),
            )?;
        }
        self.run(
            "postgres",
            &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE);"),
        )?;
        Ok(())
    }

    /// Runs SQL; its rows come back as `a|b` lines.
    ///
    /// # Errors
    /// What `psql` says.
    pub fn run(&self, database: &str, sql: &str) -> Result<String, String> {
        if sql.trim().is_empty() {
            return Ok(String::new());
        }
        let mut child = self
            .psql(database)
            .args(["-v", "ON_ERROR_STOP=1", "-qAt", "-f", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| e.to_string())?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(sql.as_bytes()).map_err(|e| e.to_string())?;
        }
        finish(child.wait_with_output())
    }

    /// The schema as `pg_dump` says it, statement by statement, with the cluster's roles.
    ///
    /// # Errors
    /// What `pg_dump` says.
    pub fn dump(&self, database: &str) -> Result<Vec<String>, String> {
        let output = self
            .command("pg_dump", database)
            .args(["--schema-only", "--no-owner", "--exclude-schema=drizzle"])
            .output();
        let mut all = statements(&finish(output)?);
        let roles = "SELECT 'role', rolname, rolcreatedb, rolcreaterole, rolinherit FROM pg_roles \
                     WHERE rolname !~ '^pg_' ORDER BY 2;";
        all.push(self.run(database, roles)?);
        Ok(all)
    }

    /// The whole schema as `pg_dump` says it, owners and grants included, and the cluster's roles.
    ///
    /// # Errors
    /// What `pg_dump` says.
    pub fn dump_all(&self, database: &str) -> Result<Vec<String>, String> {
        let output = self
            .command("pg_dump", database)
            .arg("--schema-only")
            .output();
        let mut all = statements(&finish(output)?);
        let roles = Command::new(self.bin.join("pg_dumpall"))
            .arg("-h")
            .arg(&self.socket)
            .args([
                "-U",
                &self.user,
                "-l",
                database,
                "--roles-only",
                "--no-role-passwords",
            ])
            .output();
        all.extend(statements(&finish(roles)?));
        Ok(all)
    }

    /// Names of all constraints, relations and types outside the ledger's schema.
    ///
    /// # Errors
    /// What `psql` says.
    pub fn names(&self, database: &str) -> Result<Vec<String>, String> {
        let sql = "WITH s AS (SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' \
                   AND nspname NOT IN ('information_schema', 'drizzle')) \
                   SELECT 'constraint', conname, conrelid::regclass::text FROM pg_constraint \
                     WHERE connamespace IN (SELECT oid FROM s) AND contype <> 'n' \
                   UNION ALL SELECT 'relation', relname, relkind::text FROM pg_class \
                     WHERE relnamespace IN (SELECT oid FROM s) \
                   UNION ALL SELECT 'type', typname, '' FROM pg_type \
                     WHERE typnamespace IN (SELECT oid FROM s);";
        let names = self.run(database, sql)?;
        Ok(names.lines().map(str::to_owned).collect())
    }

    fn command(&self, program: &str, database: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        command
            .arg("-h")
            .arg(&self.socket)
            .args(["-U", &self.user, "-d", database])
            .env_remove("PGPORT")
            .env("PGOPTIONS", "-c client_min_messages=warning");
        command
    }
}

fn finish(output: std::io::Result<std::process::Output>) -> Result<String, String> {
    let output = output.map_err(|e| e.to_string())?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
