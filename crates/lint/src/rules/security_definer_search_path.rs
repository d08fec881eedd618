//! A function with its owner's rights that looks names up where the caller says.

use std::collections::BTreeSet;

use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::names::{Name, word};

super::rule! {
    /// ## What it does
    /// Finds a `SECURITY DEFINER` function or procedure without a `search_path` of its own.
    ///
    /// ## Why
    /// It runs with the rights of its owner and looks up names in the `search_path` of whoever calls
    /// it. A caller puts a table or function of the same name in front, and has the owner's rights.
    ///
    /// ## What to do
    /// Add `SET search_path = ''` and write every name with its schema, or name the schemas and
    /// `pg_temp` last.
    "security-definer-search-path", Error, reads check,
    bad: "CREATE FUNCTION all_emails() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER AS 'SELECT email FROM users';",
    good: "CREATE FUNCTION all_emails() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'SELECT email FROM public.users';",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    let mut open: Vec<(Name, Finding)> = Vec::new();
    for statement in &file.statements {
        let (name, options) = match &statement.tree {
            Some(ast::Stmt::CreateFunction(it)) => (it.name().map(|it| it.syntax().clone()), it.option_list()),
            Some(ast::Stmt::CreateProcedure(it)) => (it.name().map(|it| it.syntax().clone()), it.option_list()),
            Some(ast::Stmt::AlterFunction(it)) => (
                it.function_sig().map(|it| it.syntax().clone()),
                it.action().and_then(|action| match action {
                    ast::AlterFunctionAction::FuncOptionList(options) => Some(options),
                    _ => None,
                }),
            ),
            Some(ast::Stmt::AlterProcedure(it)) => (
                it.procedure_sig().map(|it| it.syntax().clone()),
                it.action().and_then(|action| match action {
                    ast::AlterProcedureAction::FuncOptionList(options) => Some(options),
                    _ => None,
                }),
            ),
            _ => continue,
        };
        let (Some(name), Some(options)) = (name.as_ref().and_then(Name::of), options) else {
            continue;
        };
        let set = set_names(&options);
        if set.contains("search_path") {
            // A later statement of the file may say it.
            open.retain(|(open, _)| *open != name);
            continue;
        }
        let definer = options
            .options()
            .find(|one| matches!(one, ast::FuncOption::SecurityDefinerFuncOption(_)));
        if let Some(definer) = definer {
            let finding = Finding::on(
                statement,
                definer.syntax(),
                format!("whoever may call {} can make it run code with its owner's rights: it has no search_path of its own", name.path()),
            )
            .help("add SET search_path = '' and write every name with its schema");
            open.push((name, finding));
        }
    }
    found.extend(open.into_iter().map(|(_, finding)| finding));
}

fn set_names(options: &ast::FuncOptionList) -> BTreeSet<String> {
    let params = options.options().filter_map(|one| match one {
        ast::FuncOption::SetFuncOption(it) => it.set_config_param(),
        _ => None,
    });
    let names = params.filter_map(|it| it.config_parameter_ref());
    names
        .map(|it| word(&SyntaxNode::clone(it.syntax())))
        .collect()
}
