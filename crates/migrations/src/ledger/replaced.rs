//! A migration that took the place of earlier ones: a ledger that has those has it.

use super::LedgerRow;
use crate::record::Replaced;

/// What a ledger has of the migrations that another one replaces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replacing {
    /// Rows that stand for them, in ledger order.
    pub rows: Vec<LedgerRow>,
    /// Tags of those that were not run.
    pub missing: Vec<String>,
    /// Those that were run with another text than the one that was replaced, and the row.
    pub edited: Vec<(Replaced, LedgerRow)>,
}

impl Replacing {
    /// Looks the replaced ones up; nothing where the ledger has none of them as it was replaced: a
    /// row of the same time alone may be that of the one that replaces them.
    pub(super) fn find(replaced: &[Replaced], rows: &[LedgerRow]) -> Option<Self> {
        let mut found = Self::default();
        for one in replaced {
            found.add(one, rows);
        }
        found.rows.sort_by_key(|row| (row.created_at, row.id));
        (found.rows.len() > found.edited.len()).then_some(found)
    }

    /// Whether the ledger has all of them as they were replaced.
    pub fn is_whole(&self) -> bool {
        self.missing.is_empty() && self.edited.is_empty()
    }

    fn add(&mut self, one: &Replaced, rows: &[LedgerRow]) {
        if let Some(row) = rows.iter().find(|row| row.hash == one.hash) {
            self.rows.push(row.clone());
            return;
        }
        // One that replaced others itself may be there as those.
        if let Some(earlier) = Self::find(&one.replaces, rows) {
            self.rows.extend(earlier.rows);
            self.missing.extend(earlier.missing);
            self.edited.extend(earlier.edited);
            return;
        }
        match rows.iter().find(|row| row.created_at == Some(one.when)) {
            Some(row) => {
                self.rows.push(row.clone());
                self.edited.push((one.clone(), row.clone()));
            }
            None => self.missing.push(one.tag.clone()),
        }
    }
}
