//! NOT NULL that reads every row.

use std::collections::BTreeSet;

use driftless_catalog::{Id, Object, Tag, identifiers};
use squawk_syntax::ast::{self, AstNode};

use crate::file::{Earlier, File};
use crate::finding::Finding;
use crate::names::word;
use crate::reading::{alterations, waiting};

super::rule! {
    /// ## What it does
    /// Finds `SET NOT NULL` on a column that no valid check constraint shows to hold no NULL.
    ///
    /// ## Why
    /// Every row is read, and meanwhile nobody reads or writes the table. One NULL stops the
    /// migration.
    ///
    /// ## What to do
    /// Add `CHECK (column IS NOT NULL) NOT VALID`, validate it in a later migration, and set
    /// `NOT NULL` after that: Postgres then takes the constraint's word for it, which can be
    /// dropped again. `driftless generate --online` writes all of it.
    "set-not-null", Warning, reads check,
    bad: "ALTER TABLE users ALTER COLUMN email SET NOT NULL;",
    good: "ALTER TABLE users ADD CONSTRAINT email_there CHECK (email IS NOT NULL) NOT VALID;\n-- next migration\nALTER TABLE users VALIDATE CONSTRAINT email_there;\n-- next migration\nALTER TABLE users ALTER COLUMN email SET NOT NULL;\nALTER TABLE users DROP CONSTRAINT email_there;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    let (mut validated, mut dropped) = (BTreeSet::new(), BTreeSet::new());
    for alteration in alterations(file) {
        let (statement, table) = (alteration.statement, &alteration.table);
        let it = match &alteration.action {
            ast::AlterTableAction::ValidateConstraint(it) => {
                let name = it.constraint_name_ref().map(|it| word(it.syntax()));
                validated.extend(name.map(|name| (table.clone(), name)));
                continue;
            }
            ast::AlterTableAction::DropConstraint(it) => {
                let name = it.constraint_name_ref().map(|it| word(it.syntax()));
                dropped.extend(name.map(|name| (table.clone(), name)));
                continue;
            }
            ast::AlterTableAction::AlterColumn(it) => it,
            _ => continue,
        };
        let (Some(ast::AlterColumnOption::SetNotNull(_)), Some(column)) =
            (it.option(), it.column_name_ref())
        else {
            continue;
        };
        let column = word(column.syntax());
        if !statement.world.has_column(table, &column) {
            continue;
        }
        let catalog = statement.world.catalog;
        let read = || {
            is_checked(catalog, table, &column, &validated, &dropped)
                || was_checked(file.earlier, table, &column)
        };
        let proven = statement.scans(table).map_or_else(read, |scans| !scans);
        if proven {
            continue;
        }
        let name = &alteration.name;
        let finding = waiting(
            statement,
            (table, name),
            it.syntax(),
            &format!("every row is read for a NULL in {column}"),
            &format!("no checked constraint shows that {name}.{column} holds no NULL"),
        );
        found.extend(finding.map(|finding| {
            finding.help(format!(
                "add CHECK ({column} IS NOT NULL) NOT VALID, validate it in a later migration, then SET NOT NULL; `driftless generate --online` writes all of it"
            ))
        }));
    }
}

/// Whether a valid check constraint says that a column is not NULL.
fn is_checked(
    catalog: &driftless_catalog::Catalog,
    table: &Id,
    column: &str,
    validated: &BTreeSet<(Id, String)>,
    dropped: &BTreeSet<(Id, String)>,
) -> bool {
    let checks = catalog.belonging(Tag::Check, &table.schema, &table.name);
    checks.into_iter().any(|object| {
        let Object::Check(check) = object else {
            return false;
        };
        let key = (table.clone(), check.name.clone());
        let valid = !check.not_enforced
            && !dropped.contains(&key)
            && (!check.not_valid || validated.contains(&key));
        valid && says_not_null(&check.expression, column)
    })
}

/// The same of a constraint that earlier scripts added and validated.
fn was_checked(earlier: &Earlier, table: &Id, column: &str) -> bool {
    earlier.checks.iter().any(|(key, expression)| {
        key.0 == *table && earlier.validated.contains(key) && says_not_null(expression, column)
    })
}

/// `(column IS NOT NULL)`, and nothing else.
fn says_not_null(expression: &str, column: &str) -> bool {
    let (mentions, _) = identifiers(expression);
    let names: Vec<&str> = mentions.iter().map(|one| one.name.as_str()).collect();
    names.ends_with(&[column, "is", "not", "null"]) && names.len() <= 6
}
