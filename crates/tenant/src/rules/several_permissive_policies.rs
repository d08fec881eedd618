//! Policies of which one is enough.

use crate::facts::{Facts, Side, asks, sides};
use crate::matrix::COMMANDS;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds tables where more than one permissive policy holds for an app role and a command, and
    /// no restrictive policy for everybody keeps them all to the tenant.
    ///
    /// ## Why
    /// Permissive policies are alternatives: a row passes when one of them lets it through. Where
    /// there are several, the next one that is added may open the table, and each has to be read to
    /// know. A restrictive policy holds whatever else is there.
    ///
    /// ## Bad
    /// ```sql
    /// CREATE POLICY own ON notes USING (account_id = (SELECT current_account_id()));
    /// CREATE POLICY shared ON notes FOR SELECT USING (account_id = (SELECT current_account_id()) AND is_shared);
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// CREATE POLICY account_isolation ON notes AS RESTRICTIVE
    ///   USING (account_id = (SELECT current_account_id()));
    /// CREATE POLICY own ON notes USING (is_mine);
    /// CREATE POLICY shared ON notes FOR SELECT USING (is_shared);
    /// ```
    ///
    /// ## What to do
    /// Make one policy of them, or put a restrictive one before them. It is a warning: rule R06
    /// finds the policy that opens a table.
    "R05", "several-permissive-policies", Warning, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for table in &facts.tables {
        let key = facts.key(table);
        for role in facts.app_roles() {
            let mut many: Vec<(&str, Vec<&str>)> = Vec::new();
            for command in COMMANDS {
                let side = sides(command)[0];
                let names: Vec<&str> = table
                    .policies
                    .iter()
                    .filter(|policy| policy.permissive && facts.applies(policy, role))
                    .filter(|policy| asks(policy, command, side).is_some())
                    .map(|policy| policy.name.as_str())
                    .collect();
                let kept = [Side::Using, Side::Check]
                    .iter()
                    .filter(|side| sides(command).contains(side))
                    .all(|side| table.is_restricted(command, *side, &key));
                if names.len() > 1 && !kept {
                    many.push((command, names));
                }
            }
            let Some((_, names)) = many.first() else {
                continue;
            };
            let path = table.path();
            let commands: Vec<&str> = many.iter().map(|(command, _)| *command).collect();
            found.add(
                &path,
                format!(
                    "rows of {path} pass for {role} when one of {} lets them through",
                    names.join(", ")
                ),
                "make one policy of them, or add one that is RESTRICTIVE and compares the tenant",
            );
            found.note(format!("for {}", commands.join(", ")));
        }
    }
}
