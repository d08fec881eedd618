//! Reading and running give one snapshot.

use crate::script::run::{Remains, Run};
use crate::script::{Limits, SchemaRequest, plain};
use camino::Utf8Path;
use std::collections::BTreeMap;
use std::fs;

const IMPORTS: &str = "\
import { relations, sql } from 'drizzle-orm';
import {
  AnyPgColumn, bigint, bigserial, boolean, char, check, date, decimal, doublePrecision, foreignKey, index, inet, integer,
  json, jsonb, numeric, pgEnum, pgSchema, pgTable, pgView, primaryKey, real, serial, smallint, smallserial, text, time,
  timestamp, unique, uniqueIndex, uuid, varchar,
} from 'drizzle-orm/pg-core';
";

/// Whether the schema can be read; where it can, it has to come out as it runs.
fn is_read(name: &str, files: &[(&str, String)]) -> bool {
    let dir = tempfile::tempdir().expect("a folder");
    let root = Utf8Path::from_path(dir.path()).expect("a path");
    for (path, text) in files {
        fs::write(root.join(path), text).expect("a file");
    }
    let request = SchemaRequest {
        root: root.to_owned(),
        files: vec!["schema.ts".to_owned()],
        casing: None,
        env: BTreeMap::new(),
        limits: Limits::default(),
        allow_empty: false,
        kept: None,
    };
    let remains = Remains::default();
    let run = Run::new(&request, &remains).expect("files");
    let Some(read) = plain::load(&run.root, &run.entries) else {
        return false;
    };
    let ran = run.evaluate().unwrap_or_else(|failure| {
        let messages: Vec<_> = failure.diagnostics().iter().map(|d| &d.message).collect();
        panic!("{name} was read, but fails: {messages:?}")
    });
    assert_eq!(read.snapshot.to_json(), ran.snapshot.to_json(), "{name}");
    assert_eq!(read.files, ran.files, "{name}");
    let told = ran.warnings.len() + ran.stubbed.len();
    assert_eq!(told, 0, "{name} was read, and has something to tell");
    true
}

fn one(text: &str) -> Vec<(&'static str, String)> {
    vec![("schema.ts", format!("{IMPORTS}{text}"))]
}

#[track_caller]
fn read(text: &str) {
    assert!(is_read(text, &one(text)), "has to be run: {text}");
}

#[track_caller]
fn run(text: &str) {
    assert!(!is_read(text, &one(text)), "was read: {text}");
}

/// A table with these columns.
#[track_caller]
fn read_columns(columns: &str) {
    read(&format!(
        "export const mood = pgEnum('mood', ['sad', 'ok']);\nexport const users = pgTable('users', {{ {columns} }});"
    ));
}

#[track_caller]
fn run_columns(columns: &str) {
    run(&format!(
        "export const mood = pgEnum('mood', ['sad', 'ok']);\nexport const users = pgTable('users', {{ {columns} }});"
    ));
}

/// A table with these extras.
fn with_extras(extras: &str) -> String {
    format!(
        "export const users = pgTable('users', {{ id: integer('id'), orgId: integer('org_id'), 'e mail': text('e\"mail') }}, (t) => {extras});"
    )
}

#[test]
fn types() {
    read_columns(
        "a: integer(), b: smallint('b2'), c: real(''), d: doublePrecision(), e: boolean(), f: inet()",
    );
    read_columns(
        "a: serial().primaryKey(), b: smallserial(), c: bigint({ mode: 'number' }), d: bigint('d', { mode: 'bigint' })",
    );
    read_columns(
        "a: text({ enum: ['x'] }), b: text('b', { enum: ['x', 'y'] }), c: varchar({ length: 3 }), d: varchar('d'), e: char({ length: 2 })",
    );
    read_columns(
        "a: numeric(), b: numeric({ precision: 3 }), c: decimal('c', { precision: 12, scale: 2, mode: 'number' }), d: numeric({ scale: 2 })",
    );
    read_columns(
        "a: timestamp(), b: timestamp({ withTimezone: true }), c: timestamp('c', { precision: 3, mode: 'string' }), d: timestamp({ precision: 3, withTimezone: true })",
    );
    read_columns(
        "a: time(), b: time({ precision: 2, withTimezone: true }), c: date(), d: date({ mode: 'date' }), e: uuid(), f: json(), g: jsonb('g')",
    );
    read_columns(
        "a: mood(), b: mood('b').array().notNull(), c: text().notNull().array(), d: integer().array().array()",
    );
    run_columns("a: bigint()");
    run_columns("a: bigserial({ mode: 'number' }), b: integer().generatedAlwaysAsIdentity()");
    run_columns("a: text().nothing()");
    run_columns("a: varchar({ length: 1 + 1 })");
    run_columns("1: text()");
    run_columns("a: text(), b: integer('a')");
}

