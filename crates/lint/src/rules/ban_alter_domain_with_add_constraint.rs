//! A domain that checks every row of every table.

super::rule! {
    /// ## What it does
    /// Finds a constraint that is added to a domain.
    ///
    /// ## Why
    /// Every table with a column of the domain is read through, and meanwhile nobody writes any of
    /// them.
    ///
    /// ## What to do
    /// Add it `NOT VALID`, and validate it in a later migration. Or put the constraint on the tables.
    "ban-alter-domain-with-add-constraint", Warning, squawk BanAlterDomainWithAddConstraint,
    bad: "CREATE DOMAIN rating AS int;\nALTER DOMAIN rating ADD CONSTRAINT good CHECK (value > 0);",
    good: "ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 0) NOT VALID;",
}
