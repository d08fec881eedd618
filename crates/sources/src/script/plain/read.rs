//! One file's statements, if all of them only declare.
//!
//! Every value in the file is either understood or one that does not run while the schema is read
//! (the body of a `$defaultFn`). Whatever is neither makes the file one that has to be run.

use super::draft::{Binding, File, Import};
use super::literal::{arguments, string, strings};
use oxc::ast::ast::{
    Argument, ArrayExpressionElement, ArrowFunctionBody, ArrowFunctionExpression, BindingPattern,
    CallExpression, Declaration, Expression, ImportDeclaration, ImportDeclarationSpecifier,
    ObjectPropertyKind, Program, Statement, VariableDeclaration,
};
use std::collections::{BTreeSet, HashSet};

const ORM: &str = "drizzle-orm";
const PG_CORE: &str = "drizzle-orm/pg-core";

/// Names that mean something to how files are loaded.
const LOADING: [&str; 6] = [
    "require",
    "module",
    "exports",
    "__dirname",
    "__filename",
    "process",
];

/// A file while it is read.
pub(super) struct Reader<'s> {
    pub(super) file: File,
    /// Names of types and values: one that comes twice is for the compiler to judge.
    names: HashSet<&'s str>,
}

/// What the file declares; nothing where it has to be run to know.
pub(super) fn file(program: &Program<'_>) -> Option<File> {
    let mut reader = Reader {
        file: File::default(),
        names: HashSet::new(),
    };
    if !program.directives.is_empty() || program.hashbang.is_some() {
        return None;
    }
    // Imports count wherever they stand.
    let mut specifiers: Vec<(String, Vec<String>)> = Vec::new();
    for statement in &program.body {
        match statement {
            Statement::ImportDeclaration(import) => {
                specifiers.push(reader.import(import)?);
            }
            Statement::ExportAllDeclaration(all) => {
                if all.exported.is_some() || all.with_clause.is_some() {
                    return None;
                }
                if all.export_kind.is_value() {
                    let specifier = all.source.value.to_string();
                    reader.file.stars.push(specifier.clone());
                    specifiers.push((specifier, Vec::new()));
                }
            }
            _ => {}
        }
    }
    for statement in &program.body {
        reader.statement(statement)?;
    }
    let Reader { mut file, .. } = reader;
    for (specifier, locals) in specifiers {
        let used = |local: &String| file.imports.get(local).is_some_and(|import| import.used);
        if locals.is_empty() || locals.iter().any(used) {
            file.loads.push(specifier);
        }
    }
    file.imports.retain(|_, import| import.used);
    Some(file)
}

impl<'s> Reader<'s> {
    fn declare(&mut self, name: &'s str) -> Option<()> {
        self.names.insert(name).then_some(())
    }

    /// The name that a local name was imported by from Drizzle.
    pub(super) fn served(&mut self, local: &str) -> Option<&str> {
        let import = self.file.imports.get_mut(local)?;
        if import.specifier != ORM && import.specifier != PG_CORE {
            return None;
        }
        import.used = true;
        Some(&import.name)
    }

    /// Notes that a name is used for its value.
    pub(super) fn used(&mut self, local: &str) -> String {
        if let Some(import) = self.file.imports.get_mut(local) {
            import.used = true;
        }
        local.to_owned()
    }

    /// The same while the file runs: a name of this file must have its value by then.
    pub(super) fn used_at_once(&mut self, local: &str) -> Option<String> {
        if let Some(import) = self.file.imports.get_mut(local) {
            import.used = true;
            self.file.eager.push(local.to_owned());
        } else if !self.file.bindings.contains_key(local) {
            return None;
        }
        Some(local.to_owned())
    }