#[test]
fn defaults() {
    read_columns("a: integer().default(0), b: integer().default(-5), c: numeric().default(7)");
    read_columns(
        "a: text().default('it\\'s \"so\"'), b: boolean().default(false), c: mood().default('ok'), d: numeric().default('0')",
    );
    read_columns(
        "a: jsonb().default({ b: [1, 'it\\'s', null, true], c: {} }), b: json().default([]), c: jsonb().default(5)",
    );
    read_columns(
        "a: uuid().defaultRandom(), b: timestamp().defaultNow(), c: integer().default(sql`1 + 1`), d: text().default(sql``)",
    );
    read_columns(
        "a: text().$defaultFn(() => crypto.randomUUID()), b: timestamp().$onUpdate(() => new Date()), c: text().$type<'a'>()",
    );
    read_columns("a: text().default('\\u{1F600} \\n \\\\')");
    run_columns("a: jsonb().default('text')");
    run_columns("a: jsonb().default({ 1: 2 })");
    run_columns("a: serial().default(1)");
    run_columns("a: integer().default(0.5)");
    run_columns("a: text().defaultNow()");
    run_columns("a: text().array().default([])");
    run_columns("a: text().default(process.env.X)");
    run_columns("a: text().$defaultFn(() => { break; })");
    run_columns("a: text().default(sql`${users.b}`)");
}

#[test]
fn keys() {
    read_columns(
        "a: integer().primaryKey(), b: text().unique(), c: text().unique('mine', { nulls: 'not distinct' }), d: text('d2').unique()",
    );
    read_columns(
        "a: integer().references((): AnyPgColumn => users.b), b: integer().references(() => users.a, { onDelete: 'cascade', onUpdate: 'set null' })",
    );
    read(&format!(
        "export const {0} = pgTable('{0}', {{ {0}: integer().references(() => {0}.{0}) }});",
        "a_name_of_forty_characters_for_a_long_key"
    ));
    run_columns("a: integer().primaryKey(), b: integer().primaryKey()");
    run_columns("a: integer().references(() => users.nothing)");
    run_columns("a: text().unique('x'), b: text().unique('x')");
    run_columns("a: integer().references(() => users.a, { onDelete: 'explode' })");
}

#[test]
fn extras() {
    for extras in [
        "[index().on(t.id, t.orgId), uniqueIndex('u').on(t.orgId.desc().nullsFirst(), t.id.asc().nullsLast().op('int4_ops'))]",
        "[index('e').on(sql`lower(${t.id})`, t.orgId).where(sql`${t.id} > 0 and ${users.orgId} is null`)]",
        "[index('g').using('gin', t.id), check('c', sql`${t.id} > -1`), check('d', sql`true`)]",
        "[unique().on(t.id, t.orgId), unique('n').on(t.id).nullsNotDistinct()]",
        "[primaryKey({ columns: [t.id, t.orgId] })]",
        "({ pk: primaryKey({ name: 'pk', columns: [t.orgId] }), i: index().on(t.orgId) })",
        "{ return [index('r').on(t.id)]; }",
        "[]",
    ] {
        read(&with_extras(extras));
    }
    for extras in [
        "[index().on(sql`lower(${t.id})`)]",
        "[index('a').on(t.id), index('a').on(t.orgId)]",
        "[index('a').on(t.id, t.id.desc())]",
        "[index('a').on(t.nothing)]",
        "[check('c', sql`${t.id} = ${5}`)]",
        "[check('c', sql`1`), unique('c').on(t.id)]",
        "[foreignKey({ columns: [t.id], foreignColumns: [t.orgId] })]",
        "[index('a').on(t.id).concurrently()]",
        "[primaryKey({ columns: [t.id] }), primaryKey({ columns: [t.orgId] })]",
        "Math.random() > 0.5 ? [] : []",
        "[index('users').on(t.id)]",
    ] {
        run(&with_extras(extras));
    }
}

