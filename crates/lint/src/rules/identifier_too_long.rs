//! A name that Postgres cuts.

super::rule! {
    /// ## What it does
    /// Finds names of more than 63 bytes.
    ///
    /// ## Why
    /// Postgres cuts them without a word. Two long names can become the same one, and code that
    /// compares names finds nothing.
    ///
    /// ## What to do
    /// Choose a shorter name.
    "identifier-too-long", Warning, squawk IdentifierTooLong,
    bad: "CREATE INDEX users_by_account_and_age_and_nick_and_email_and_everything_else_there_is ON users (age);",
    good: "CREATE TABLE short (id int);",
}
