//! The calls in a file, to find the one that a frame of the stack was in.

use super::strip;
use camino::Utf8Path;
use oxc::allocator::Allocator;
use oxc::ast::ast::{CallExpression, Expression, NewExpression, ThrowStatement};
use oxc::ast_visit::{Visit, walk};
use oxc::span::Span;
use std::ops::Range;

/// A call, or a `throw`, which has no name.
pub(super) struct Call {
    whole: Range<usize>,
    name: String,
    /// Where the function's name stands.
    at: Range<usize>,
}

/// Every call in a file as written.
pub(super) fn of(text: &str, path: &Utf8Path) -> Vec<Call> {
    let allocator = Allocator::default();
    let mut collector = Collector(Vec::new());
    if let Ok(program) = strip::parse(&allocator, text, path) {
        collector.visit_program(&program);
    }
    collector.0
}

/// The place of the innermost call of `callee` around an offset; without a callee, of the
/// `throw` around it.
pub(super) fn around(calls: &[Call], offset: usize, callee: Option<&str>) -> Option<Range<usize>> {
    calls
        .iter()
        .filter(|call| call.whole.contains(&offset) && call.name == callee.unwrap_or_default())
        .min_by_key(|call| call.whole.len())
        .map(|call| call.at.clone())
}

struct Collector(Vec<Call>);

impl Collector {
    fn push(&mut self, whole: Span, callee: &Expression<'_>) {
        let (name, at) = match callee {
            Expression::Identifier(id) => (id.name.to_string(), id.span),
            Expression::StaticMemberExpression(member) => {
                (member.property.name.to_string(), member.property.span)
            }
            _ => return,
        };
        self.0.push(Call {
            whole: range(whole),
            name,
            at: range(at),
        });
    }
}

impl<'a> Visit<'a> for Collector {
    fn visit_call_expression(&mut self, it: &CallExpression<'a>) {
        self.push(it.span, &it.callee);
        walk::walk_call_expression(self, it);
    }

    fn visit_new_expression(&mut self, it: &NewExpression<'a>) {
        self.push(it.span, &it.callee);
        walk::walk_new_expression(self, it);
    }

    fn visit_throw_statement(&mut self, it: &ThrowStatement<'a>) {
        self.0.push(Call {
            whole: range(it.span),
            name: String::new(),
            at: it.span.start as usize..it.span.start as usize + "throw".len(),
        });
        walk::walk_throw_statement(self, it);
    }
}

fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}
