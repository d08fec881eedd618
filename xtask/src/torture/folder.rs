//! A folder of thirty migrations of every sort that a runner has to live with.

use std::path::Path;
use std::process::Command;

const FILES: usize = 30;

/// The folder, in a project.
pub(super) struct Folder {
    project: tempfile::TempDir,
    /// How many files there are.
    pub(super) files: usize,
    /// How many of them write a row.
    pub(super) with_rows: usize,
}

impl Folder {
    pub(super) fn new(driftless: &Path) -> Result<Self, String> {
        let project = tempfile::tempdir().map_err(|e| e.to_string())?;
        let write = |name: &str, text: &str| {
            std::fs::write(project.path().join(name), text).map_err(|e| e.to_string())
        };
        write("drizzle.config.ts", CONFIG)?;
        write(
            "schema.ts",
            "import { pgTable, integer } from 'drizzle-orm/pg-core';\nexport const t = pgTable('t', { id: integer() });\n",
        )?;
        let mut with_rows = 0;
        for number in 0..FILES {
            let name = format!("step{number}");
            let output = Command::new(driftless)
                .args(["generate", "--custom", "--name", &name])
                .current_dir(project.path())
                .output()
                .map_err(|e| e.to_string())?;
            if !output.status.success() {
                return Err(String::from_utf8_lossy(&output.stderr).into_owned());
            }
            let sql = sql(number);
            with_rows += usize::from(sql.contains("INTO log"));
            write(&format!("drizzle/{number:04}_{name}.sql"), &sql)?;
        }
        Ok(Self {
            project,
            files: FILES,
            with_rows,
        })
    }

    pub(super) fn path(&self) -> &Path {
        self.project.path()
    }
}

/// Text of a file: each sort comes five times.
fn sql(n: usize) -> String {
    let log = format!("INSERT INTO log VALUES ({n});");
    match n % 6 {
        0 => {
            let first = if n == 0 {
                "CREATE TABLE log (n int);\n"
            } else {
                ""
            };
            format!(
                "{first}CREATE TABLE t{n} (id int PRIMARY KEY, owner text);\n\
                 --> statement-breakpoint\nINSERT INTO t{n} SELECT g, 'x' FROM generate_series(1, 500) g;\n{log}"
            )
        }
        1 => format!(
            "-- driftless: no-transaction\nCREATE INDEX CONCURRENTLY i{n} ON t{t} (owner);\n\
             --> statement-breakpoint\n{log}\n--> statement-breakpoint\n\
             CREATE INDEX CONCURRENTLY j{n} ON t{t} (id, owner);",
            t = n - 1
        ),
        2 => format!("CREATE TYPE mood{n} AS ENUM ('a');\n{log}"),
        3 => format!(
            "ALTER TYPE mood{} ADD VALUE 'b';\n--> statement-breakpoint\n{log}",
            n - 1
        ),
        4 => format!(
            "UPDATE t{t} SET owner = owner || '{n}';\nSELECT pg_sleep(0.01);\n{log}\n\
             ALTER TABLE t{t} ADD COLUMN mood mood{m} DEFAULT 'b';",
            t = n - 4,
            m = n - 2
        ),
        _ => format!(
            "CREATE FUNCTION f{n}() RETURNS int LANGUAGE plpgsql AS $f$ BEGIN RETURN {n}; END $f$;\n\
             ALTER TABLE t{t} ENABLE ROW LEVEL SECURITY;\nALTER TABLE t{t} FORCE ROW LEVEL SECURITY;\n\
             CREATE POLICY p{n} ON t{t} USING (f{n}() > 0);\nDO $d$ BEGIN PERFORM pg_sleep(0.005); END $d$;\n{log}",
            t = n - 5
        ),
    }
}

const CONFIG: &str = "\
export default {
	dialect: 'postgresql',
	schema: './schema.ts',
	out: './drizzle',
	dbCredentials: { url: process.env.DATABASE_URL! },
};
";
