//! One column twice.

super::rule! {
    /// ## What it does
    /// Finds a statement that names a column twice where it may stand once.
    ///
    /// ## Why
    /// Postgres refuses the statement when it runs.
    ///
    /// ## What to do
    /// Leave one of the two.
    "ban-duplicate-column-assignments", Error, squawk BanDuplicateColumnAssignments,
    bad: "UPDATE users SET age = 1, age = 2 WHERE id = 1;",
    good: "UPDATE users SET age = 2 WHERE id = 1;",
}
