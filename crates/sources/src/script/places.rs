//! From a frame of the engine's stack to a place in the user's own file.

use super::calls::{self, Call};
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
    files: HashMap<Utf8PathBuf, Mapped>,
}

/// What is needed to find places in one file.
struct Mapped {
    tokens: Vec<Token>,
    calls: Vec<Call>,
}

/// Generated line and column, original line and column; from 0, columns in UTF-16.
type Token = (u32, u32, u32, u32);

impl<'a> Places<'a> {
    pub(super) fn new(graph: &'a Graph, resolver: &'a Resolver) -> Self {
        Self {
            graph,
            resolver,
            files: HashMap::new(),
        }
    }

    /// The topmost frame that lies in the user's own code.
    pub(super) fn topmost(&mut self, stack: &str) -> Option<Place> {
        self.all(stack).into_iter().next()
    }

    /// Every frame that lies in the user's own code, topmost first.
    pub(super) fn all(&mut self, stack: &str) -> Vec<Place> {
        let mut places = Vec::new();
        let mut callee = None;
        for frame in frames(stack) {
            let path = Utf8Path::new(frame.file);
            let file = self.graph.files.get(path);
            if let Some(file) = file.filter(|_| !is_dependency(path)) {
                places.extend(self.place(path, file, &frame, callee));
            }
            callee = Some(frame.function);
        }
        places
    }

    /// `callee` is the function that the frame was in the middle of calling. The engine notes
    /// the place of a call's last argument rather than that of the call.
    fn place(
        &mut self,
        path: &Utf8Path,
        file: &File,
        frame: &Frame<'_>,
        callee: Option<&str>,
    ) -> Option<Place> {
        let line = frame.line.checked_sub(1 + text::lines_before(file))?;
        let generated = file.stripped.code.split('\n').nth(line)?;
        let column = utf16(generated, frame.column.saturating_sub(1));
        let mapped = self.files.entry(path.to_owned()).or_insert_with(|| Mapped {
            tokens: tokens(file, path, self.resolver),
            calls: calls::of(file.source.text(), path),
        });
        let key = (u32::try_from(line).ok()?, u32::try_from(column).ok()?);
        let at = mapped
            .tokens
            .partition_point(|token| (token.0, token.1) <= key);
        let (found, _, line, column) = *mapped.tokens.get(at.checked_sub(1)?)?;
        if found != key.0 {
            return None;
        }
        let start = offset(&file.source, line as usize, column as usize);
        let range = calls::around(&mapped.calls, start, callee)
            .unwrap_or_else(|| word(file.source.text(), start));
        Some((file.source.clone(), range))
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

/// A line of a stack.
struct Frame<'s> {
    function: &'s str,
    file: &'s str,
    line: usize,
    column: usize,
}

/// `    at name (file:line:column)`; what has no place, as `(native)`, gets line 0.
fn frames(stack: &str) -> impl Iterator<Item = Frame<'_>> {
    stack.lines().filter_map(|line| {
        let line = line.trim().strip_prefix("at ")?;
        let (function, place) = match line.rsplit_once(" (") {
            Some((function, place)) => (function, place.strip_suffix(')')?),
            None => ("", line),
        };
        let numbers = || {
            let (rest, column) = place.rsplit_once(':')?;
            let (file, line) = rest.rsplit_once(':')?;
            Some((file, line.parse().ok()?, column.parse().ok()?))
        };
        let (file, line, column) = numbers().unwrap_or((place, 0, 0));
        Some(Frame {
            function,
            file,
            line,
            column,
        })
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
        let stack = "TypeError: x\n    at <anonymous> (/a b/x.ts:1:2)\n    at /y.ts:30:4\n    at f (native)\n";
        let read: Vec<_> = frames(stack)
            .map(|f| (f.function, f.file, f.line, f.column))
            .collect();
        assert_eq!(
            read,
            [
                ("<anonymous>", "/a b/x.ts", 1, 2),
                ("", "/y.ts", 30, 4),
                ("f", "native", 0, 0)
            ]
        );
    }
}
