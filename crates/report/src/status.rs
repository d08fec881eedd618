//! The history of a project: every migration, its kind, and whether the database has it.

use serde::Serialize;

use crate::style::{Label, Sheet};

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Migration {
    /// As in the journal.
    pub tag: String,
    /// Who wrote it.
    pub origin: Origin,
    /// When the database got it, as `2026-03-04 12:33:01 UTC`; none when it did not.
    pub applied: Option<String>,
    /// Whether the database has it.
    pub pending: bool,
    /// The file against what was applied or recorded.
    pub hash: Hash,
}

/// Who wrote a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// `generate`.
    Generated,
    /// A person.
    HandWritten,
    /// Nobody recorded it.
    Unknown,
}

/// What a file's hash says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hash {
    /// The file is the one that was applied.
    Same,
    /// Comments, white space or line endings are not those that were applied.
    CosmeticEdit,
    /// The file is not the one that was applied.
    Edited,
    /// The file is not there.
    Missing,
    /// Never applied although a younger one was.
    Skipped,
    /// It replaces several, and only some of those were applied.
    InPart,
    /// Not applied yet, so there is nothing to compare with.
    New,
}

/// The table; ends with a newline.
pub fn status(rows: &[Migration], sheet: Sheet) -> String {
    let cells: Vec<[(String, Label); 4]> = rows.iter().map(row).collect();
    let head = ["migration", "kind", "applied", "file"];
    let width = |at: usize| {
        cells
            .iter()
            .map(|row| row[at].0.chars().count())
            .chain([head[at].len()])
            .max()
            .unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2), width(3)];
    let mut text = render(
        &head.map(|cell| (cell.to_owned(), Label::Faint)),
        widths,
        sheet,
    );
    for row in &cells {
        text += &render(row, widths, sheet);
    }
    text
}

fn row(migration: &Migration) -> [(String, Label); 4] {
    let origin = match migration.origin {
        Origin::Generated => "generated",
        Origin::HandWritten => "hand-written",
        Origin::Unknown => "unknown",
    };
    let applied = match (&migration.applied, migration.pending) {
        (Some(when), _) => (when.clone(), Label::Good),
        (None, true) => ("pending".to_owned(), Label::Warning),
        (None, false) => ("yes".to_owned(), Label::Good),
    };
    let hash = match migration.hash {
        Hash::Same => ("as applied", Label::Good),
        Hash::CosmeticEdit => ("comments edited", Label::Error),
        Hash::Edited => ("edited", Label::Error),
        Hash::Missing => ("missing", Label::Error),
        Hash::Skipped => ("older than applied ones", Label::Error),
        Hash::InPart => ("applied in part", Label::Error),
        Hash::New => ("new", Label::Faint),
    };
    [
        (migration.tag.clone(), Label::Name),
        (origin.to_owned(), Label::Faint),
        applied,
        (hash.0.to_owned(), hash.1),
    ]
}

fn render(cells: &[(String, Label); 4], widths: [usize; 4], sheet: Sheet) -> String {
    let mut line = String::new();
    for (at, (cell, label)) in cells.iter().enumerate() {
        line += &sheet.paint(*label, cell);
        if at + 1 < cells.len() {
            line += &" ".repeat(widths[at] - cell.chars().count() + 2);
        }
    }
    line + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_what_is_in_them() {
        let row = |tag: &str, origin, applied: Option<&str>, pending, hash| Migration {
            tag: tag.to_owned(),
            origin,
            applied: applied.map(str::to_owned),
            pending,
            hash,
        };
        let when = Some("2026-03-04 12:33:01 UTC");
        let rows = [
            row("0000_a", Origin::Generated, when, false, Hash::Same),
            row(
                "0001_é",
                Origin::HandWritten,
                None,
                false,
                Hash::CosmeticEdit,
            ),
            row("0002_longer", Origin::Unknown, when, false, Hash::Edited),
            row("0003_c", Origin::Generated, None, true, Hash::Skipped),
            row("0004_d", Origin::Generated, None, true, Hash::Missing),
            row("0005_e", Origin::Generated, None, true, Hash::New),
        ];
        insta::assert_snapshot!(status(&rows, Sheet::PLAIN), @r"
        migration    kind          applied                  file
        0000_a       generated     2026-03-04 12:33:01 UTC  as applied
        0001_é       hand-written  yes                      comments edited
        0002_longer  unknown       2026-03-04 12:33:01 UTC  edited
        0003_c       generated     pending                  older than applied ones
        0004_d       generated     pending                  missing
        0005_e       generated     pending                  new
        ");
    }
}
