//! A time without a zone.

super::rule! {
    /// ## What it does
    /// Finds columns of type `timestamp` without a time zone.
    ///
    /// ## Why
    /// What time it was depends on who wrote it.
    ///
    /// ## What to do
    /// Use `timestamptz`; in schema.ts, `timestamp({ withTimezone: true })`.
    "prefer-timestamp-tz", Off, squawk PreferTimestampTz,
    bad: "CREATE TABLE notes (made timestamp);",
    good: "CREATE TABLE notes (made timestamptz);",
}
