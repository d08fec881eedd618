//! Findings that somebody looked at, told from those that nobody has.

use crate::Tenant;
use crate::probe::attack::ATTACKS;
use crate::rule::Finding;

/// Findings by what `[[tenant.accept]]` says of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sifted {
    /// Those that nobody has looked at.
    pub findings: Vec<Finding>,
    /// Those that are accepted, each with the place of the entry that does.
    pub accepted: Vec<(Finding, usize)>,
    /// Places of entries that nothing was found for.
    pub unused: Vec<usize>,
}

/// Sets aside what is accepted. An entry for a rule also speaks of what the probe finds where the
/// rule looks: who accepts a unique key across tenants need not accept it twice.
pub fn sift(findings: Vec<Finding>, tenant: &Tenant) -> Sifted {
    let mut sifted = Sifted::default();
    let mut used = vec![false; tenant.accepted.len()];
    for finding in findings {
        let same_rule = |rule: &str| {
            let attack = ATTACKS
                .iter()
                .find(|attack| attack.number() == finding.number);
            let stands_for = attack.and_then(|attack| attack.rule());
            rule == finding.number
                || rule == finding.diagnostic.code
                || stands_for.is_some_and(|(number, code)| rule == number || rule == code)
        };
        let entry = tenant
            .accepted
            .iter()
            .position(|entry| entry.object == finding.object && same_rule(&entry.rule));
        match entry {
            Some(at) => {
                used[at] = true;
                sifted.accepted.push((finding, at));
            }
            None => sifted.findings.push(finding),
        }
    }
    sifted.unused = (0..used.len()).filter(|at| !used[*at]).collect();
    sifted
}
