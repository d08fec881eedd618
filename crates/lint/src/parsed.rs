//! What squawk reads in each statement: its tree, and what its own rules say.

use std::thread;

use squawk_linter::{Linter, Rule, Violation};
use squawk_syntax::{Parse, ast};

/// One statement, read.
pub(crate) struct Parsed {
    pub(crate) parse: Parse<ast::SourceFile>,
    /// What the parser says of syntax that it does not understand.
    pub(crate) error: Option<String>,
    pub(crate) violations: Vec<Violation>,
}

/// Expressions may be nested deeply.
const STACK: usize = 8 << 20;

/// So many statements are worth a thread.
const WORTH: usize = 200;

/// Reads statements, side by side where there are many.
pub(crate) fn parsed(texts: &[&str], rules: &[Rule]) -> Vec<Parsed> {
    let read = |texts: &[&str]| -> Vec<Parsed> {
        let one = |text: &&str| Parsed::new(text, rules);
        texts.iter().map(one).collect()
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let part = texts.len().div_ceil(threads).max(WORTH);
    let Some((own, others)) = texts.split_at_checked(part) else {
        return read(texts);
    };
    thread::scope(|scope| {
        let others: Vec<_> = others
            .chunks(part)
            .map(|texts| {
                (
                    texts,
                    thread::Builder::new()
                        .stack_size(STACK)
                        .spawn_scoped(scope, || read(texts)),
                )
            })
            .collect();
        let mut all = read(own);
        for (texts, other) in others {
            // Where no thread can be had, this one does its work.
            let found = other.ok().and_then(|other| other.join().ok());
            all.extend(found.unwrap_or_else(|| read(texts)));
        }
        all
    })
}

impl Parsed {
    fn new(text: &str, rules: &[Rule]) -> Self {
        let parse = ast::SourceFile::parse(text);
        let error = parse
            .errors()
            .first()
            .map(|first| first.message().to_owned());
        let mut linter = Linter::from(rules.iter().copied());
        // Comments before a statement are no part of it: squawk's own waivers have no reasons.
        let violations = linter.lint(&parse, text);
        Self {
            parse,
            error,
            violations,
        }
    }
}
