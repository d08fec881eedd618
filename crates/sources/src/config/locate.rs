//! Where a field of the config stands in its file.

use crate::script;
use camino::Utf8Path;
use driftless_diagnostic::{Diagnostic, SourceFile};
use oxc::allocator::Allocator;
use oxc::ast::ast::{
    AssignmentTarget, Declaration, ExportDefaultDeclarationKind, Expression, ObjectPropertyKind,
    Program, Statement,
};
use oxc::span::GetSpan;
use std::ops::Range;

/// A config file and the places of its fields.
pub(super) struct Located {
    source: SourceFile,
    /// Path of a field, its key, its value.
    fields: Vec<(Vec<String>, Range<usize>, Range<usize>)>,
    /// The exported expression.
    whole: Range<usize>,
}

impl Located {
    pub(super) fn new(source: &SourceFile, path: &Utf8Path) -> Self {
        let mut located = Self {
            whole: 0..0,
            fields: Vec::new(),
            source: source.clone(),
        };
        // JSON is an expression of JavaScript once it stands in parentheses.
        let json = path.extension() == Some("json");
        let (text, shift) = if json {
            (format!("({})", source.text()), 1)
        } else {
            (source.text().to_owned(), 0)
        };
        let path = if json {
            Utf8Path::new("config.js")
        } else {
            path
        };
        let allocator = Allocator::default();
        if let Some(program) = script::parse(&allocator, &text, path) {
            let walker = Walker {
                program: &program,
                shift,
            };
            if let Some(root) = walker.exported() {
                located.whole = walker.range(root.span());
                walker.fields(root, &mut Vec::new(), &mut located.fields, 0);
            }
        }
        located
    }

    /// Points a diagnostic at the key of a field.
    pub(super) fn at_key(&self, diagnostic: Diagnostic, path: &[&str]) -> Diagnostic {
        match self.find(path) {
            Some((key, _)) => diagnostic.at(&self.source, key.clone(), ""),
            None => self.at_nearest(diagnostic, path),
        }
    }

    /// Points a diagnostic at the value of a field.
    pub(super) fn at_value(&self, diagnostic: Diagnostic, path: &[&str]) -> Diagnostic {
        match self.find(path) {
            Some((_, value)) => diagnostic.at(&self.source, value.clone(), ""),
            None => self.at_nearest(diagnostic, path),
        }
    }

    /// A field that is computed or missing: the object that should hold it, or the file.
    fn at_nearest(&self, diagnostic: Diagnostic, path: &[&str]) -> Diagnostic {
        let parent = (1..path.len())
            .rev()
            .find_map(|length| self.find(&path[..length]));
        let range = parent.map_or_else(
            || self.whole.start..self.whole.start,
            |(key, _)| key.clone(),
        );
        diagnostic.at(&self.source, range, "")
    }

    fn find(&self, path: &[&str]) -> Option<(&Range<usize>, &Range<usize>)> {
        self.fields
            .iter()
            .find(|(field, ..)| field.iter().map(String::as_str).eq(path.iter().copied()))
            .map(|(_, key, value)| (key, value))
    }
}

struct Walker<'p, 'a> {
    program: &'p Program<'a>,
    shift: usize,
}

impl<'p, 'a> Walker<'p, 'a> {
    /// The object that the file exports, as far as it can be seen without running it.
    fn exported(&self) -> Option<&'p Expression<'a>> {
        for statement in &self.program.body {
            match statement {
                Statement::ExportDefaultDeclaration(export) => {
                    return self.plain(expression(&export.declaration)?);
                }
                Statement::TSExportAssignment(export) => return self.plain(&export.expression),
                Statement::ExpressionStatement(statement) => match &statement.expression {
                    Expression::AssignmentExpression(assignment)
                        if is_module_exports(&assignment.left) =>
                    {
                        return self.plain(&assignment.right);
                    }
                    json @ Expression::ObjectExpression(_) => return Some(json),
                    _ => {}
                },
                _ => {}
            }
        }
        None
    }

    /// Looks through `defineConfig(...)`, casts and constants.
    fn plain(&self, expression: &'p Expression<'a>) -> Option<&'p Expression<'a>> {
        self.plainly(expression, 0)
    }

    fn plainly(&self, expression: &'p Expression<'a>, depth: usize) -> Option<&'p Expression<'a>> {
        if depth > 8 {
            return None;
        }
        match expression {
            Expression::CallExpression(call) => {
                self.plainly(call.arguments.first()?.as_expression()?, depth + 1)
            }
            Expression::TSAsExpression(cast) => self.plainly(&cast.expression, depth + 1),
            Expression::TSSatisfiesExpression(cast) => self.plainly(&cast.expression, depth + 1),
            Expression::ParenthesizedExpression(inner) => {
                self.plainly(&inner.expression, depth + 1)
            }
            Expression::Identifier(id) => self.plainly(self.constant(&id.name)?, depth + 1),
            other => Some(other),
        }
    }

    fn constant(&self, name: &str) -> Option<&'p Expression<'a>> {
        self.program.body.iter().find_map(|statement| {
            let variables = match statement {
                Statement::VariableDeclaration(variables) => variables,
                Statement::ExportDeclaration(export) => match &export.declaration {
                    Declaration::VariableDeclaration(variables) => variables,
                    _ => return None,
                },
                _ => return None,
            };
            variables
                .declarations
                .iter()
                .find(|d| d.id.get_identifier_name().is_some_and(|id| id == name))
                .and_then(|d| d.init.as_ref())
        })
    }

    fn fields(
        &self,
        expression: &'p Expression<'a>,
        path: &mut Vec<String>,
        found: &mut Vec<(Vec<String>, Range<usize>, Range<usize>)>,
        depth: usize,
    ) {
        if depth > 8 {
            return;
        }
        let inner = self.plain(expression);
        if let Some(Expression::ArrayExpression(list)) = inner {
            for (at, item) in list.elements.iter().enumerate() {
                if let Some(item) = item.as_expression() {
                    path.push(at.to_string());
                    found.push((
                        path.clone(),
                        self.range(item.span()),
                        self.range(item.span()),
                    ));
                    path.pop();
                }
            }
        }
        let Some(Expression::ObjectExpression(object)) = inner else {
            return;
        };
        for property in &object.properties {
            match property {
                ObjectPropertyKind::ObjectProperty(property) => {
                    let Some(name) = property.key.static_name() else {
                        continue;
                    };
                    path.push(name.into_owned());
                    found.push((
                        path.clone(),
                        self.range(property.key.span()),
                        self.range(property.value.span()),
                    ));
                    self.fields(&property.value, path, found, depth + 1);
                    path.pop();
                }
                ObjectPropertyKind::SpreadProperty(spread) => {
                    self.fields(&spread.argument, path, found, depth + 1);
                }
            }
        }
    }

    fn range(&self, span: oxc::span::Span) -> Range<usize> {
        let at = |offset: u32| (offset as usize).saturating_sub(self.shift);
        at(span.start)..at(span.end)
    }
}

fn expression<'p, 'a>(
    declaration: &'p ExportDefaultDeclarationKind<'a>,
) -> Option<&'p Expression<'a>> {
    declaration.as_expression()
}

fn is_module_exports(target: &AssignmentTarget<'_>) -> bool {
    match target {
        AssignmentTarget::StaticMemberExpression(member) => {
            let object =
                matches!(&member.object, Expression::Identifier(id) if id.name == "module");
            (object && member.property.name == "exports") || member.property.name == "default"
        }
        _ => false,
    }
}
