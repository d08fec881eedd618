//! What a plan looks like where Postgres cannot judge it: questions, boundaries, refusals.

use driftless_catalog::kinds::{Column, DataType, EnumType, Index, IndexColumn, Object, Table};
use driftless_catalog::{Catalog, Decision, HazardKind, Outcome, Plan, Spelling, plan};

fn catalog(objects: Vec<Object>) -> Catalog {
    let mut catalog = Catalog::empty(Spelling::Declared);
    for object in objects {
        assert!(catalog.insert(object).is_none(), "an object is there twice");
    }
    catalog
}

fn table(name: &str) -> Object {
    Table {
        schema: "public".to_owned(),
        name: name.to_owned(),
        row_security: false,
        ..Table::default()
    }
    .into()
}

fn column(table: &str, name: &str, data_type: &str, default: Option<&str>) -> Object {
    let data_type = match data_type {
        "mood" => DataType::named("public", "mood"),
        other => DataType::verbatim(other),
    };
    Column {
        schema: "public".to_owned(),
        table: table.to_owned(),
        name: name.to_owned(),
        position: 0,
        data_type,
        not_null: false,
        default: default.map(str::to_owned),
        generated: None,
        identity: None,
        ..Column::default()
    }
    .into()
}

fn mood(labels: &[&str]) -> Object {
    EnumType {
        schema: "public".to_owned(),
        name: "mood".to_owned(),
        labels: labels.iter().map(|&label| label.to_owned()).collect(),
    }
    .into()
}

fn index(table: &str, column: &str) -> Object {
    Index {
        schema: "public".to_owned(),
        table: table.to_owned(),
        name: format!("{table}_{column}_index"),
        method: "btree".to_owned(),
        columns: vec![IndexColumn {
            expression: column.to_owned(),
            is_expression: false,
            operator_class: None,
            descending: false,
            nulls: None,
            ..IndexColumn::default()
        }],
        unique: false,
        predicate: None,
        with: std::collections::BTreeMap::new(),
        concurrently: true,
        ..Index::default()
    }
    .into()
}

fn planned(from: &Catalog, to: &Catalog, decisions: &[Decision]) -> Plan {
    match plan(from, to, decisions) {
        Ok(Outcome::Plan(plan)) => plan,
        other => panic!("no plan: {other:?}"),
    }
}

/// Each batch as its statements, after `in a transaction` or `alone`.
fn batches(plan: &Plan) -> String {
    let mut text = String::new();
    for batch in plan.batches() {
        text += if batch.in_transaction {
            "in a transaction\n"
        } else {
            "alone\n"
        };
        for step in &batch.steps {
            text += &format!("  {}\n", step.sql);
        }
    }
    text
}

#[track_caller]
fn asks(from: &Catalog, to: &Catalog, decisions: &[Decision], expected: &str) {
    let Ok(Outcome::Questions(questions)) = plan(from, to, decisions) else {
        panic!("nothing is asked");
    };
    let mut text = String::new();
    for question in questions {
        text += &format!("{} {}\n", question.noun, question.created.path());
        for candidate in question.candidates {
            text += &format!("  {}: {}\n", candidate.dropped.path(), candidate.evidence);
        }
    }
    assert_eq!(text, expected);
}

#[test]
fn a_new_enum_value_commits_before_its_first_use() {
    let from = catalog(vec![
        mood(&["ok"]),
        table("t"),
        column("t", "m", "mood", None),
    ]);
    let to = catalog(vec![
        mood(&["ok", "fine"]),
        table("t"),
        column("t", "m", "mood", Some("'fine'")),
    ]);
    assert_eq!(
        batches(&planned(&from, &to, &[])),
        "in a transaction\n  ALTER TYPE \"public\".\"mood\" ADD VALUE 'fine';\n\
         in a transaction\n  ALTER TABLE \"t\" ALTER COLUMN \"m\" SET DEFAULT 'fine';\n"
    );
}

