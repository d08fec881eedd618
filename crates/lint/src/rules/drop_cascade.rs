//! What else a DROP takes along.

use std::collections::BTreeSet;

use driftless_catalog::{Catalog, Id, Tag};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

use crate::file::{File, Statement};
use crate::finding::Finding;
use crate::names::{Name, word};
use crate::reading::{alterations, text};

super::rule! {
    /// ## What it does
    /// Finds `DROP … CASCADE`, and names what is known to go along.
    ///
    /// ## Why
    /// Whatever needs the object is dropped as well, without a word: views, foreign keys, and the
    /// policies that keep tenants apart. What that is differs from database to database.
    ///
    /// ## What to do
    /// Drop each thing by its name. A statement without `CASCADE` says what is in its way.
    "drop-cascade", Error, reads check,
    bad: "DROP FUNCTION current_account_id() CASCADE;",
    good: "DROP POLICY own ON users;\nCREATE POLICY own ON users USING (account_id = 1);\nDROP FUNCTION current_account_id();",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for statement in &file.statements {
        let Some(tree) = &statement.tree else { continue };
        let node = tree.syntax();
        let Some(cascade) = node.children().find_map(ast::Cascade::cast) else {
            continue;
        };
        let what = text(node);
        if !what.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("drop ")) {
            continue;
        }
        let dropped = objects(statement, node);
        found.push(finding(statement, cascade.syntax(), &dropped, &what));
    }
    for alteration in alterations(file) {
        let (behavior, dropped) = match &alteration.action {
            ast::AlterTableAction::DropColumn(it) => (it.drop_behavior(), it.column_name_ref().map(|it| word(it.syntax()))),
            ast::AlterTableAction::DropConstraint(it) => (it.drop_behavior(), it.constraint_name_ref().map(|it| word(it.syntax()))),
            _ => continue,
        };
        let (Some(ast::DropBehavior::Cascade(cascade)), Some(dropped)) = (behavior, dropped) else {
            continue;
        };
        let table = &alteration.table;
        let catalog = alteration.statement.world.catalog;
        let own = catalog.objects().map(|(id, _)| id).filter(|id| {
            id.schema == table.schema && id.parent == table.name && id.name == dropped && id.on.is_none()
        });
        let own: Vec<Id> = own.cloned().collect();
        let what = text(alteration.action.syntax());
        found.push(finding(alteration.statement, cascade.syntax(), &own, &what));
    }
}

fn finding(statement: &Statement<'_>, node: &SyntaxNode, dropped: &[Id], what: &str) -> Finding {
    const SHOWN: usize = 8;
    let along = dependents(statement.world.catalog, dropped);
    let mut names: Vec<String> = along.iter().take(SHOWN).map(ToString::to_string).collect();
    if along.len() > SHOWN {
        names.push(format!("{} more", along.len() - SHOWN));
    }
    let message = if names.is_empty() {
        format!("whatever needs it is dropped as well: {what}")
    } else {
        format!("{} is dropped as well: {what}", names.join(", "))
    };
    Finding::on(statement, node, message)
        .help("drop each thing by its name, without CASCADE")
}

/// Whose sequence it is goes with the column, and the sequence too.
fn is_owner(id: &Id) -> bool {
    id.kind == Tag::SequenceOwner
}

/// The objects that a statement names.
fn objects(statement: &Statement<'_>, node: &SyntaxNode) -> Vec<Id> {
    let names: Vec<Name> = node
        .descendants()
        .filter(|node| ast::PathRef::can_cast(node.kind()))
        .filter_map(|node| Name::of(&node))
        .collect();
    let named = |id: &Id| {
        let bare = id.name.split('(').next().unwrap_or_default();
        id.parent.is_empty()
            && id.on.is_none()
            && names.iter().any(|name| {
                let schema = name.schema.as_deref();
                name.name == bare && schema.is_none_or(|schema| schema == id.schema)
            })
    };
    let objects = statement.world.catalog.objects();
    objects.map(|(id, _)| id).filter(|id| named(id)).cloned().collect()
}

/// What needs any of them, however far: not what belongs to them anyway.
fn dependents(catalog: &Catalog, dropped: &[Id]) -> Vec<Id> {
    let mut gone: BTreeSet<Id> = dropped.iter().cloned().collect();
    let mut along = Vec::new();
    loop {
        let before = gone.len();
        for (id, object) in catalog.objects() {
            if gone.contains(id) {
                continue;
            }
            let belongs = object.parent().is_some_and(|parent| gone.contains(&parent));
            let attached = id.on.is_some_and(|on| {
                gone.contains(&Id {
                    kind: on,
                    on: None,
                    ..id.clone()
                })
            });
            let needs = || catalog.needs_of(id, object).iter().any(|need| gone.contains(need));
            if belongs || attached {
                gone.insert(id.clone());
            } else if needs() {
                gone.insert(id.clone());
                // An owner or a comment is nothing that anybody would miss.
                along.extend(id.on.is_none().then(|| id.clone()).filter(|id| !is_owner(id)));
            }
        }
        if gone.len() == before {
            return along;
        }
    }
}
