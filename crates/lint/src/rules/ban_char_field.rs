//! A type that pads with blanks.

super::rule! {
    /// ## What it does
    /// Finds columns of type `char(n)`.
    ///
    /// ## Why
    /// Postgres fills values with blanks to their length, and compares as if they were not there.
    ///
    /// ## What to do
    /// Use `text`, with a check constraint where the length counts.
    "ban-char-field", Info, squawk BanCharField,
    bad: "CREATE TABLE notes (code char(3));",
    good: "CREATE TABLE notes (code text CHECK (length(code) = 3));",
}
