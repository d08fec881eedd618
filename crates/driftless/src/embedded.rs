//! What `migrate!` makes of a folder.

use driftless_diagnostic::Result;
use driftless_migrations::folder::Folder;

/// A migrations folder as texts. Made by [`migrate!`](crate::migrate), which has read it before, and
/// by nobody else: the fields may change with any version.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Embedded {
    /// The path as it was given; messages name files in it.
    pub folder: &'static str,
    /// `meta/_journal.json`.
    pub journal: &'static str,
    /// `meta/_driftless.json`, if there is one.
    pub record: Option<&'static str>,
    /// Tag and text of each file, in journal order.
    pub scripts: &'static [(&'static str, &'static str)],
}

impl Embedded {
    pub(crate) fn folder(&self) -> Result<Folder> {
        Folder::from_texts(self.folder, self.journal, self.record, self.scripts)
    }
}
