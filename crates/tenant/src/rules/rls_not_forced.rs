//! Row level security does not hold for the owner.

use crate::facts::Facts;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds tables with row level security that is not forced.
    ///
    /// ## Why
    /// The owner of a table is bound by its policies only where they are forced. Views and SECURITY
    /// DEFINER functions run as their owner, who is often the same: they would show everything.
    ///
    /// ## Bad
    /// ```sql
    /// ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    /// ALTER TABLE notes FORCE ROW LEVEL SECURITY;
    /// ```
    ///
    /// ## What to do
    /// `driftless rls --fix` writes the statement. Backfills then run as a role with BYPASSRLS.
    "R02", "rls-not-forced", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for table in &facts.tables {
        let open = table.table.row_security && !table.table.force_row_security;
        if open && !facts.is_only_part(table) {
            let path = table.path();
            let owner = match facts.roles.owner_of(&table.id) {
                crate::rights::CONNECTED => "whoever migrates",
                owner => owner,
            };
            found.add(
                &path,
                format!("the owner of {path} sees every tenant's rows: row level security is not forced"),
                "run `driftless rls --fix`",
            );
            found.note(format!("its owner is {owner}"));
        }
    }
}