    fn import(&mut self, import: &'s ImportDeclaration<'_>) -> Option<(String, Vec<String>)> {
        let specifier = import.source.value.to_string();
        let mut locals = Vec::new();
        if import.with_clause.is_some() || import.phase.is_some() {
            return None;
        }
        // Without names it is loaded for what it does.
        for one in import.specifiers.as_ref()? {
            let ImportDeclarationSpecifier::ImportSpecifier(one) = one else {
                return None;
            };
            self.declare(one.local.name.as_str())?;
            let local = one.local.name.to_string();
            if import.import_kind.is_type() || one.import_kind.is_type() {
                continue;
            }
            let of = Import {
                specifier: specifier.clone(),
                name: one.imported.name().to_string(),
                used: false,
            };
            self.file.imports.insert(local.clone(), of);
            locals.push(local);
        }
        // One that imports no value is loaded as little as one that uses none.
        if locals.is_empty() {
            locals.push(String::new());
        }
        Some((specifier, locals))
    }

    fn statement(&mut self, statement: &'s Statement<'_>) -> Option<()> {
        match statement {
            Statement::ImportDeclaration(_)
            | Statement::ExportAllDeclaration(_)
            | Statement::EmptyStatement(_) => Some(()),
            Statement::ExportNamedDeclaration(export) => {
                if export.export_kind.is_type() {
                    return Some(());
                }
                for one in &export.specifiers {
                    if one.export_kind.is_type() {
                        continue;
                    }
                    let local = self.used(one.local.name().as_str());
                    let exported = one.exported.name().to_string();
                    self.file.exports.push((exported, local));
                }
                Some(())
            }
            Statement::ExportDeclaration(export) => self.declaration(&export.declaration, true),
            Statement::VariableDeclaration(variables) => self.variables(variables, false),
            Statement::TSTypeAliasDeclaration(alias) => self.declare(alias.id.name.as_str()),
            Statement::TSInterfaceDeclaration(interface) => {
                self.declare(interface.id.name.as_str())
            }
            _ => None,
        }
    }

    fn declaration(&mut self, declaration: &'s Declaration<'_>, exported: bool) -> Option<()> {
        match declaration {
            Declaration::VariableDeclaration(variables) => self.variables(variables, exported),
            Declaration::TSTypeAliasDeclaration(alias) => self.declare(alias.id.name.as_str()),
            Declaration::TSInterfaceDeclaration(interface) => {
                self.declare(interface.id.name.as_str())
            }
            _ => None,
        }
    }

    fn variables(&mut self, variables: &'s VariableDeclaration<'_>, exported: bool) -> Option<()> {
        if !variables.kind.is_const() || variables.declare {
            return None;
        }
        for declarator in &variables.declarations {
            let BindingPattern::BindingIdentifier(id) = &declarator.id else {
                return None;
            };
            let name = id.name.as_str();
            self.declare(name)?;
            if LOADING.contains(&name) {
                return None;
            }
            let binding = self.binding(declarator.init.as_ref()?)?;
            self.file.bindings.insert(name.to_owned(), binding);
            if exported {
                let name = name.to_owned();
                self.file.exports.push((name.clone(), name));
            }
        }
        Some(())
    }

    fn binding(&mut self, value: &Expression<'_>) -> Option<Binding> {
        match value {
            Expression::CallExpression(call) => {
                let Expression::Identifier(callee) = &call.callee else {
                    return None;
                };
                let args = arguments(call)?;
                match self.served(callee.name.as_str())? {
                    "pgTable" => self.table(&args).map(Binding::Table),
                    "pgEnum" => {
                        let [name, values] = args[..] else {
                            return None;
                        };
                        Some(Binding::Enum {
                            name: string(name)?.to_owned(),
                            values: strings(values)?,
                        })
                    }
                    "relations" => self.relations(&args),
                    _ => None,
                }
            }
            Expression::ObjectExpression(object) => self.columns(object).map(Binding::Columns),
            Expression::StringLiteral(_)
            | Expression::NumericLiteral(_)
            | Expression::BooleanLiteral(_) => Some(Binding::Nothing),
            _ => None,
        }
    }

