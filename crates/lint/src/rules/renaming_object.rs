//! Something gets another name.

super::rule! {
    /// ## What it does
    /// Finds what else gets another name: roles, types, functions, triggers, constraints.
    ///
    /// ## Why
    /// Code that runs while the migration is deployed may ask for the old name.
    ///
    /// ## What to do
    /// Look for whoever uses it. Names of constraints are in error messages.
    "renaming-object", Info, squawk RenamingObject,
    bad: "ALTER FUNCTION touched() RENAME TO touches;",
    good: "CREATE FUNCTION touches() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';",
}
