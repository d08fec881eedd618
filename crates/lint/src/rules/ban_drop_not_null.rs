//! A column that may hold NULL from now on.

super::rule! {
    /// ## What it does
    /// Finds `DROP NOT NULL`.
    ///
    /// ## Why
    /// Code that runs and counts on a value may meet a NULL.
    ///
    /// ## What to do
    /// Deploy code that expects NULL first.
    "ban-drop-not-null", Info, squawk BanDropNotNull,
    bad: "ALTER TABLE users ALTER COLUMN account_id DROP NOT NULL;",
    good: "ALTER TABLE users ALTER COLUMN account_id SET DEFAULT 1;",
}
