//! The names that are taken, as far as that can go without a word about it.

use std::collections::HashSet;

/// Where names of tables, indexes and unique constraints are taken.
pub(super) const RELATION: &str = "relation";
/// Where names of types are taken.
pub(super) const ENUM: &str = "enum";

/// Up to here Postgres keeps a name whatever it is made of.
const SURELY_SHORT: usize = 59;

/// Names taken so far.
#[derive(Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    /// The first bytes of long names, which may be all that is left of two.
    cut: HashSet<String>,
}

impl Names {
    /// Takes a name where it is free and like no other.
    pub(super) fn take(&mut self, space: &str, name: &str) -> Option<()> {
        self.is_plain(space, name)?;
        self.taken.insert(format!("{space}\n{name}")).then_some(())
    }

    /// Whether nobody has the name.
    pub(super) fn is_free(&self, space: &str, name: &str) -> Option<()> {
        (!self.taken.contains(&format!("{space}\n{name}"))).then_some(())
    }

    /// Whether Postgres would not confuse the name with another one.
    pub(super) fn is_plain(&mut self, space: &str, name: &str) -> Option<()> {
        if !name.is_ascii() {
            return None;
        }
        if name.len() <= SURELY_SHORT {
            return Some(());
        }
        let kept = &name[..name.len().min(63)];
        self.cut.insert(format!("{space}\n{kept}")).then_some(())
    }
}
