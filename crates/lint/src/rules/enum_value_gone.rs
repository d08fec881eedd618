//! A value of an enum that running code still uses.

use driftless_catalog::{Object, Tag};
use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::names::Name;
use crate::reading::text;

super::rule! {
    /// ## What it does
    /// Finds a value of an enum that was there before and is renamed, or missing where the type is
    /// made anew.
    ///
    /// ## Why
    /// Code that runs while the migration is deployed reads and writes the old value and fails. Rows
    /// that hold a removed one stop the migration.
    ///
    /// ## What to do
    /// Leave the old value until no code and no row uses it. Add the new one beside it.
    "enum-value-gone", Warning, reads check,
    bad: "ALTER TYPE status RENAME VALUE 'void' TO 'cancelled';",
    good: "ALTER TYPE status ADD VALUE 'cancelled';",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for statement in &file.statements {
        match &statement.tree {
            Some(ast::Stmt::AlterType(it)) => {
                let Some(ast::AlterTypeAction::RenameValue(renamed)) = it.action() else {
                    continue;
                };
                let name = it.type_name_ref().and_then(|it| Name::of(it.syntax()));
                let Some(name) = name else { continue };
                if statement.world.existing(&[Tag::EnumType], &name).is_none() {
                    continue;
                }
                let mut values = renamed.syntax().children().filter_map(ast::Literal::cast);
                let old = values.next().map(|it| text(it.syntax())).unwrap_or_default();
                found.push(
                    Finding::on(
                        statement,
                        renamed.syntax(),
                        format!("code that runs meanwhile reads and writes {old} of {} and fails", name.path()),
                    )
                    .help("add the new value beside it, and leave the old one until nothing uses it"),
                );
            }
            Some(ast::Stmt::CreateType(it)) => {
                let Some(ast::CreateTypeKind::EnumType(values)) = it.kind() else {
                    continue;
                };
                let Some(name) = it.type_name().and_then(|it| Name::of(it.syntax())) else {
                    continue;
                };
                // The type of that name before the file, whatever became of it since.
                let before = file.statements[0].world.existing(&[Tag::EnumType], &name);
                let Some(Object::EnumType(before)) =
                    before.and_then(|id| statement.world.catalog.get(&id))
                else {
                    continue;
                };
                let list = values.variant_list();
                let kept: Vec<String> = list
                    .into_iter()
                    .flat_map(|it| it.variants())
                    .filter_map(|it| it.literal()?.string_value())
                    .collect();
                let gone: Vec<String> = before
                    .labels
                    .iter()
                    .filter(|value| !kept.contains(value))
                    .map(|value| format!("'{value}'"))
                    .collect();
                if !gone.is_empty() {
                    found.push(
                        Finding::on(
                            statement,
                            it.syntax(),
                            format!(
                                "code that runs meanwhile reads and writes {} of {} and fails",
                                gone.join(", "),
                                name.path()
                            ),
                        )
                        .help("leave the value until no code and no row uses it"),
                    );
                }
            }
            _ => {}
        }
    }
}
