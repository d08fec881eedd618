//! A plan for people: what changes, what that can do to a database with rows, and the SQL.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use driftless_catalog::{Action, Hazard, HazardKind, Id, Plan, Step};

use crate::style::{Label, Sheet};

/// What changes, an object a line, grouped by the table it belongs to; ends with a newline.
pub fn plan(plan: &Plan, sheet: Sheet) -> String {
    let mut text = String::new();
    for (relation, steps) in groups(&plan.steps) {
        let own: Vec<_> = steps
            .iter()
            .filter(|s| s.object.parent.is_empty())
            .collect();
        let within: Vec<_> = steps
            .iter()
            .filter(|s| !s.object.parent.is_empty())
            .collect();
        if own.is_empty() {
            text += &line(0, Mark::Alter, &format!("table {relation}"), sheet);
        }
        for (object, mark) in merged(&own) {
            text += &line(0, mark, &object.to_string(), sheet);
        }
        for (object, mark) in merged(&within) {
            let name = format!("{} {}", object.kind.noun(), object.name);
            let name = name.trim_end();
            text += &line(1, mark, name, sheet);
        }
    }
    text
}

/// The hazards of a plan, one block a kind, the refused ones first; empty without any.
pub fn hazards(plan: &Plan, allowed: &[HazardKind], sheet: Sheet) -> String {
    let mut kinds: BTreeMap<(Standing, HazardKind), Vec<&Hazard>> = BTreeMap::new();
    for hazard in plan.steps.iter().flat_map(|step| &step.hazards) {
        let standing = match hazard.kind.refuses() {
            true if allowed.contains(&hazard.kind) => Standing::Allowed,
            true => Standing::Refused,
            false => Standing::Noted,
        };
        let sentences = kinds.entry((standing, hazard.kind)).or_default();
        if !sentences.contains(&hazard) {
            sentences.push(hazard);
        }
    }
    let mut text = String::new();
    for ((standing, kind), hazards) in kinds {
        let (label, word) = match standing {
            Standing::Refused => (Label::Error, "refused"),
            Standing::Allowed => (Label::Warning, "allowed"),
            Standing::Noted => (Label::Note, "note"),
        };
        let name = sheet.paint(Label::Name, kind.as_str());
        text += &format!("{} {name}: {}\n", sheet.paint(label, word), about(kind));
        for hazard in hazards {
            text += &format!("    {}\n", hazard.message);
        }
        if standing == Standing::Refused {
            text += &format!("    allow it with --allow {}\n", kind.as_str());
        }
    }
    text
}

/// Every statement, each after a comment for each of its hazards; what is to be completed before one
/// stands before it.
pub fn sql(plan: &Plan, sheet: Sheet) -> String {
    let mut text = String::new();
    for step in &plan.steps {
        if let Some(fill) = &step.backfill {
            text += fill;
            text.push('\n');
        }
        for hazard in &step.hazards {
            let comment = format!("-- {}: {}", hazard.kind.as_str(), hazard.message);
            text += &sheet.paint(Label::Faint, comment);
            text.push('\n');
        }
        text += step.sql.trim_end();
        text.push('\n');
    }
    text
}

/// What a kind of hazard does, without the final period of a help text.
fn about(kind: HazardKind) -> &'static str {
    kind.about().trim().trim_end_matches('.')
}

/// What becomes of a hazard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Refused,
    Allowed,
    Noted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Create,
    Alter,
    Rename,
    Drop,
    Replace,
}

/// Steps by the relation they are about, in order of first appearance.
fn groups(steps: &[Step]) -> Vec<(String, Vec<&Step>)> {
    let mut groups: Vec<(String, Vec<&Step>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for step in steps {
        let key = relation(&step.object);
        if let Some(&place) = places.get(&key) {
            groups[place].1.push(step);
        } else {
            places.insert(key.clone(), groups.len());
            groups.push((key, vec![step]));
        }
    }
    groups
}

fn relation(id: &Id) -> String {
    if id.parent.is_empty() {
        return id.path();
    }
    let mut parent = id.clone();
    parent.name = std::mem::take(&mut parent.parent);
    parent.path()
}

/// One line an object, however many statements it takes.
fn merged<'a>(steps: &[&&'a Step]) -> Vec<(&'a Id, Mark)> {
    let mut seen = BTreeSet::new();
    steps
        .iter()
        .filter(|step| seen.insert(&step.object))
        .map(|first| {
            let actions: Vec<_> = steps
                .iter()
                .filter(|step| step.object == first.object)
                .map(|step| step.action)
                .collect();
            (&first.object, mark(&actions))
        })
        .collect()
}

