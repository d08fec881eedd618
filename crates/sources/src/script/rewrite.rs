//! What is changed in a stripped file: specifiers become the names of modules, whole-module
//! imports of what is not a real module bind the one value that it has, and tests of unset
//! environment variables see `undefined`.

use super::resolve::{Resolver, Target};
use super::strip::{self, Import, ImportKind, Stripped};
use super::unresolved;
use camino::Utf8Path;
use driftless_diagnostic::SourceFile;
use oxc::allocator::{Allocator, FromIn};
use oxc::ast::ast::{
    Argument, CallExpression, ConditionalExpression, Declaration, Expression, IfStatement,
    ImportDeclarationSpecifier, ImportExpression, ImportOrExportKind, LogicalExpression,
    ModuleExportName, Program, Statement, StringLiteral, UnaryOperator,
};
use oxc::ast::builder::AstBuilder;
use oxc::ast_visit::{VisitMut, walk_mut};
use oxc::span::{GetSpan, SPAN, Span};
use oxc::str::Str;
use std::collections::BTreeSet;
use std::ops::Range;

/// The export that holds the whole of a module that is one value: a stand-in, JSON, CommonJS.
pub(super) const WHOLE: &str = "__driftless_whole";
/// `process.env` where an unset variable is `undefined` rather than a stand-in.
const PLAIN_ENV: &str = "__driftless_env";

/// Rewrites a program after its types are gone, and notes what it imports.
pub(super) fn program<'a>(
    allocator: &'a Allocator,
    program: &mut Program<'a>,
    path: &Utf8Path,
    resolver: &Resolver,
    source: &SourceFile,
    out: &mut Stripped,
) {
    let mut rewriter = Rewriter {
        allocator,
        path,
        resolver,
        source,
        out,
    };
    let text = program.source_text;
    if text.contains("process.env") || text.contains("require") || text.contains("import(") {
        rewriter.visit_program(program);
    }
    for statement in &mut program.body {
        rewriter.statement(statement);
    }
}

/// Every name that is exported where it is declared.
pub(super) fn declared(program: &Program<'_>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for statement in &program.body {
        let Statement::ExportDeclaration(export) = statement else {
            continue;
        };
        if let Declaration::VariableDeclaration(variables) = &export.declaration {
            for declarator in &variables.declarations {
                for id in declarator.id.get_binding_identifiers() {
                    names.insert(id.name.to_string());
                }
            }
        } else if let Some(id) = export.declaration.id() {
            names.insert(id.name.to_string());
        }
    }
    names
}

/// Every name that a program exports, types included as long as they are there.
pub(super) fn exported(program: &Program<'_>) -> BTreeSet<String> {
    let mut names = declared(program);
    for statement in &program.body {
        match statement {
            Statement::ExportNamedDeclaration(export) => {
                names.extend(
                    export
                        .specifiers
                        .iter()
                        .map(|s| s.exported.name().to_string()),
                );
            }
            Statement::ExportFromDeclaration(export) => {
                names.extend(
                    export
                        .specifiers
                        .iter()
                        .map(|s| s.exported.name().to_string()),
                );
            }
            Statement::ExportAllDeclaration(export) => {
                names.extend(export.exported.iter().map(|name| name.name().to_string()));
            }
            Statement::ExportDefaultDeclaration(_) => {
                names.insert("default".to_owned());
            }
            _ => {}
        }
    }
    names
}

struct Rewriter<'a, 'r> {
    allocator: &'a Allocator,
    path: &'r Utf8Path,
    resolver: &'r Resolver,
    source: &'r SourceFile,
    out: &'r mut Stripped,
}

