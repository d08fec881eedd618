//! Planning between catalogs of 5,000 tables: `cargo bench -p driftless-catalog`.

use divan::Bencher;
use driftless_catalog::kinds::{
    Column, Comment, DataType, ForeignKey, Index, IndexColumn, Object, Policy, PrimaryKey, Table,
    Target,
};
use driftless_catalog::{Catalog, Outcome, Plan, Spelling, plan};

const TABLES: usize = 5_000;
const COLUMNS: [(&str, &str); 8] = [
    ("id", "bigint"),
    ("account_id", "uuid"),
    ("parent_id", "bigint"),
    ("name", "character varying(120)"),
    ("state", "text"),
    ("total", "numeric(12,2)"),
    ("settings", "jsonb"),
    ("created_at", "timestamp with time zone"),
];

fn main() {
    divan::main();
}

/// Nothing differs.
#[divan::bench]
fn in_step(bencher: Bencher<'_, '_>) {
    paired(bencher, |_| {});
}

/// One column more.
#[divan::bench]
fn one_column(bencher: Bencher<'_, '_>) {
    paired(bencher, |to| {
        add(to, column(2_500, 9, "nickname", "text"));
    });
}

/// Every tenth table has a column of another type, which an index has to be built anew for.
#[divan::bench]
fn five_hundred_changes(bencher: Bencher<'_, '_>) {
    paired(bencher, |to| {
        for number in (0..TABLES).step_by(10) {
            to.insert(column(number, 4, "name", "text"));
        }
    });
}

/// All of it is new.
#[divan::bench]
fn from_empty(bencher: Bencher<'_, '_>) {
    let (from, to) = (Catalog::empty(SPELLING), whole());
    bencher.bench(|| planned(&from, &to));
}

const SPELLING: Spelling = Spelling::Postgres { major: 18 };

fn paired(bencher: Bencher<'_, '_>, change: impl FnOnce(&mut Catalog)) {
    let from = whole();
    let mut to = from.clone();
    change(&mut to);
    bencher.bench(|| planned(&from, &to));
}

fn planned(from: &Catalog, to: &Catalog) -> Plan {
    match plan(from, to, &[]) {
        Ok(Outcome::Plan(plan)) => plan,
        other => panic!("no plan: {other:?}"),
    }
}

/// Tables with eight columns, a primary key, a foreign key, two indexes, a policy and a comment.
fn whole() -> Catalog {
    let mut catalog = Catalog::empty(SPELLING);
    for number in 0..TABLES {
        let table = Table {
            schema: "public".to_owned(),
            name: name(number),
            row_security: true,
            ..Table::default()
        };
        let id = Object::from(table.clone()).id();
        add(&mut catalog, table.into());
        for (at, (name, data_type)) in COLUMNS.iter().enumerate() {
            let position = u32::try_from(at).unwrap_or(0) + 1;
            add(&mut catalog, column(number, position, name, data_type));
        }
        add(&mut catalog, key(number));
        if number > 0 {
            add(&mut catalog, reference(number));
        }
        add(&mut catalog, index(number, "account_id"));
        add(&mut catalog, index(number, "name"));
        add(&mut catalog, policy(number));
        let comment = Comment {
            on: Target { id, part_of: None },
            text: "one of many".to_owned(),
        };
        add(&mut catalog, comment.into());
    }
    catalog
}

/// Needs as `pg_depend` tells them are what the names tell here.
fn add(catalog: &mut Catalog, object: Object) {
    let id = object.id();
    let needs = object.parent().into_iter().collect();
    assert!(catalog.insert(object).is_none(), "{id} is there twice");
    catalog.set_needs(id, needs);
}

fn name(number: usize) -> String {
    format!("table_{number:04}")
}

fn column(number: usize, position: u32, name: &str, data_type: &str) -> Object {
    Column {
        schema: "public".to_owned(),
        table: self::name(number),
        name: name.to_owned(),
        position,
        data_type: DataType::verbatim(data_type),
        not_null: position < 3,
        ..Column::default()
    }
    .into()
}

fn key(number: usize) -> Object {
    PrimaryKey {
        schema: "public".to_owned(),
        table: name(number),
        name: format!("{}_pkey", name(number)),
        columns: vec!["id".to_owned()],
        ..PrimaryKey::default()
    }
    .into()
}

fn reference(number: usize) -> Object {
    ForeignKey {
        schema: "public".to_owned(),
        table: name(number),
        name: format!("{}_parent_id_fkey", name(number)),
        columns: vec!["parent_id".to_owned()],
        to_schema: "public".to_owned(),
        to_table: name(number - 1),
        to_columns: vec!["id".to_owned()],
        ..ForeignKey::default()
    }
    .into()
}

fn index(number: usize, column: &str) -> Object {
    Index {
        schema: "public".to_owned(),
        table: name(number),
        name: format!("{}_{column}_idx", name(number)),
        method: "btree".to_owned(),
        columns: vec![IndexColumn {
            expression: column.to_owned(),
            ..IndexColumn::default()
        }],
        ..Index::default()
    }
    .into()
}

fn policy(number: usize) -> Object {
    Policy {
        schema: "public".to_owned(),
        table: name(number),
        name: "isolation".to_owned(),
        permissive: true,
        command: "all".to_owned(),
        roles: vec!["public".to_owned()],
        using: Some("(account_id = current_account_id())".to_owned()),
        with_check: None,
    }
    .into()
}
