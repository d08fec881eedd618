//! From a frame of the engine's stack to a place in the user's own file.

use super::graph::{File, Graph};
use super::resolve::{Resolver, is_dependency};
use super::{strip, text};
use camino::{Utf8Path, Utf8PathBuf};
use driftless_diagnostic::{Position, SourceFile};
use std::collections::HashMap;
use std::ops::Range;

/// A place in a file as written.
pub(super) type Place = (SourceFile, Range<usize>);

/// Maps stacks; strips each file concerned once more, this time with a source map.
pub(super) struct Places<'a> {
    graph: &'a Graph,
    resolver: &'a Resolver,
    maps: HashMap<Utf8PathBuf, Vec<Token>>,
}

/// Generated line and column, original line and column; from 0, columns in UTF-16.
type Token = (u32, u32, u32, u32);

impl<'a> Places<'a> {
    pub(super) fn new(graph: &'a Graph, resolver: &'a Resolver) -> Self {
        Self {
            graph,
            resolver,
            maps: HashMap::new(),
        }
    }

    /// The topmost frame that lies in the user's own code.
    pub(super) fn topmost(&mut self, stack: &str) -> Option<Place> {
        self.all(stack).into_iter().next()
    }

    /// Every frame that lies in the user's own code, topmost first.
    pub(super) fn all(&mut self, stack: &str) -> Vec<Place> {
        frames(stack)
            .filter_map(|(id, line, column)| {
                let path = Utf8Path::new(id);
                let file = self
                    .graph
                    .files
                    .get(path)
                    .filter(|_| !is_dependency(path))?;
                self.place(path, file, line, column)
            })
            .collect()
    }

    fn place(&mut self, path: &Utf8Path, file: &File, line: usize, column: usize) -> Option<Place> {
        let line = line.checked_sub(1 + text::lines_before(file))?;
        let generated = file.stripped.code.split('\n').nth(line)?;
        let column = utf16(generated, column.saturating_sub(1));
        let tokens = self
            .maps
            .entry(path.to_owned())
            .or_insert_with(|| tokens(file, path, self.resolver));
        let key = (u32::try_from(line).ok()?, u32::try_from(column).ok()?);
        let at = tokens.partition_point(|token| (token.0, token.1) <= key);
        let (found, _, line, column) = *tokens.get(at.checked_sub(1)?)?;
        if found != key.0 {
            return None;
        }
        let start = offset(&file.source, line as usize, column as usize);
        Some((file.source.clone(), word(file.source.text(), start)))
    }
}

fn tokens(file: &File, path: &Utf8Path, resolver: &Resolver) -> Vec<Token> {
    let Some(map) = strip::strip(&file.source, path, resolver, true).map else {
        return Vec::new();
    };
    let mut tokens: Vec<Token> = map
        .get_tokens()
        .map(|token| {
            (
                token.get_dst_line(),
                token.get_dst_col(),
                token.get_src_line(),
                token.get_src_col(),
            )
        })
        .collect();
    tokens.sort_unstable();
    tokens
}

/// `    at name (file:line:column)` or `    at file:line:column`, for each line that is one.
fn frames(stack: &str) -> impl Iterator<Item = (&str, usize, usize)> {
    stack.lines().filter_map(|line| {
        let line = line.trim().strip_prefix("at ").unwrap_or(line.trim());
        let place = match line.rsplit_once(" (") {
            Some((_, place)) => place.strip_suffix(')')?,
            None => line,
        };
        let (rest, column) = place.rsplit_once(':')?;
        let (file, line) = rest.rsplit_once(':')?;
        Some((file, line.parse().ok()?, column.parse().ok()?))
    })
}

/// UTF-16 units before a byte offset in a line.
fn utf16(line: &str, bytes: usize) -> usize {
    line.char_indices()
        .take_while(|(at, _)| *at < bytes)
        .map(|(_, c)| c.len_utf16())
        .sum()
}

/// Byte offset of a line and a column in UTF-16, both from 0.
fn offset(source: &SourceFile, line: usize, column: usize) -> usize {
    let start = source.offset(Position {
        line: line + 1,
        column: 1,
    });
    let mut units = 0;
    for (at, c) in source.text()[start..].char_indices() {
        if units >= column || c == '\n' {
            return start + at;
        }
        units += c.len_utf16();
    }
    source.text().len()
}

/// The identifier that starts at `start`, else one character.
fn word(text: &str, start: usize) -> Range<usize> {
    let rest = &text[start..];
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
    if length > 0 {
        return start..start + length;
    }
    let one = rest
        .chars()
        .next()
        .filter(|c| *c != '\n')
        .map_or(0, char::len_utf8);
    start..start + one
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read() {
        let stack = "    at <anonymous> (/a b/x.ts:1:2)\n    at /y.ts:30:4\n    at f (native)\n";
        assert_eq!(
            frames(stack).collect::<Vec<_>>(),
            [("/a b/x.ts", 1, 2), ("/y.ts", 30, 4)]
        );
    }
}
