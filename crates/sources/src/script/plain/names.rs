//! The names that are taken, as far as that can go without a word about it.

use std::collections::HashSet;

/// Up to here Postgres keeps a name whatever it is made of.
const SURELY_SHORT: usize = 59;

/// Names taken so far where names have to differ: among the relations of a schema, its types, the
/// constraints of a table.
#[derive(Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    /// The first bytes of long names, which may be all that is left of two.
    cut: HashSet<String>,
}

impl Names {
    /// Takes a name where it is free and like no other.
    pub(super) fn take(&mut self, name: &str) -> Option<()> {
        self.is_plain(name)?;
        self.taken.insert(name.to_owned()).then_some(())
    }

    /// Whether nobody has the name.
    pub(super) fn is_free(&self, name: &str) -> Option<()> {
        (!self.taken.contains(name)).then_some(())
    }

    /// Whether Postgres would not confuse the name with another one.
    pub(super) fn is_plain(&mut self, name: &str) -> Option<()> {
        if !name.is_ascii() {
            return None;
        }
        if name.len() <= SURELY_SHORT {
            return Some(());
        }
        let kept = &name[..name.len().min(63)];
        self.cut.insert(kept.to_owned()).then_some(())
    }
}
