//! What is right is left alone.

use driftless_tenant::probe::{Attack, Outcome};

use crate::support::{Example, race};

#[test]
fn the_example_has_no_finding_and_everything_is_proven() {
    let Some(example) = Example::new() else {
        return;
    };
    let told = example.changed("SELECT 1;", &race());
    assert_eq!(told.short(), "");
    let counts = [Outcome::Holds, Outcome::Leaks, Outcome::NotProven];
    let counts = counts.map(|outcome| told.proof.count(outcome));
    assert!(counts[0] > 140 && counts[1..] == [0, 0], "{counts:?}");
    // Each of them was tried at least once; the example has no materialized view and no function
    // that runs as its owner.
    for attack in driftless_tenant::probe::ATTACKS {
        let tried = told
            .proof
            .attempts
            .iter()
            .any(|one| one.attack == *attack && one.outcome == Outcome::Holds);
        let missing = [Attack::MaterializedView, Attack::Function].contains(attack);
        assert_ne!(tried, missing, "{attack:?}");
    }
}
