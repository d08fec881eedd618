//! A name that `search_path` decides about.

super::rule! {
    /// ## What it does
    /// Finds tables that are named without their schema.
    ///
    /// ## Why
    /// Which table is meant depends on `search_path`.
    ///
    /// ## What to do
    /// Write the schema.
    "require-table-schema", Off, squawk RequireTableSchema,
    bad: "CREATE TABLE notes (id int);",
    good: "CREATE TABLE public.notes (id int);",
}
