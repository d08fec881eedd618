//! A policy that does not compare the tenant.

use crate::facts::{Facts, Side, asks, sides};
use crate::matrix::COMMANDS;
use crate::predicate::Predicate;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds permissive policies on tables of tenants that let a row through without comparing its
    /// tenant column with the tenant function: in USING, which decides what is seen, changed and
    /// deleted, or in WITH CHECK, which decides what may be written. Left out are policies for admin
    /// roles alone, and what a restrictive policy for everybody keeps to the tenant.
    ///
    /// ## Why
    /// A policy that lets more through than the tenant's rows undoes the others. `WITH CHECK (true)`
    /// lets a tenant put rows into another's account.
    ///
    /// ## Bad
    /// ```sql
    /// CREATE POLICY reading ON notes USING (account_id = (SELECT current_account_id()));
    /// CREATE POLICY writing ON notes FOR INSERT WITH CHECK (true);
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// CREATE POLICY account_isolation ON notes
    ///   USING (account_id = (SELECT current_account_id()))
    ///   WITH CHECK (account_id = (SELECT current_account_id()));
    /// ```
    ///
    /// ## What to do
    /// Compare the tenant in every part, joined to the rest with AND. What is right and written in
    /// another way (through another table, with a function of its own) is not recognised: write it
    /// as above, or accept the finding with a reason; the proof tries it in any case.
    "R06", "policy-without-tenant", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for table in &facts.tables {
        let key = facts.key(table);
        for policy in &table.policies {
            if !policy.permissive || facts.is_for_admins(policy) {
                continue;
            }
            let mut open = Vec::new();
            for command in COMMANDS {
                for side in sides(command) {
                    let passes = asks(policy, command, *side)
                        .is_some_and(|text| !Predicate::parse(text).isolates(&key));
                    if passes && !table.is_restricted(command, *side, &key) {
                        open.push((command, *side));
                    }
                }
            }
            let Some((_, side)) = open.first() else {
                continue;
            };
            let path = table.path();
            let does = match side {
                Side::Using => "lets roles see",
                Side::Check => "lets roles write",
            };
            found.add(
                format!("{path}.{}", policy.name),
                format!("policy {} of {path} {does} rows of other tenants: it does not compare {} with {}()",
                    policy.name, table.column.name, facts.tenant.function_name().1),
                format!(
                    "compare {} = (SELECT {}()) in USING and in WITH CHECK",
                    table.column.name,
                    facts.tenant.function_name().1
                ),
            );
            let mut commands: Vec<&str> = open.iter().map(|(command, _)| *command).collect();
            commands.dedup();
            found.note(format!("it holds for {}", commands.join(", ")));
            for (word, text) in [("USING", &policy.using), ("WITH CHECK", &policy.with_check)] {
                if let Some(text) = text {
                    found.note(format!("{word} {text}"));
                }
            }
        }
    }
}
