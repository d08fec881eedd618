//! A value at the end by accident.

super::rule! {
    /// ## What it does
    /// Finds `ADD VALUE` without `BEFORE` or `AFTER`.
    ///
    /// ## Why
    /// Values sort in the order of the enum, and the order cannot be changed later.
    ///
    /// ## What to do
    /// Say where the value belongs.
    "require-enum-value-ordering", Off, squawk RequireEnumValueOrdering,
    bad: "ALTER TYPE status ADD VALUE 'sent';",
    good: "ALTER TYPE status ADD VALUE 'sent' BEFORE 'paid';",
}