impl<'a> Rewriter<'a, '_> {
    /// Resolves the specifiers of one statement.
    fn statement(&mut self, statement: &mut Statement<'a>) {
        match statement {
            Statement::ImportDeclaration(import) => {
                let mut names = Vec::new();
                let mut whole = None;
                for (at, specifier) in import.specifiers.iter().flatten().enumerate() {
                    match specifier {
                        ImportDeclarationSpecifier::ImportSpecifier(s) => {
                            names.push((s.imported.name().to_string(), range(s.imported.span())));
                        }
                        ImportDeclarationSpecifier::ImportDefaultSpecifier(s) => {
                            names.push(("default".to_owned(), range(s.span)));
                        }
                        ImportDeclarationSpecifier::ImportNamespaceSpecifier(_) => whole = Some(at),
                    }
                }
                // An attribute (`with { type: "json" }`) says nothing that we do not know.
                import.with_clause = None;
                let target = self.take(&mut import.source, names, false, false);
                if let Some(at) = whole.filter(|_| target.as_ref().is_some_and(is_one_value))
                    && let Some(specifiers) = &mut import.specifiers
                {
                    self.bind_whole(&mut specifiers[at]);
                }
            }
            Statement::ExportFromDeclaration(export) => {
                let names = export
                    .specifiers
                    .iter()
                    .map(|s| (s.local.name().to_string(), range(s.local.span())))
                    .collect();
                export.with_clause = None;
                self.take(&mut export.source, names, false, true);
            }
            Statement::ExportAllDeclaration(export) => {
                export.with_clause = None;
                let star = export.exported.is_none();
                let target = self.take(&mut export.source, Vec::new(), star, true);
                if star || !target.as_ref().is_some_and(is_one_value) {
                    return;
                }
                self.export_whole(statement);
            }
            _ => {}
        }
    }

    /// Notes an import and gives its specifier the name of the module.
    fn take(
        &mut self,
        source: &mut StringLiteral<'a>,
        names: Vec<(String, Range<usize>)>,
        star: bool,
        again: bool,
    ) -> Option<Target> {
        let specifier = source.value.to_string();
        let span = range(source.span);
        let target = match self.resolver.resolve(self.path, &specifier) {
            Ok(target) => Some(target),
            Err(miss) => {
                self.out.problems.push(unresolved::diagnostic(
                    self.source,
                    span.clone(),
                    &specifier,
                    &miss,
                    self.resolver,
                ));
                None
            }
        };
        if let Some(target) = &target {
            self.rename(source, &target.id());
        }
        self.out.imports.push(Import {
            kind: ImportKind::Static,
            specifier,
            target: target.clone(),
            span,
            names,
            star,
            again,
        });
        target
    }

    fn rename(&self, literal: &mut StringLiteral<'a>, id: &str) {
        literal.value = Str::from_in(id, self.allocator);
        literal.raw = None;
    }

    /// `import * as z` as `import { __driftless_whole as z }`.
    fn bind_whole(&self, specifier: &mut ImportDeclarationSpecifier<'a>) {
        let ImportDeclarationSpecifier::ImportNamespaceSpecifier(namespace) = &*specifier else {
            return;
        };
        let builder = AstBuilder::new(self.allocator);
        *specifier = ImportDeclarationSpecifier::new_import_specifier(
            namespace.span,
            ModuleExportName::new_identifier_name(SPAN, WHOLE, &builder),
            namespace.local.clone(),
            ImportOrExportKind::Value,
            &builder,
        );
    }

    /// `export * as z from` as `export { __driftless_whole as z } from`.
    fn export_whole(&self, statement: &mut Statement<'a>) {
        let Statement::ExportAllDeclaration(all) = &*statement else {
            return;
        };
        let Some(exported) = all.exported.clone() else {
            return;
        };
        let builder = AstBuilder::new(self.allocator);
        let specifier = oxc::ast::ast::ExportSpecifier::new(
            all.span,
            ModuleExportName::new_identifier_name(SPAN, WHOLE, &builder),
            exported,
            ImportOrExportKind::Value,
            &builder,
        );
        *statement = Statement::new_export_from_declaration(
            all.span,
            [specifier],
            all.source.clone(),
            ImportOrExportKind::Value,
            None,
            &builder,
        );
    }

    /// A specifier inside an expression: resolved now if it can be, else when it is reached.
    fn lazily(&mut self, literal: &mut StringLiteral<'a>, kind: ImportKind) {
        let specifier = literal.value.to_string();
        let Ok(target) = self.resolver.resolve(self.path, &specifier) else {
            return;
        };
        self.rename(literal, &target.id());
        self.out.imports.push(Import {
            kind,
            specifier,
            target: Some(target),
            span: range(literal.span),
            names: Vec::new(),
            star: false,
            again: false,
        });
    }
}

