//! A length that has to be changed later.

super::rule! {
    /// ## What it does
    /// Finds columns of type `varchar(n)`.
    ///
    /// ## Why
    /// A shorter length later writes or reads the whole table; `text` is as fast.
    ///
    /// ## What to do
    /// Use `text`, with a check constraint where the length counts.
    "prefer-text-field", Off, squawk PreferTextField,
    bad: "CREATE TABLE notes (title varchar(80));",
    good: "CREATE TABLE notes (title text CHECK (length(title) <= 80));",
}
