//! A way around the partitioned table.

use crate::facts::Facts;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds partitions and heirs of tables that an app role has rights on, without row level
    /// security of their own.
    ///
    /// ## Why
    /// A query of the partitioned table asks the partitioned table's policies. A query of the
    /// partition asks the partition's, and a new partition has none.
    ///
    /// ## Bad
    /// ```sql
    /// CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    /// GRANT SELECT ON events_2026 TO app;
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    /// -- no grant: app uses events
    /// ```
    ///
    /// ## What to do
    /// Take the rights away, also from the default privileges that gave them.
    "R13", "partition-reachable", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for table in &facts.tables {
        let roles = facts.reached_by(&table.id);
        if let Some(above) = &table.above
            && !table.table.row_security
            && !roles.is_empty()
        {
            let path = table.path();
            found.add(
                &path,
                format!(
                    "{} gets at every tenant's rows of {} through {path}",
                    roles.join(", "),
                    above.path()
                ),
                "revoke the rights on it: the table above is enough",
            );
        }
    }
}