#[test]
fn what_is_around() {
    const USERS: &str = "export const users = pgTable('users', { id: integer() });\n";
    let around = |text: &str| format!("{USERS}{text}");
    read(&around(
        "export type User = typeof users.$inferSelect; interface Row { a: string }",
    ));
    read(&around(
        "export const usersRelations = relations(users, ({ one, many }) => ({ all: many(users), first: one(users, { fields: [users.id], references: [users.id] }) }));",
    ));
    read(&around(
        "const shared = { created: timestamp().defaultNow(), at: text('at_name') };\nexport const a = pgTable('a', { ...shared, id: uuid() });\nexport const b = pgTable('b', { id: uuid(), ...shared });",
    ));
    read("const users = pgTable('users', { id: integer() });\nexport { users as people };");
    read(
        "export const z = pgTable('first', { id: integer() }), a = pgTable('second', { id: integer() });",
    );
    run("const users = pgTable('users', { id: integer() });");
    run("export const mood = pgEnum('mood', ['a']);");
    run(&around("const mood = pgEnum('mood', ['a']);"));
    run(&around("export const mood = pgEnum('users', ['a']);"));
    run(&around("export const mood = pgEnum('mood', ['a', 'a']);"));
    run(&around(
        "export const again = pgTable('users', { id: integer() });",
    ));
    run(&around("export default users;"));
    run(&around("console.log(users);"));
    run(&around(
        "export const view = pgView('v').as((qb) => qb.select().from(users));",
    ));
    run(&around("export const app = pgSchema('app');"));
    run(&around(
        "const shared = { id: integer() };\nexport const a = pgTable('a', { ...shared, ...shared });",
    ));
    run(
        "export const r = relations(users, () => ({}));\nexport const users = pgTable('users', { id: integer() });",
    );
    run("export const users = pgTable('users', { id: integer() }");
    run(
        "export const users = pgTable('users', { id: integer() });\ntype users = 1; type users = 2;",
    );
}

#[test]
fn several_files() {
    let table = |name: &str, more: &str| {
        format!("{IMPORTS}{more}export const {name} = pgTable('{name}', {{ id: integer() }});\n")
    };
    let star = "export * from './a';\nexport * from './b';\n".to_owned();
    let files = |schema: &str, a: &str, b: &str| {
        vec![
            ("schema.ts", schema.to_owned()),
            ("a.ts", a.to_owned()),
            ("b.ts", b.to_owned()),
        ]
    };
    let refers = |to: &str, from: &str| {
        format!(
            "{IMPORTS}import {{ {to} }} from './{to}';\nexport const {from} = pgTable('{from}', {{ id: integer().references(() => {to}.id) }});\n"
        )
    };
    let relates = |to: &str, from: &str| {
        let own = table(from, &format!("import {{ {to} }} from './{to}';\n"));
        format!(
            "{own}export const r{from} = relations({to}, ({{ one }}) => ({{ x: one({from}) }}));\n"
        )
    };
    let named = "export { a } from './a';\nexport * from './b';\n";
    assert!(is_read(
        "stars",
        &files(&star, &table("a", ""), &table("b", ""))
    ));
    assert!(is_read(
        "in turn",
        &files(&star, &refers("b", "a"), &refers("a", "b"))
    ));
    assert!(is_read(
        "at once",
        &files(&star, &relates("b", "a"), &table("b", ""))
    ));
    let unused = "import { b } from './b';\nexport type B = typeof b;\n";
    assert!(is_read(
        "a type alone",
        &files("export * from './a';", &table("a", unused), "throw 1")
    ));
    assert!(!is_read(
        "in a circle",
        &files(&star, &relates("b", "a"), &relates("a", "b"))
    ));
    assert!(!is_read(
        "again",
        &files(named, &table("a", ""), &table("b", ""))
    ));
    assert!(!is_read(
        "missing",
        &files(&star, &refers("b", "a"), &table("c", ""))
    ));
    assert!(!is_read(
        "hidden",
        &files("export * from './a';", &refers("b", "a"), &table("b", ""))
    ));
    assert!(!is_read(
        "ambiguous",
        &files(&star, &table("a", ""), &table("a", ""))
    ));
    assert!(!is_read(
        "no file",
        &files(
            &star,
            &table("a", "import { x } from './x';\nexport { x };\n"),
            ""
        )
    ));
}

/// Whatever of the corpus can be read comes out as it runs, its names imported one by one.
#[test]
fn corpus() {
    let corpus = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let (_, names) = IMPORTS.split_once('\n').expect("two imports");
    let mut count = 0;
    for entry in corpus.read_dir_utf8().expect("the corpus").flatten() {
        for file in ["from.ts", "to.ts"] {
            if let Ok(text) = fs::read_to_string(entry.path().join(file)) {
                let whole = "import * as pg from 'drizzle-orm/pg-core';\n";
                let text = text.replace(whole, names).replace("pg.", "");
                let name = format!("{}/{file}", entry.file_name());
                count += usize::from(is_read(&name, &[("schema.ts", text)]));
            }
        }
    }
    assert!(count > 0, "no schema of the corpus could be read");
}
