//! A domain with a constraint.

super::rule! {
    /// ## What it does
    /// Finds a domain that is made with a constraint.
    ///
    /// ## Why
    /// The constraint cannot be changed later without reading every table that has a column of it.
    ///
    /// ## What to do
    /// Put the constraint on the tables.
    "ban-create-domain-with-constraint", Off, squawk BanCreateDomainWithConstraint,
    bad: "CREATE DOMAIN rating AS int CHECK (value > 0);",
    good: "CREATE TABLE stars (rating int CHECK (rating > 0));",
}