impl<'a> VisitMut<'a> for Rewriter<'a, '_> {
    fn visit_import_expression(&mut self, it: &mut ImportExpression<'a>) {
        if let Expression::StringLiteral(literal) = &mut it.source {
            self.lazily(literal, ImportKind::Lazy);
            it.options = None;
        }
        walk_mut::walk_import_expression(self, it);
    }

    fn visit_call_expression(&mut self, it: &mut CallExpression<'a>) {
        let requires = matches!(&it.callee, Expression::Identifier(id) if id.name == "require");
        if let (true, [Argument::StringLiteral(literal)]) = (requires, it.arguments.as_mut_slice())
        {
            self.lazily(literal, ImportKind::Required);
        }
        walk_mut::walk_call_expression(self, it);
    }

    // `process.env.X ?? y`, `process.env.X ? y : z`: a test decides by whether X is set, while
    // the value itself, and `if (!process.env.X) throw`, get a stand-in that carries the name.

    fn visit_logical_expression(&mut self, it: &mut LogicalExpression<'a>) {
        plain(&mut it.left);
        walk_mut::walk_logical_expression(self, it);
    }

    fn visit_conditional_expression(&mut self, it: &mut ConditionalExpression<'a>) {
        test(&mut it.test, false);
        walk_mut::walk_conditional_expression(self, it);
    }

    fn visit_if_statement(&mut self, it: &mut IfStatement<'a>) {
        test(&mut it.test, gives_up(&it.consequent));
        walk_mut::walk_if_statement(self, it);
    }
}

/// Makes a test see whether a variable is set; a guard must not see that it is not.
fn test(expression: &mut Expression<'_>, guard: bool) {
    match expression {
        Expression::UnaryExpression(not) if not.operator == UnaryOperator::LogicalNot => {
            if !guard {
                test(&mut not.argument, guard);
            }
        }
        Expression::LogicalExpression(logical) => {
            test(&mut logical.left, guard);
            test(&mut logical.right, guard);
        }
        other => plain(other),
    }
}

/// Makes `process.env.X` read the plain environment.
fn plain(expression: &mut Expression<'_>) {
    let object = match expression {
        Expression::StaticMemberExpression(member) => &mut member.object,
        Expression::ComputedMemberExpression(member) => &mut member.object,
        _ => return,
    };
    if let Expression::StaticMemberExpression(env) = object {
        let process = matches!(&env.object, Expression::Identifier(id) if id.name == "process");
        if process && env.property.name == "env" {
            env.property.name = PLAIN_ENV.into();
        }
    }
}

/// Whether a statement ends the program: the guard of a variable that has to be set.
fn gives_up(statement: &Statement<'_>) -> bool {
    match statement {
        Statement::ThrowStatement(_) => true,
        Statement::BlockStatement(block) => block.body.iter().any(gives_up),
        Statement::ExpressionStatement(expression) => {
            let Expression::CallExpression(call) = &expression.expression else {
                return false;
            };
            matches!(&call.callee, Expression::StaticMemberExpression(member)
                if member.property.name == "exit"
                    && matches!(&member.object, Expression::Identifier(id) if id.name == "process"))
        }
        _ => false,
    }
}

/// Whether a target is one value rather than a module with exports.
fn is_one_value(target: &Target) -> bool {
    match target {
        Target::Stub(_) => true,
        Target::File(path) => path.extension() == Some("json") || strip::is_commonjs(path),
        Target::Served(_) | Target::Types => false,
    }
}

fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}
