//! `docs/rls.md` explains every number, in the words of the rules themselves.

use driftless_tenant::probe::{ATTACKS, Attack};
use driftless_tenant::{RULES, explain};

const BEGIN: &str = "<!-- what follows is written by a test from the rules -->\n";

/// Writes the second half of the page and fails when that changed it.
#[test]
fn every_number_is_explained() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/rls.md");
    let before = std::fs::read_to_string(file).unwrap();
    let (head, _) = before.split_once(BEGIN).unwrap();
    let mut text = format!("{head}{BEGIN}\n## The rules\n");
    for rule in RULES {
        let level = format!("{:?}", rule.severity).to_lowercase();
        let docs = explain(rule.number).unwrap();
        let docs = docs.replace("## ", "#### ");
        text += &format!("\n### {} {} ({level})\n\n{docs}\n", rule.number, rule.code);
    }
    text += "\n## What the proof tries\n\n";
    for attack in ATTACKS {
        let also = attack.rule().map_or_else(String::new, |(number, code)| {
            format!(" An entry that accepts {number} `{code}` accepts this too.")
        });
        let (number, code, docs) = (attack.number(), attack.code(), attack.docs());
        text += &format!("- **{number} `{code}`**: {docs}{also}\n");
    }
    assert!(ATTACKS.contains(&Attack::Setting));
    if before != text {
        std::fs::write(file, text).unwrap();
        panic!("docs/rls.md was out of date and has been written again: look at it, commit it");
    }
}
