//! Two words for a migration that nobody named.

const ADJECTIVES: &[&str] = &[
    "amber", "ample", "brisk", "broad", "calm", "candid", "clear", "clever", "cosy", "curious",
    "daring", "deft", "eager", "early", "fair", "fleet", "fond", "frank", "fresh", "gentle",
    "glad", "golden", "grand", "hardy", "honest", "humble", "jolly", "keen", "kind", "late",
    "light", "lively", "loyal", "lucid", "lucky", "mellow", "mild", "modest", "neat", "nimble",
    "noble", "patient", "plain", "polite", "proud", "quick", "quiet", "rapid", "ready", "robust",
    "rustic", "sharp", "silent", "simple", "sober", "steady", "sunny", "swift", "tidy", "vivid",
    "warm", "wide", "wise", "witty",
];

const NOUNS: &[&str] = &[
    "acorn", "anchor", "badger", "basin", "beacon", "birch", "bridge", "brook", "canal", "cedar",
    "cliff", "clover", "comet", "coral", "crane", "delta", "dune", "eagle", "ember", "falcon",
    "fern", "fjord", "forest", "fox", "garden", "glacier", "grove", "harbor", "hazel", "heron",
    "hill", "island", "ivy", "juniper", "lagoon", "lantern", "lark", "ledge", "lynx", "maple",
    "meadow", "moss", "oak", "orchard", "otter", "owl", "pebble", "pine", "prairie", "quarry",
    "raven", "reef", "ridge", "river", "robin", "shore", "sparrow", "spring", "stone", "summit",
    "thicket", "tide", "valley", "willow",
];

/// `quiet_harbor`
pub(super) fn pair() -> String {
    // The last bytes of a version 4 uuid are random in every bit.
    let random = uuid::Uuid::new_v4().into_bytes();
    let pick = |words: &[&'static str], byte: u8| words[usize::from(byte) % words.len()];
    format!(
        "{}_{}",
        pick(ADJECTIVES, random[14]),
        pick(NOUNS, random[15])
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_the_same_chance() {
        assert_eq!(256 % ADJECTIVES.len(), 0);
        assert_eq!(256 % NOUNS.len(), 0);
        let pair = pair();
        let (adjective, noun) = pair.split_once('_').unwrap();
        assert!(ADJECTIVES.contains(&adjective) && NOUNS.contains(&noun));
    }
}