fn mark(actions: &[Action]) -> Mark {
    let has = |action| actions.contains(&action);
    if has(Action::Drop) && has(Action::Create) {
        Mark::Replace
    } else if has(Action::Create) {
        Mark::Create
    } else if has(Action::Drop) {
        Mark::Drop
    } else if has(Action::Rename) {
        Mark::Rename
    } else {
        Mark::Alter
    }
}

fn line(depth: usize, mark: Mark, what: &str, sheet: Sheet) -> String {
    let (label, symbol, after) = match mark {
        Mark::Create => (Label::Create, '+', ""),
        Mark::Alter => (Label::Alter, '~', ""),
        Mark::Rename => (Label::Rename, '>', " (renamed)"),
        Mark::Drop => (Label::Drop, '-', ""),
        Mark::Replace => (Label::Alter, '~', " (dropped and created again)"),
    };
    let indent = "  ".repeat(depth + 1);
    format!("{indent}{} {what}{after}\n", sheet.paint(label, symbol))
}

#[cfg(test)]
mod tests {
    use super::*;
    use driftless_catalog::kinds::{Column, DataType, Table};
    use driftless_catalog::{Catalog, Decision, Outcome, Spelling};

    fn catalog(columns: &[(&str, &str)]) -> Catalog {
        let mut catalog = Catalog::empty(Spelling::Declared);
        for (at, (table, column)) in columns.iter().enumerate() {
            catalog.insert(Table {
                schema: "public".to_owned(),
                name: (*table).to_owned(),
                row_security: false,
                ..Table::default()
            });
            catalog.insert(Column {
                schema: "public".to_owned(),
                table: (*table).to_owned(),
                name: (*column).to_owned(),
                position: u32::try_from(at).expect("few columns"),
                data_type: DataType::verbatim("text"),
                not_null: false,
                default: None,
                generated: None,
                identity: None,
                ..Column::default()
            });
        }
        catalog
    }

    fn planned() -> Plan {
        let before = catalog(&[("users", "name"), ("users", "age"), ("old", "id")]);
        let after = catalog(&[("users", "title"), ("new", "id")]);
        let decisions = [
            Decision::Rename("users.name".to_owned(), "users.title".to_owned()),
            Decision::Create("new".to_owned()),
        ];
        match driftless_catalog::plan(&before, &after, &decisions) {
            Ok(Outcome::Plan(plan)) => plan,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_plan_is_a_line_an_object_under_its_table() {
        insta::assert_snapshot!(plan(&planned(), Sheet::PLAIN), @r"
        ~ table users
          > column title (renamed)
          - column age
        + table new
        - table old
        ");
    }

    #[test]
    fn what_is_refused_comes_first() {
        insta::assert_snapshot!(hazards(&planned(), &[HazardKind::DropTable], Sheet::PLAIN), @r"
        refused drop-column: A column and its values are dropped
            column users.age and its values are dropped
            allow it with --allow drop-column
        allowed drop-table: A table and its rows are dropped
            table old and its rows are dropped
        ");
    }

    #[test]
    fn sql_is_whole_with_its_hazards() {
        insta::assert_snapshot!(sql(&planned(), Sheet::PLAIN), @r#"
        ALTER TABLE "users" RENAME COLUMN "name" TO "title";
        CREATE TABLE "new" (
        	"id" text
        );
        -- drop-column: column users.age and its values are dropped
        ALTER TABLE "users" DROP COLUMN "age";
        -- drop-table: table old and its rows are dropped
        DROP TABLE "old";
        "#);
    }
}
