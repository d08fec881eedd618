//! File text that diagnostics point into.

use std::sync::Arc;

/// A file's path as a person would type it, and its text. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile(Arc<Inner>);

#[derive(Debug, PartialEq, Eq)]
struct Inner {
    path: String,
    text: String,
}

/// A place for people: both counted from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl SourceFile {
    /// Path as shown to people, usually relative to the project; text as read.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self(Arc::new(Inner {
            path: path.into(),
            text: text.into(),
        }))
    }

    /// The path as shown.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Line and column of a byte offset; an offset past the end is the end.
    pub fn position(&self, offset: usize) -> Position {
        let text = self.text();
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Position {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    /// Byte offset of a line and column, both from 1; the end of the text when past it.
    pub fn offset(&self, position: Position) -> usize {
        let text = self.text();
        let mut start = 0;
        for _ in 1..position.line {
            match text[start..].find('\n') {
                Some(at) => start += at + 1,
                None => return text.len(),
            }
        }
        text[start..]
            .char_indices()
            .take_while(|(_, c)| *c != '\n')
            .nth(position.column.saturating_sub(1))
            .map_or_else(
                || text[start..].find('\n').map_or(text.len(), |at| start + at),
                |(at, _)| start + at,
            )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_go_back() {
        let file = SourceFile::new("a.sql", "é1\nab\n\nc");
        for (offset, line, column) in [(0, 1, 1), (2, 1, 2), (4, 2, 1), (8, 4, 1), (9, 4, 2)] {
            let position = file.position(offset);
            assert_eq!((position.line, position.column), (line, column));
            assert_eq!(file.offset(position), offset);
        }
        assert_eq!(file.position(99).line, 4);
    }
}
