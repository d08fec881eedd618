//! What can be wrong with a list of migrations that is readable by itself.

use super::{Entry, Journal};
use driftless_diagnostic::Diagnostic;

impl Journal {
    /// Everything below, in the order of the file.
    pub fn problems(&self) -> Vec<Diagnostic> {
        let mut found = self.duplicates();
        found.extend(self.index_order());
        found.extend(self.times_going_back());
        found.sort_by_key(|diagnostic| diagnostic.labels.first().map(|label| label.start));
        found
    }

    /// Two entries with one tag or one index, as a merge of two branches leaves them.
    pub fn duplicates(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (at, entry) in self.entries.iter().enumerate() {
            let before = &self.entries[..at];
            if let Some(first) = before.iter().find(|other| other.tag == entry.tag) {
                found.push(
                    self.about_two(
                        "journal-duplicate-tag",
                        format!("{} is listed twice, so it would run twice", entry.tag),
                        entry,
                        first,
                    )
                    .help(format!(
                        "delete one of the two entries from {}",
                        self.source.path()
                    )),
                );
            } else if let Some(first) = before.iter().find(|other| other.idx == entry.idx) {
                found.push(
                    self.about_two(
                        "journal-duplicate-index",
                        format!(
                            "{} and {} both have index {}, two branches made a migration from the \
                             same state",
                            first.tag, entry.tag, entry.idx
                        ),
                        entry,
                        first,
                    )
                    .help(
                        "run `driftless rebase`: the younger branch's migrations get new numbers \
                         behind the other's, and are generated again on top of them",
                    ),
                );
            }
        }
        found
    }

    /// An index that skips (a warning: `drizzle-kit drop` leaves that) or goes back (an error).
    pub fn index_order(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut next = 0;
        for entry in &self.entries {
            if entry.idx > next {
                let missing = if entry.idx == next + 1 {
                    format!("index {next} is")
                } else {
                    format!("indexes {next} to {} are", entry.idx - 1)
                };
                found.push(
                    Diagnostic::warning(
                        "journal-index-gap",
                        format!("{missing} missing from the journal before {}", entry.tag),
                    )
                    .at(&self.source, entry.range(), "")
                    .note("`drizzle-kit drop` leaves such a gap, and so does a merge that lost an entry")
                    .help("if a migration was lost in a merge, restore its file, snapshot and journal entry from git; otherwise leave it"),
                );
            } else if entry.idx < next
                && self
                    .first_with(entry.idx)
                    .is_some_and(|first| std::ptr::eq(first, entry))
            {
                found.push(
                    Diagnostic::error(
                        "journal-index-order",
                        format!(
                            "{} has index {} and is listed after index {}",
                            entry.tag,
                            entry.idx,
                            next - 1
                        ),
                    )
                    .at(&self.source, entry.range(), "")
                    .help("put the entries back in the order in which they were made"),
                );
            }
            next = next.max(entry.idx + 1);
        }
        found
    }

    /// `when` must increase: drizzle-orm runs only what is newer than the newest it has run.
    pub fn times_going_back(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut newest: Option<&Entry> = None;
        for entry in &self.entries {
            if let Some(newest) = newest.filter(|newest| newest.when >= entry.when) {
                let relation = if newest.when == entry.when {
                    "as old as"
                } else {
                    "older than"
                };
                found.push(
                    self.about_two(
                        "journal-when-not-increasing",
                        format!(
                            "{} would never run where {} has run, its `when` is {relation} that \
                             one's",
                            entry.tag, newest.tag
                        ),
                        entry,
                        newest,
                    )
                    .note(format!("`when` is {} and {}", entry.when, newest.when))
                    .help(format!(
                        "if no database has {} yet, set its `when` to {} in {}",
                        entry.tag,
                        newest.when + 1,
                        self.source.path()
                    )),
                );
            } else {
                newest = Some(entry);
            }
        }
        found
    }

    fn first_with(&self, idx: u64) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.idx == idx)
    }

    fn about_two(
        &self,
        code: &'static str,
        message: String,
        entry: &Entry,
        other: &Entry,
    ) -> Diagnostic {
        Diagnostic::error(code, message)
            .at(&self.source, entry.range(), "")
            .at(&self.source, other.range(), "the other one")
    }
}
