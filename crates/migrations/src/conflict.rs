//! What git leaves in a file that it could not merge: both sides, between marker lines.

use crate::journal::Journal;
use driftless_diagnostic::{Diagnostic, SourceFile};
use std::ops::Range;

/// A file with conflicts as each of the two sides had it, and what git calls them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sides {
    /// The side that was checked out.
    pub ours: Side,
    /// The side that was merged into it.
    pub theirs: Side,
}

/// One of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Side {
    /// A branch, a commit, or nothing: what follows the marker.
    pub name: String,
    /// The whole file.
    pub text: String,
}

/// Where a line belongs to.
enum Part {
    Both,
    Ours,
    Before,
    Theirs,
}

/// Both sides of a text; `None` where there is no conflict, or its markers do not fit together.
pub fn sides(text: &str) -> Option<Sides> {
    let (mut ours, mut theirs) = (Side::default(), Side::default());
    let mut part = Part::Both;
    let mut found = false;
    for line in text.split_inclusive('\n') {
        part = match (part, marker_of(line)) {
            (Part::Both, Some(("<<<<<<<", name))) => {
                name.clone_into(&mut ours.name);
                found = true;
                Part::Ours
            }
            (Part::Ours, Some(("|||||||", _))) | (Part::Before, None) => Part::Before,
            (Part::Ours | Part::Before, Some(("=======", _))) => Part::Theirs,
            (Part::Theirs, Some((">>>>>>>", name))) => {
                name.clone_into(&mut theirs.name);
                Part::Both
            }
            (part, None) => {
                if !matches!(part, Part::Theirs) {
                    ours.text.push_str(line);
                }
                if !matches!(part, Part::Ours) {
                    theirs.text.push_str(line);
                }
                part
            }
            _ => return None,
        };
    }
    (found && matches!(part, Part::Both)).then_some(Sides { ours, theirs })
}

/// The first line that git left while merging; neither JSON nor SQL has such a line.
pub fn marker(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if marker_of(line).is_some() {
            return Some(start..start + line.trim_end().len());
        }
        start += line.len();
    }
    None
}

fn marker_of(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_end();
    let (mark, rest) = line.split_at_checked(7)?;
    let known = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].contains(&mark);
    (known && (rest.is_empty() || rest.starts_with(' '))).then(|| (mark, rest.trim()))
}

/// A file that nobody can read while it holds both sides.
pub(crate) fn unreadable(source: &SourceFile, marker: Range<usize>) -> Diagnostic {
    let line = source.position(marker.start).line;
    Diagnostic::error(
        "conflict-markers",
        format!(
            "{} holds a git merge conflict at line {line} and cannot be read",
            source.path()
        ),
    )
    .at(source, marker, "git left this line")
    .help("run `driftless rebase`: it reads both sides, moves the migrations of the one behind the other's, and writes the file anew")
}

/// A journal that two branches went on with: their migrations by name.
pub(crate) fn in_journal(source: &SourceFile, marker: Range<usize>) -> Diagnostic {
    let Some((ours, theirs)) = diverged(source) else {
        return unreadable(source, marker);
    };
    Diagnostic::error(
        "conflict-markers",
        format!("two branches made migrations from the same state, and git could not merge their journals: {ours} and {theirs}"),
    )
    .at(source, marker, "git left this line")
    .note("their snapshots and their lines in the record are in conflict as well, or one side's are lost")
    .help("merge schema.ts by hand, leave the migrations folder as it is, and run `driftless rebase`: the younger branch's migrations get new numbers behind the other's")
}

/// The tags that each side alone has, with the side's name.
fn diverged(source: &SourceFile) -> Option<(String, String)> {
    let sides = sides(source.text())?;
    let journal =
        |side: &Side| Journal::parse(&SourceFile::new(source.path(), side.text.as_str())).ok();
    let (ours, theirs) = (journal(&sides.ours)?, journal(&sides.theirs)?);
    let alone = |one: &Journal, other: &Journal, side: &Side| {
        let tags = one.entries.iter().map(crate::journal::Entry::tag);
        let tags: Vec<&str> = tags.filter(|tag| other.find(tag).is_none()).collect();
        let name = match side.name.as_str() {
            "" => String::new(),
            name => format!(" ({name})"),
        };
        (!tags.is_empty()).then(|| tags.join(", ") + &name)
    };
    Some((
        alone(&ours, &theirs, &sides.ours)?,
        alone(&theirs, &ours, &sides.theirs)?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_a_conflict_are_read() {
        let text = "a\n<<<<<<< HEAD\nb\n||||||| base\nx\n=======\nc\n>>>>>>> main\nd";
        let sides = sides(text).unwrap();
        assert_eq!(
            (sides.ours.name.as_str(), sides.ours.text.as_str()),
            ("HEAD", "a\nb\nd")
        );
        assert_eq!(
            (sides.theirs.name.as_str(), sides.theirs.text.as_str()),
            ("main", "a\nc\nd")
        );
    }

    #[test]
    fn markers_that_do_not_fit_together_are_no_conflict_that_can_be_read() {
        for text in [
            "",
            "a\n",
            "<<<<<<< HEAD\na\n",
            "=======\n",
            "<<<<<<< HEAD\n<<<<<<< HEAD\n=======\n>>>>>>> x\n",
            "<<<<<<< HEAD\n>>>>>>> x\n",
        ] {
            assert_eq!(sides(text), None, "{text}");
        }
    }

    #[test]
    fn a_line_of_other_length_or_inside_a_line_is_no_marker() {
        for (text, found) in [
            ("-- ======= \n", false),
            ("========\n", false),
            ("=======\n", true),
            ("select 1;\n>>>>>>> main\r\n", true),
        ] {
            assert_eq!(marker(text).is_some(), found, "{text}");
        }
    }
}