#[test]
fn concurrently_stands_alone_and_is_pointless_on_a_new_table() {
    let (t, c, i) = (table("t"), column("t", "a", "text", None), index("t", "a"));
    let bare = catalog(vec![t.clone(), c.clone()]);
    let indexed = catalog(vec![t, c, i]);
    assert_eq!(
        batches(&planned(&bare, &indexed, &[])),
        "alone\n  CREATE INDEX CONCURRENTLY \"t_a_index\" ON \"t\" USING btree (\"a\");\n"
    );
    assert_eq!(
        batches(&planned(&catalog(vec![]), &indexed, &[])),
        "in a transaction\n  CREATE TABLE \"t\" (\n\t\"a\" text\n);\n  \
         CREATE INDEX \"t_a_index\" ON \"t\" USING btree (\"a\");\n"
    );
}

#[test]
fn a_rename_is_asked_with_the_most_alike_first() {
    let from = catalog(vec![
        table("t"),
        column("t", "name", "text", None),
        column("t", "age", "integer", None),
    ]);
    let to = catalog(vec![
        table("t"),
        column("t", "full_name", "text", None),
        column("t", "years", "integer", None),
    ]);
    asks(
        &from,
        &to,
        &[],
        "column t.full_name\n  t.name: same definition\n  t.age: differs in data type\n\
         column t.years\n  t.age: same definition\n  t.name: differs in data type\n",
    );
    // One answer leaves one candidate for the other.
    let renamed = Decision::Rename("t.name".to_owned(), "t.full_name".to_owned());
    asks(
        &from,
        &to,
        std::slice::from_ref(&renamed),
        "column t.years\n  t.age: same definition\n",
    );
    let created = Decision::Create("public.t.years".to_owned());
    let plan = planned(&from, &to, &[renamed, created]);
    assert_eq!(
        batches(&plan),
        "in a transaction\n  ALTER TABLE \"t\" RENAME COLUMN \"name\" TO \"full_name\";\n  \
         ALTER TABLE \"t\" ADD COLUMN \"years\" integer;\n  \
         ALTER TABLE \"t\" DROP COLUMN \"age\";\n"
    );
    assert_eq!(
        plan.refused(&[]).into_iter().collect::<Vec<_>>(),
        [HazardKind::DropColumn]
    );
    assert!(plan.refused(&[HazardKind::DropColumn]).is_empty());
}

#[test]
fn tables_are_alike_by_their_columns() {
    let columns = |t: &str| {
        vec![
            table(t),
            column(t, "a", "text", None),
            column(t, "b", "text", None),
        ]
    };
    let mut old = columns("people");
    old.extend([table("logs"), column("logs", "z", "text", None)]);
    asks(
        &catalog(old),
        &catalog(columns("members")),
        &[],
        "table members\n  people: 2 of 2 columns in common\n  logs: 0 of 3 columns in common\n",
    );
}

#[test]
fn an_enum_value_can_be_renamed_and_is_asked() {
    let (from, to) = (
        catalog(vec![mood(&["ok", "sad"])]),
        catalog(vec![mood(&["ok", "blue"])]),
    );
    asks(&from, &to, &[], "enum value mood.blue\n  mood.sad: \n");
    let renamed = Decision::parse_rename("mood.sad=mood.blue").expect("OLD=NEW");
    assert_eq!(
        batches(&planned(&from, &to, &[renamed])),
        "in a transaction\n  ALTER TYPE \"public\".\"mood\" RENAME VALUE 'sad' TO 'blue';\n"
    );
}

#[test]
fn decisions_that_fit_nothing_come_back() {
    let same = catalog(vec![table("t")]);
    let decisions = [Decision::Rename("x".to_owned(), "y".to_owned())];
    assert_eq!(planned(&same, &same, &decisions).unused, decisions);
}

#[test]
fn two_hands_are_never_compared() {
    let declared = Catalog::empty(Spelling::Declared);
    let read = Catalog::empty(Spelling::Postgres { major: 15 });
    let failure = plan(&declared, &read, &[]).expect_err("refused");
    assert_eq!(
        failure.to_string(),
        "two schemas spelled by different hands cannot be compared"
    );
}
