//! History that changed between two recorded migrations.

use crate::Input;
use driftless_diagnostic::Diagnostic;
use driftless_migrations::record::chain;

super::rule! {
    /// ## What it does
    /// Follows the hash chain of `meta/_driftless.json` through the journal: each recorded migration
    /// covers its tag, its hash and all recorded ones before it. After a migration that is not
    /// recorded yet the chain is taken up again at the next one.
    ///
    /// ## Why
    /// Every line may look right by itself while a migration was left out, put in or moved. A fresh
    /// database would then run another history than the one that was tested.
    ///
    /// ## What to do
    /// Put the journal's entries back in the order in which the lines are recorded. If two branches
    /// were merged, run `driftless rebase`.
    "broken-record-chain", ["record-chain-broken"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let folder = input.folder;
    let mut before = Some(String::new());
    let mut previous: Option<&str> = None;
    for migration in folder.migrations.iter().take(input.causes.complete()) {
        let tag = migration.tag();
        let Some(line) = &migration.record else {
            before = None;
            previous = Some(tag);
            continue;
        };
        let facts = &line.facts;
        if before.is_some_and(|before| chain(&before, tag, &facts.hash) != facts.chain) {
            let mut diagnostic = Diagnostic::error(
                "record-chain-broken",
                format!("what runs before {tag} is not what ran before it when it was recorded"),
            )
            .at(folder.journal.source(), migration.entry.range(), "")
            .at(folder.record.source(), line.range.clone(), "recorded here");
            let recorded = recorded_before(input, tag);
            if recorded != previous {
                diagnostic = diagnostic.note(format!(
                    "it was recorded after {}, and the journal has it after {}",
                    recorded.unwrap_or("nothing"),
                    previous.unwrap_or("nothing"),
                ));
            }
            found.push(diagnostic.help(
                "put the journal's entries back in the order of the recorded lines; after a merge \
                 of two branches run `driftless rebase`",
            ));
            return;
        }
        before = Some(facts.chain.clone());
        previous = Some(tag);
    }
}

fn recorded_before<'a>(input: &Input<'a>, tag: &str) -> Option<&'a str> {
    let lines = &input.folder.record.lines;
    let at = lines.iter().position(|line| line.tag == tag)?;
    let before = lines[..at].last()?;
    Some(&before.tag)
}

#[cfg(test)]
mod tests {
    use crate::testing::Project;

    #[test]
    fn two_that_changed_places_break_it_and_nothing_else_is_told() {
        let project = Project::sound();
        let text = project.read("meta/_journal.json");
        let mut journal: serde_json::Value = serde_json::from_str(&text).unwrap();
        journal["entries"].as_array_mut().unwrap().swap(1, 2);
        let text = serde_json::to_string_pretty(&journal).unwrap();
        project.write("meta/_journal.json", &text);
        assert_eq!(
            project.findings(),
            "error[record-chain-broken] what runs before 0002_more is not what ran before it \
             when it was recorded\n\
             at drizzle/meta/_journal.json:14:7\n\
             at drizzle/meta/_driftless.json:4:3 recorded here\n\
             note: it was recorded after 0001_policies, and the journal has it after 0000_init\n\
             help: put the journal's entries back in the order of the recorded lines; after a \
             merge of two branches run `driftless rebase`\n"
        );
    }

    #[test]
    fn a_hash_that_was_put_in_by_hand_breaks_it() {
        let project = Project::sound();
        let edited = "CREATE ROLE other;";
        project.write("0001_policies.sql", edited);
        let folder = project.folder();
        let recorded = &folder
            .find("0001_policies")
            .unwrap()
            .record
            .as_ref()
            .unwrap()
            .facts;
        let now = driftless_migrations::sha256(edited.as_bytes());
        project.edit("meta/_driftless.json", &recorded.hash, &now);
        assert!(
            project
                .findings()
                .starts_with("error[record-chain-broken] what runs before 0001_policies is not")
        );
    }
}
