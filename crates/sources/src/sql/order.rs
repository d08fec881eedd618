//! The order in which statements are tried: as written, but what others need comes first.

use super::prepare::Prepared;
use super::scan::Class;
use super::words::Word;
use std::collections::{BTreeSet, HashMap};

/// For each statement, those that should come before it.
#[derive(Debug)]
pub(super) struct Order {
    /// Indexes of statements in the order in which they are tried.
    pub(super) sequence: Vec<usize>,
    /// What each one needs, as far as its words tell.
    pub(super) needs: Vec<BTreeSet<usize>>,
}

/// Where a statement stands among all that could be next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// What nobody mentions by name although they need it.
    Ground,
    /// Everything else.
    Main,
    /// `GRANT ... ON ALL TABLES IN SCHEMA`: about what is there by then.
    All,
    /// Event triggers would fire for what comes after them.
    Events,
}

/// Phase of a statement by its words.
pub(super) fn phase(words: &[Word]) -> Phase {
    let is = |at: usize, keyword: &str| words.get(at).is_some_and(|word| word.is(keyword));
    let pair = |one: &str, two: &str| {
        words
            .windows(2)
            .any(|two_words| two_words[0].is(one) && two_words[1].is(two))
    };
    let create = is(0, "create");
    if create
        && ["schema", "role", "user", "group", "extension"]
            .iter()
            .any(|kind| is(1, kind))
        && !is(2, "mapping")
    {
        Phase::Ground
    } else if (is(1, "event") && is(2, "trigger")) || (is(0, "comment") && is(2, "event")) {
        Phase::Events
    } else if is_privilege(words) && pair("on", "all") {
        Phase::All
    } else {
        Phase::Main
    }
}

fn is_privilege(words: &[Word]) -> bool {
    words
        .first()
        .is_some_and(|word| word.is("grant") || word.is("revoke"))
}

fn is_default_privilege(words: &[Word]) -> bool {
    words.len() > 1 && words[0].is("alter") && words[1].is("default")
}

/// Works out the order.
pub(super) fn order(statements: &[Prepared]) -> Order {
    let needs = needs(statements);
    let mut waiting: Vec<usize> = needs.iter().map(BTreeSet::len).collect();
    let mut wanted_by: Vec<Vec<usize>> = vec![Vec::new(); statements.len()];
    for (later, earlier) in needs.iter().enumerate() {
        for &earlier in earlier {
            wanted_by[earlier].push(later);
        }
    }
    let key = |at: usize| (statements[at].phase, at);
    let mut left: BTreeSet<_> = (0..statements.len()).map(key).collect();
    let mut ready: BTreeSet<_> = left
        .iter()
        .copied()
        .filter(|(_, at)| waiting[*at] == 0)
        .collect();
    let mut sequence = Vec::with_capacity(statements.len());
    // In a circle the first one as written is tried; the server says whether it is one.
    while let Some(next) = ready.pop_first().or_else(|| left.first().copied()) {
        left.remove(&next);
        let (_, at) = next;
        sequence.push(at);
        for &later in &wanted_by[at] {
            waiting[later] = waiting[later].saturating_sub(1);
            if waiting[later] == 0 && left.contains(&key(later)) {
                ready.insert(key(later));
            }
        }
    }
    Order { sequence, needs }
}

fn needs(statements: &[Prepared]) -> Vec<BTreeSet<usize>> {
    let mut defined: HashMap<&str, Vec<(usize, usize)>> = HashMap::new();
    for (at, statement) in statements.iter().enumerate() {
        for (i, definition) in statement.scanned.defines.iter().enumerate() {
            defined
                .entry(definition.name.as_str())
                .or_default()
                .push((at, i));
        }
    }
    let mut needs: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); statements.len()];
    for (later, statement) in statements.iter().enumerate() {
        for mention in &statement.scanned.mentions {
            for &(earlier, i) in defined.get(mention.name.as_str()).into_iter().flatten() {
                let definition = &statements[earlier].scanned.defines[i];
                let shape_of_itself = definition.class == Class::Shape
                    && (statement.scanned.defines.iter().any(|own| own.class == Class::Shape && own.name == definition.name)
                        // Within a file `SELECT *` means the columns that were there when it was written.
                        || statement.file == statements[earlier].file && later < earlier);
                if earlier != later && mention.means(definition) && !shape_of_itself {
                    needs[later].insert(earlier);
                }
            }
        }
    }
    privileges(statements, &mut needs);
    needs
}

/// Grants and revocations of a file stay in their order. Default privileges are there before
/// what other files create, and stay at their place in their own.
fn privileges(statements: &[Prepared], needs: &mut [BTreeSet<usize>]) {
    let mut before: HashMap<usize, usize> = HashMap::new();
    for (at, statement) in statements.iter().enumerate() {
        if is_privilege(&statement.words)
            && let Some(earlier) = before.insert(statement.file, at)
        {
            needs[at].insert(earlier);
        }
    }
    let defaults = statements
        .iter()
        .enumerate()
        .filter(|(_, one)| is_default_privilege(&one.words));
    for (at, default) in defaults {
        for (other, statement) in statements.iter().enumerate() {
            let creates = statement
                .scanned
                .defines
                .iter()
                .any(|defined| matches!(defined.class, Class::Named | Class::Function));
            if !creates || other == at {
                continue;
            }
            if statement.file == default.file && other < at {
                needs[at].insert(other);
            } else {
                needs[other].insert(at);
            }
        }
    }
}