    /// What relations are is asked by queries alone.
    fn relations(&mut self, args: &[&Expression<'_>]) -> Option<Binding> {
        let [Expression::Identifier(table), later] = args else {
            return None;
        };
        self.used_at_once(table.name.as_str())?;
        matches!(later, Expression::ArrowFunctionExpression(_)).then_some(())?;
        self.later(later)?;
        Some(Binding::Nothing)
    }

    /// Walks a value that is not computed while the schema is read. Only expressions in which the
    /// compiler would find nothing wrong are taken.
    pub(super) fn later(&mut self, value: &Expression<'_>) -> Option<()> {
        match value {
            Expression::StringLiteral(_)
            | Expression::NumericLiteral(_)
            | Expression::BooleanLiteral(_)
            | Expression::NullLiteral(_) => Some(()),
            Expression::Identifier(id) => {
                let name = id.name.as_str();
                if LOADING.contains(&name) || name == "arguments" {
                    return None;
                }
                self.used(name);
                Some(())
            }
            Expression::StaticMemberExpression(member) => self.later(&member.object),
            Expression::CallExpression(call) => self.call(call),
            Expression::NewExpression(new) => {
                self.later(&new.callee)?;
                self.all_later(&new.arguments)
            }
            Expression::ArrayExpression(array) => array.elements.iter().try_for_each(|element| {
                self.later(ArrayExpressionElement::as_expression(element)?)
            }),
            Expression::ObjectExpression(object) => {
                for property in &object.properties {
                    let ObjectPropertyKind::ObjectProperty(property) = property else {
                        return None;
                    };
                    super::literal::key(property)?;
                    self.later(&property.value)?;
                }
                Some(())
            }
            Expression::TemplateLiteral(template) => template
                .expressions
                .iter()
                .try_for_each(|value| self.later(value)),
            Expression::ArrowFunctionExpression(arrow) => self.arrow(arrow),
            _ => None,
        }
    }

    fn call(&mut self, call: &CallExpression<'_>) -> Option<()> {
        self.later(&call.callee)?;
        self.all_later(&call.arguments)
    }

    fn all_later(&mut self, arguments: &[Argument<'_>]) -> Option<()> {
        arguments
            .iter()
            .try_for_each(|argument| self.later(argument.as_expression()?))
    }

    fn arrow(&mut self, arrow: &ArrowFunctionExpression<'_>) -> Option<()> {
        let mut names = BTreeSet::new();
        if arrow.params.rest.is_some() {
            return None;
        }
        for parameter in &arrow.params.items {
            if parameter.initializer.is_some() {
                return None;
            }
            for id in parameter.pattern.get_binding_identifiers() {
                // A parameter that hides an import would make that look used.
                if !names.insert(id.name.as_str())
                    || self.file.imports.contains_key(id.name.as_str())
                {
                    return None;
                }
            }
            if let BindingPattern::ObjectPattern(pattern) = &parameter.pattern {
                let plain = pattern.rest.is_none()
                    && pattern.properties.iter().all(|property| {
                        !property.computed
                            && matches!(property.value, BindingPattern::BindingIdentifier(_))
                    });
                plain.then_some(())?;
            } else {
                matches!(parameter.pattern, BindingPattern::BindingIdentifier(_)).then_some(())?;
            }
        }
        self.later(result(arrow)?)
    }
}

/// The expression that an arrow function without statements gives.
pub(super) fn result<'a, 'b>(arrow: &'b ArrowFunctionExpression<'a>) -> Option<&'b Expression<'a>> {
    if arrow.r#async {
        return None;
    }
    match &arrow.body {
        ArrowFunctionBody::FunctionBody(body) => match &body.statements[..] {
            [Statement::ReturnStatement(statement)] if body.directives.is_empty() => {
                statement.argument.as_ref()
            }
            _ => None,
        },
        body => body.as_expression(),
    }
}
