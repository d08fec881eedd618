//! A Drizzle project of any size, and its states.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::State;

const TABLES_A_FILE: usize = 20;

/// A project in a temporary folder.
pub(crate) struct Project {
    folder: tempfile::TempDir,
    size: usize,
}

impl Project {
    pub(crate) fn new(size: usize, node_modules: &Path) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
        let project = Self { folder, size };
        project.write("drizzle.config.ts", CONFIG)?;
        let mut index = String::new();
        for part in 0..size.div_ceil(TABLES_A_FILE) {
            let _ = writeln!(index, "export * from './part{part:03}';");
            project.write(&format!("part{part:03}.ts"), &part_text(part, size))?;
        }
        project.write("schema.ts", &index)?;
        #[cfg(unix)]
        std::os::unix::fs::symlink(node_modules, project.folder().join("node_modules"))
            .map_err(|e| e.to_string())?;
        Ok(project)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, text: &str) -> Result<(), String> {
        fs::write(self.folder().join(name), text).map_err(|e| e.to_string())
    }

    /// Brings the project to a state and remembers its folder.
    pub(crate) fn prepare(&self, state: State, driftless: &Path, url: &str) -> Result<(), String> {
        let run = |args: &[&str]| {
            let output = Command::new(driftless)
                .args(args)
                .current_dir(self.folder())
                .env("DATABASE_URL", url)
                .output()
                .map_err(|e| e.to_string())?;
            if output.status.success() {
                Ok(())
            } else {
                Err(String::from_utf8_lossy(&output.stderr).into_owned())
            }
        };
        if state != State::Empty {
            run(&["generate", "--name", "first"])?;
        }
        if state == State::Migrated {
            run(&["migrate"])?;
        }
        if state == State::Edited {
            let text = part_text(0, self.size).replacen(
                "name: text('name').notNull(),",
                "name: text('name').notNull(), nickname: text('nickname'),",
                1,
            );
            self.write("part000.ts", &text)?;
        }
        copy(&self.migrations(), &self.kept())
    }

    /// Puts the migrations folder back to what it was.
    pub(crate) fn restore(&self) -> Result<(), String> {
        copy(&self.kept(), &self.migrations())
    }

    fn migrations(&self) -> PathBuf {
        self.folder().join("drizzle")
    }

    fn kept(&self) -> PathBuf {
        self.folder().join("kept")
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    if to.exists() {
        fs::remove_dir_all(to).map_err(|e| e.to_string())?;
    }
    if !from.exists() {
        return Ok(());
    }
    fs::create_dir_all(to).map_err(|e| e.to_string())?;
    for entry in fs::read_dir(from).map_err(|e| e.to_string())? {
        let entry = entry.map_err(|e| e.to_string())?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target).map_err(|e| e.to_string())?;
        }
    }
    Ok(())
}

const CONFIG: &str = "\
import { defineConfig } from 'drizzle-kit';

export default defineConfig({
	dialect: 'postgresql',
	schema: './schema.ts',
	out: './drizzle',
	dbCredentials: { url: process.env.DATABASE_URL! },
});
";

const IMPORTS: &str = "\
import { sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { boolean, check, index, integer, jsonb, numeric, pgEnum, pgTable, serial, text, timestamp, uniqueIndex, uuid, varchar } from 'drizzle-orm/pg-core';
";

fn part_text(part: usize, size: usize) -> String {
    let first = part * TABLES_A_FILE;
    let mut text = IMPORTS.to_owned();
    if part > 0 {
        let _ = writeln!(
            text,
            "import {{ table{:04} }} from './part{:03}';",
            first - TABLES_A_FILE,
            part - 1
        );
    }
    let _ = writeln!(
        text,
        "\nexport const status{part:03} = pgEnum('status_{part:03}', ['active', 'paused', 'done']);"
    );
    for number in first..size.min(first + TABLES_A_FILE) {
        let parent = if number % TABLES_A_FILE > 0 {
            number - 1
        } else {
            number.saturating_sub(TABLES_A_FILE)
        };
        let _ = write!(
            text,
            "
export const table{number:04} = pgTable('table_{number:04}', {{
	id: serial('id').primaryKey(),
	accountId: uuid('account_id').notNull().defaultRandom(),
	name: text('name').notNull(),
	slug: varchar('slug', {{ length: 120 }}).notNull().unique(),
	count: integer('count').notNull().default(0),
	total: numeric('total', {{ precision: 12, scale: 2 }}).default('0'),
	active: boolean('active').notNull().default(true),
	status: status{part:03}('status').notNull().default('active'),
	settings: jsonb('settings').notNull().default({{ theme: 'dark', size: {number} }}),
	parentId: integer('parent_id').references((): AnyPgColumn => table{parent:04}.id, {{ onDelete: 'cascade' }}),
	createdAt: timestamp('created_at', {{ withTimezone: true }}).notNull().defaultNow(),
	updatedAt: timestamp('updated_at', {{ withTimezone: true }}).notNull().defaultNow().$onUpdate(() => new Date()),
}}, (t) => [
	index('table_{number:04}_account_idx').on(t.accountId, t.createdAt.desc()),
	uniqueIndex('table_{number:04}_name_idx').on(sql`lower(${{t.name}})`).where(sql`${{t.active}}`),
	check('table_{number:04}_count_check', sql`${{t.count}} >= 0`),
]);
"
        );
    }
    text
}
