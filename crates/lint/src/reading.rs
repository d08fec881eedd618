//! What rules ask of a statement: the tables that it alters, the settings that it changes.

use driftless_catalog::Id;
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

use crate::file::{Blocks, File, Statement};
use crate::finding::Finding;
use crate::names::{Name, word};

/// One action of `ALTER TABLE` on a table that was there before.
pub(crate) struct Alteration<'f, 'a> {
    pub(crate) statement: &'f Statement<'a>,
    /// The table before the file.
    pub(crate) table: Id,
    /// Its name now, for people.
    pub(crate) name: String,
    pub(crate) action: ast::AlterTableAction,
}

/// Every action on tables and materialized views that were there before the file.
pub(crate) fn alterations<'f, 'a>(file: &'f File<'a>) -> Vec<Alteration<'f, 'a>> {
    let mut all = Vec::new();
    for statement in &file.statements {
        let Some(altered) = statement.altered.get_or_init(|| Altered::by(statement)) else {
            continue;
        };
        all.extend(altered.actions.iter().map(|action| Alteration {
            statement,
            table: altered.table.clone(),
            name: altered.name.clone(),
            action: action.clone(),
        }));
    }
    all
}

/// A table that was there before the file, and what a statement does to it. Most rules ask.
pub(crate) struct Altered {
    table: Id,
    name: String,
    actions: Vec<ast::AlterTableAction>,
}

impl Altered {
    fn by(statement: &Statement<'_>) -> Option<Self> {
        let (name, actions) = actions(statement.tree.as_ref()?)?;
        Some(Self {
            table: statement.world.table(&name)?,
            name: name.path(),
            actions,
        })
    }
}

fn actions(tree: &ast::Stmt) -> Option<(Name, Vec<ast::AlterTableAction>)> {
    match tree {
        ast::Stmt::AlterTable(it) => {
            let name = Name::of(it.table_relation_name()?.syntax())?;
            Some((name, it.actions().collect()))
        }
        ast::Stmt::AlterMaterializedView(it) => {
            let name = Name::of(it.view_ref()?.syntax())?;
            let actions = it.action().filter_map(|action| match action {
                ast::AlterMaterializedViewAction::AlterTableAction(action) => Some(action),
                _ => None,
            });
            Some((name, actions.collect()))
        }
        _ => None,
    }
}

/// A constraint that is added to a table that was there before, in `ADD CONSTRAINT` or with a new
/// column.
pub(crate) struct Added<'f, 'a> {
    pub(crate) to: Alteration<'f, 'a>,
    /// The column, where it comes with one.
    pub(crate) column: Option<ast::AddColumn>,
    pub(crate) constraint: ast::Constraint,
}

/// Every constraint that is added.
pub(crate) fn added_constraints<'f, 'a>(file: &'f File<'a>) -> Vec<Added<'f, 'a>> {
    let mut all = Vec::new();
    for alteration in alterations(file) {
        let (column, constraints) = match &alteration.action {
            ast::AlterTableAction::AddConstraint(it) => {
                (None, it.constraint().into_iter().collect())
            }
            ast::AlterTableAction::AddColumn(it) => {
                (Some(it.clone()), it.constraints().collect::<Vec<_>>())
            }
            _ => continue,
        };
        for constraint in constraints {
            all.push(Added {
                to: Alteration {
                    statement: alteration.statement,
                    table: alteration.table.clone(),
                    name: alteration.name.clone(),
                    action: alteration.action.clone(),
                },
                column: column.clone(),
                constraint,
            });
        }
    }
    all
}

impl Added<'_, '_> {
    /// ` users_total` where it has a name, for the middle of a sentence.
    pub(crate) fn named(&self) -> String {
        let clause = self
            .constraint
            .syntax()
            .children()
            .find_map(ast::ConstraintNameClause::cast);
        let name = clause.and_then(|it| it.constraint_name());
        name.map_or_else(String::new, |name| format!(" {}", word(name.syntax())))
    }

    /// Whether it is not looked at for the rows that are there.
    pub(crate) fn is_unchecked(&self) -> bool {
        self.constraint.is_not_valid()
            || self
                .constraint
                .constraint_options()
                .any(|option| matches!(option, ast::ConstraintOption::NotEnforced(_)))
    }
}

