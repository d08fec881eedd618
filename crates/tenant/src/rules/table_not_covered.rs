//! A table that nobody said anything about.

use driftless_catalog::Tag;

use crate::facts::Facts;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds tables that an app role has rights on, without the tenant column and without an entry
    /// under `[tenant.exempt]`. Partitions of such tables count with them. Where no table at all has
    /// the column, that is told alone.
    ///
    /// ## Why
    /// Whose rows they are is not known, so nothing about them is checked. A join table without the
    /// column is a way from one tenant to another.
    ///
    /// ## Bad
    /// ```sql
    /// CREATE TABLE note_tags (note_id uuid, tag_id uuid);
    /// GRANT SELECT ON note_tags TO app;
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// CREATE TABLE note_tags (account_id uuid NOT NULL, note_id uuid, tag_id uuid);
    /// ```
    ///
    /// ## What to do
    /// Give it the column; name the column it has under `[tenant.columns]`; or exempt it with the
    /// reason why its rows may be seen by every tenant.
    "R25", "table-not-covered", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    let column = &facts.tenant.column;
    if facts.tables.is_empty() {
        found.add(
            column,
            format!("nothing is checked: no table has a column {column}"),
            "correct `column` of [tenant] in driftless.toml",
        );
        return;
    }
    for (id, _) in facts.catalog.of_kind(Tag::Table) {
        let path = id.path();
        let part = facts
            .catalog
            .contains(&driftless_catalog::Id::in_parent(Tag::Partition, &id.schema, &id.name, ""));
        let roles = facts.reached_by(id);
        let covered = facts.table(id).is_some() || facts.tenant.exempt.contains_key(&path);
        if covered || part && roles.is_empty() {
            continue;
        }
        if facts.tenant.columns.contains_key(&path) {
            found.add(
                &path,
                format!("{path} is not checked: it has no column {}", facts.tenant.column_of(&path)),
                "correct [tenant.columns] in driftless.toml",
            );
        } else if !roles.is_empty() {
            found.add(
                &path,
                format!(
                    "whose rows {} sees in {path} is not known: it has no column {}",
                    roles.join(", "),
                    facts.tenant.column
                ),
                format!("give it the column, or say in driftless.toml under [tenant.exempt] why every tenant may see it: \"{path}\" = \"…\""),
            );
        }
    }
}
