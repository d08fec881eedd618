//! A number that may run out.

super::rule! {
    /// ## What it does
    /// Finds columns of type `integer` and `serial`.
    ///
    /// ## Why
    /// A key of four bytes ends at 2,147,483,647, and changing its type writes the table anew.
    ///
    /// ## What to do
    /// Use `bigint`.
    "prefer-bigint-over-int", Off, squawk PreferBigintOverInt,
    bad: "CREATE TABLE notes (id serial PRIMARY KEY);",
    good: "CREATE TABLE notes (id bigint PRIMARY KEY);",
}