/// The checks that a script adds, with their expressions, and the constraints that it validates.
#[expect(clippy::type_complexity, reason = "a pair of lists")]
pub(crate) fn checks(file: &File<'_>) -> (Vec<((Id, String), String)>, Vec<(Id, String)>) {
    let (mut added, mut validated) = (Vec::new(), Vec::new());
    for alteration in alterations(file) {
        let table = alteration.table;
        match &alteration.action {
            ast::AlterTableAction::AddConstraint(it) => {
                if let Some(ast::Constraint::CheckConstraint(check)) = it.constraint()
                    && let Some(clause) = check.constraint_name_clause()
                    && let Some(name) = clause.constraint_name()
                    && let Some(expression) = check.expr()
                {
                    let key = (table, word(name.syntax()));
                    added.push((key, text(expression.syntax())));
                }
            }
            ast::AlterTableAction::ValidateConstraint(it) => {
                let name = it.constraint_name_ref().map(|it| word(it.syntax()));
                validated.extend(name.map(|name| (table, name)));
            }
            _ => {}
        }
    }
    (added, validated)
}

/// A setting that a statement changes for itself and what follows: name, and value as text;
/// nothing where it goes back to its default.
pub(crate) fn settings(statement: &Statement<'_>) -> Vec<(String, Option<String>, SyntaxNode)> {
    let mut all = Vec::new();
    match &statement.tree {
        Some(ast::Stmt::Set(it)) => {
            if let Some(ast::SetTarget::SetConfig(config)) = it.set_target()
                && let Some(name) = config.config_parameter_ref()
            {
                let value = config.config_assignment().and_then(|it| assigned(&it));
                all.push((word(name.syntax()), value, it.syntax().clone()));
            }
        }
        Some(ast::Stmt::Reset(it)) => match it.reset_target() {
            Some(ast::ResetTarget::ConfigParameterRef(name)) => {
                all.push((word(name.syntax()), None, it.syntax().clone()));
            }
            Some(ast::ResetTarget::All(_)) => {
                all.push(("all".to_owned(), None, it.syntax().clone()));
            }
            _ => {}
        },
        Some(tree) if mentions(statement.sql, "set_config") => {
            let calls = tree.syntax().descendants().filter_map(ast::CallExpr::cast);
            for call in calls {
                let function = call.expr().and_then(|it| Name::of(it.syntax()));
                if function.is_none_or(|name| name.name != "set_config") {
                    continue;
                }
                let args = call.arg_list().into_iter().flat_map(|it| it.args());
                let texts: Vec<Option<String>> = args
                    .map(|arg| match arg.expr() {
                        Some(ast::Expr::Literal(it)) => it.string_value(),
                        _ => None,
                    })
                    .collect();
                if let [Some(name), value, ..] = texts.as_slice() {
                    all.push((name.to_lowercase(), value.clone(), call.syntax().clone()));
                }
            }
        }
        _ => {}
    }
    all
}

/// Whether it is worth looking for a word in a statement's tree.
fn mentions(sql: &str, word: &str) -> bool {
    let mut windows = sql.as_bytes().windows(word.len());
    windows.any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

pub(crate) fn assigned(assignment: &ast::ConfigAssignment) -> Option<String> {
    let ast::ConfigAssignment::ToConfigValue(value) = assignment else {
        return None;
    };
    if value.default_token().is_some() {
        return None;
    }
    let values = value.config_values().map(|one| match &one {
        // The value of a number is none.
        ast::ConfigValue::Literal(it) => it
            .string_value()
            .filter(|value| !value.is_empty())
            .unwrap_or_else(|| text(one.syntax())),
        _ => text(one.syntax()),
    });
    Some(values.collect::<Vec<_>>().join(", "))
}

/// A node's text on one line.
pub(crate) fn text(node: &SyntaxNode) -> String {
    let text = node.text().to_string();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A finding about a lock: with what was measured, or with what is only read.
///
/// `during` continues "nobody reads or writes users while"; `plain` says what the statement is
/// without a claim. Nothing where it was measured and nobody waits.
pub(crate) fn waiting(
    statement: &Statement<'_>,
    table: (&Id, &str),
    node: &SyntaxNode,
    during: &str,
    plain: &str,
) -> Option<Finding> {
    let (table, name) = table;
    match statement.blocks(table) {
        Some(Blocks::Nobody) => None,
        Some(blocks) => Some(Finding::on(
            statement,
            node,
            format!("{} while {during}", blocks.words(name)),
        )),
        None => Some(
            Finding::on(statement, node, plain).note("not measured: who waits for it meanwhile"),
        ),
    }
}
