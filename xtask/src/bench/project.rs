//! A Drizzle project of any size, and its states.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::State;

const TABLES_A_FILE: usize = 20;

/// How the schema is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Every table spelled out.
    Plain,
    /// Shared columns by functions and spreads, names by casing, a schema of its own, identity,
    /// policies, views: what has to be run to be known.
    Helpers,
}

impl Style {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Plain => "spelled out",
            Self::Helpers => "with helpers",
        }
    }
}

/// A project in a temporary folder.
pub(crate) struct Project {
    folder: tempfile::TempDir,
    size: usize,
    style: Style,
}

impl Project {
    pub(crate) fn new(size: usize, style: Style, node_modules: &Path) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
        let project = Self {
            folder,
            size,
            style,
        };
        let mut index = String::new();
        match style {
            Style::Plain => project.write("drizzle.config.ts", &CONFIG.replace("CASING", ""))?,
            Style::Helpers => {
                let config = CONFIG.replace("CASING", "\n\tcasing: 'snake_case',");
                project.write("drizzle.config.ts", &config)?;
                project.write("helpers.ts", HELPERS)?;
                index += "export * from './helpers';\n";
            }
        }
        for part in 0..size.div_ceil(TABLES_A_FILE) {
            let _ = writeln!(index, "export * from './part{part:03}';");
            project.write(&format!("part{part:03}.ts"), &project.part(part))?;
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
                .env("XDG_CACHE_HOME", self.cache())
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
            let text = self.part(0).replacen(
                "name: text('name').notNull(),",
                "name: text('name').notNull(), nickname: text('nickname'),",
                1,
            );
            self.write("part000.ts", &text)?;
        }
        copy(&self.migrations(), &self.kept())
    }

    fn part(&self, part: usize) -> String {
        let table = match self.style {
            Style::Plain => plain_table,
            Style::Helpers => helped_table,
        };
        let first = part * TABLES_A_FILE;
        let mut text = match self.style {
            Style::Plain => PLAIN_IMPORTS,
            Style::Helpers => HELPED_IMPORTS,
        }
        .to_owned();
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
        for number in first..self.size.min(first + TABLES_A_FILE) {
            let parent = if number % TABLES_A_FILE > 0 {
                number - 1
            } else {
                number.saturating_sub(TABLES_A_FILE)
            };
            text += &table(part, number, parent);
        }
        text
    }

    /// Puts the migrations folder back to what it was.
    pub(crate) fn restore(&self) -> Result<(), String> {
        copy(&self.kept(), &self.migrations())
    }

    /// Where driftless keeps what it may need again.
    pub(crate) fn cache(&self) -> PathBuf {
        self.folder().join("cache")
    }

    /// Empties that.
    pub(crate) fn forget(&self) -> Result<(), String> {
        let cache = self.cache();
        if cache.exists() {
            fs::remove_dir_all(cache).map_err(|e| e.to_string())?;
        }
        Ok(())
    }

    fn migrations(&self) -> PathBuf {
        self.folder().join("drizzle")
    }

    fn kept(&self) -> PathBuf {
        self.folder().join("kept")
    }
}

pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), String> {
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
	out: './drizzle',CASING
	dbCredentials: { url: process.env.DATABASE_URL! },
});
";

const PLAIN_IMPORTS: &str = "\
import { sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { boolean, check, index, integer, jsonb, numeric, pgEnum, pgTable, serial, text, timestamp, uniqueIndex, uuid, varchar } from 'drizzle-orm/pg-core';
";

fn plain_table(part: usize, number: usize, parent: usize) -> String {
    format!(
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
    )
}

const HELPERS: &str = "\
import { sql } from 'drizzle-orm';
import { bigint, pgPolicy, pgSchema, timestamp, uuid } from 'drizzle-orm/pg-core';

export const app = pgSchema('app');

export const key = () => ({ id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity() });
export const stamps = () => ({
	createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
	updatedAt: timestamp({ withTimezone: true }).notNull().defaultNow().$onUpdate(() => new Date()),
});
export const owned = () => ({ accountId: uuid().notNull().defaultRandom() });
export const isolation = (name: string) => pgPolicy(`${name}_isolation`, {
	for: 'all', to: 'public', using: sql`account_id = current_setting('app.account')::uuid`,
});
";

const HELPED_IMPORTS: &str = "\
import { sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { bigint, boolean, check, index, integer, jsonb, numeric, pgEnum, text, uniqueIndex, varchar } from 'drizzle-orm/pg-core';
import { app, isolation, key, owned, stamps } from './helpers';
";

fn helped_table(part: usize, number: usize, parent: usize) -> String {
    let view = if number.is_multiple_of(TABLES_A_FILE) {
        format!(
            "
export const view{number:04} = app.view('view_{number:04}').as((qb) =>
	qb.select({{ id: table{number:04}.id, name: table{number:04}.name }}).from(table{number:04}));
"
        )
    } else {
        String::new()
    };
    format!(
        "
export const table{number:04} = app.table('table_{number:04}', {{
	...key(),
	...owned(),
	name: text('name').notNull(),
	slug: varchar({{ length: 120 }}).notNull().unique(),
	count: integer().notNull().default(0),
	total: numeric({{ precision: 12, scale: 2 }}).default('0'),
	active: boolean().notNull().default(true),
	status: status{part:03}().notNull().default('active'),
	settings: jsonb().notNull().default({{ theme: 'dark', size: {number} }}),
	parentId: bigint({{ mode: 'number' }}).references((): AnyPgColumn => table{parent:04}.id, {{ onDelete: 'cascade' }}),
	...stamps(),
}}, (t) => [
	index('table_{number:04}_account_idx').on(t.accountId, t.createdAt.desc()),
	uniqueIndex('table_{number:04}_name_idx').on(sql`lower(${{t.name}})`).where(sql`${{t.active}}`),
	check('table_{number:04}_count_check', sql`${{t.count}} >= 0`),
	isolation('table_{number:04}'),
]);
{view}"
    )
}
