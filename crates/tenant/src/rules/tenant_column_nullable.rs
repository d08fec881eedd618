//! Rows that belong to nobody.

use crate::facts::Facts;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds tenant columns that may be NULL.
    ///
    /// ## Why
    /// A row without a tenant is seen by none: it is lost to the application. And a foreign key with
    /// NULL in one column is not checked at all, so that a row can point into another account.
    ///
    /// ## Bad
    /// ```sql
    /// CREATE TABLE notes (account_id uuid, body text);
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// CREATE TABLE notes (account_id uuid NOT NULL, body text);
    /// ```
    ///
    /// ## What to do
    /// Fill the column and make it NOT NULL.
    "R09", "tenant-column-nullable", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for table in &facts.tables {
        if !table.column.not_null {
            let (path, column) = (table.path(), &table.column.name);
            found.add(
                &path,
                format!("rows of {path} may belong to no tenant: {column} may be NULL"),
                "fill the column where it is NULL, and make it NOT NULL",
            );
        }
    }
}
