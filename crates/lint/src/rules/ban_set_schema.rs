//! Something moves to another schema.

super::rule! {
    /// ## What it does
    /// Finds `SET SCHEMA`.
    ///
    /// ## Why
    /// Code that runs while the migration is deployed asks for it in the old schema and fails.
    ///
    /// ## What to do
    /// Leave a view behind, or stop the code meanwhile and waive this with that reason.
    "ban-set-schema", Warning, squawk BanSetSchema,
    bad: "CREATE SCHEMA old;\nALTER TABLE accounts SET SCHEMA old;",
    good: "CREATE SCHEMA old;\nCREATE VIEW old.accounts AS SELECT * FROM accounts;",
}
