//! Other statements in place of those for which people would wait, and an order of all of them that
//! takes few commits.

use rustc_hash::FxHashSet;

use crate::catalog::Catalog;
use crate::kinds::Cx;
use crate::order::places;
use crate::sql::literal;
use crate::step::{Action, Step, Transaction};

/// Puts in what the objects know of themselves: a step becomes several, which follow one another, and
/// whoever came after it comes after the last of them.
pub(crate) fn online(steps: Vec<Step>, from: &Catalog, to: &Catalog) -> Vec<Step> {
    let created = FxHashSet::default();
    let cx = Cx {
        from,
        to,
        created: &created,
    };
    let mut all: Vec<Step> = Vec::new();
    let mut last = Vec::new();
    for step in steps {
        let object = match step.action {
            Action::Drop => from.get(&step.object),
            _ => to.get(&step.object),
        };
        let after: Vec<usize> = step.after.iter().map(|first| last[*first]).collect();
        let instead = object.and_then(|object| object.online(&step, &cx));
        for (number, mut step) in instead
            .unwrap_or_else(|| vec![step])
            .into_iter()
            .enumerate()
        {
            step.after = match number {
                0 => after.clone(),
                _ => vec![all.len() - 1],
            };
            all.push(step);
        }
        last.push(all.len() - 1);
    }
    in_few_commits(all)
}

/// What can share a transaction: quick steps, those that read many rows and lock nobody out, and each
/// that refuses a transaction. A quick one's lock is not held while rows are read.
fn group(step: &Step) -> usize {
    match step.transaction {
        Transaction::Together => 0,
        Transaction::AfterCommit => 1,
        Transaction::Alone => 2,
    }
}

/// Orders steps by rounds, as few as there can be: in each one the groups follow one another.
fn in_few_commits(steps: Vec<Step>) -> Vec<Step> {
    let mut rounds: Vec<usize> = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        // What somebody fills in by hand comes after all that needs no filling in.
        let mut round = usize::from(step.backfill.is_some());
        for first in &step.after {
            let too_late = group(&steps[*first]) > group(step);
            round = round.max(rounds[*first] + usize::from(too_late));
        }
        for (first, maker) in steps[..at].iter().enumerate() {
            let value = maker.usable_after_commit.as_ref();
            if value.is_some_and(|value| step.sql.contains(&literal(value))) {
                round = round.max(rounds[first] + 1);
            }
        }
        rounds.push(round);
    }
    let mut order: Vec<usize> = (0..steps.len()).collect();
    order.sort_by_key(|at| (rounds[*at], group(&steps[*at])));
    let place = places(&order);
    let mut before = None;
    let mut steps: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    let mut ordered = Vec::new();
    for at in order {
        let Some(mut step) = steps[at].take() else {
            continue;
        };
        for first in &mut step.after {
            *first = place[*first];
        }
        step.after.sort_unstable();
        let own = (rounds[at], group(&step));
        if step.transaction != Transaction::Alone {
            step.transaction = match before {
                Some(before) if before != own => Transaction::AfterCommit,
                _ => Transaction::Together,
            };
        }
        before = Some(own);
        ordered.push(step);
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;
    use crate::kinds::Tag;

    /// `name`, `name>first,first` or `name!` (alone) or `name~` (reads rows) as steps.
    fn ordered(words: &str) -> String {
        let words: Vec<&str> = words.split(' ').collect();
        let named = |word: &str| word.trim_end_matches(['!', '~', '?']).to_owned();
        let names: Vec<String> = words
            .iter()
            .map(|word| named(word.split('>').next().unwrap_or_default()))
            .collect();
        let steps = words.iter().map(|word| {
            let (own, after) = word.split_once('>').unwrap_or((word, ""));
            let mut step = Step::alter(Id::global(Tag::Role, ""), named(own));
            step.transaction = match own.chars().last() {
                Some('!') => Transaction::Alone,
                Some('~') => Transaction::AfterCommit,
                _ => Transaction::Together,
            };
            step.backfill = own.ends_with('?').then(String::new);
            step.after = names
                .iter()
                .enumerate()
                .filter(|(_, name)| after.split(',').any(|first| first == *name))
                .map(|(at, _)| at)
                .collect();
            step
        });
        let steps = in_few_commits(steps.collect());
        for (at, step) in steps.iter().enumerate() {
            assert!(step.after.iter().all(|first| *first < at), "{}", step.sql);
        }
        let batches = crate::batch::batches(&steps);
        let batches = batches.iter().map(|batch| {
            let steps: Vec<&str> = batch.steps.iter().map(|step| step.sql.as_str()).collect();
            steps.join(" ")
        });
        batches.collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn rounds_are_few_and_their_groups_do_not_mix() {
        for (steps, expected) in [
            ("a b c", "a b c"),
            // What is validated is added with the rest, and validated together.
            ("a v~>a b w~>b", "a b | v w"),
            // An index needs no commit of its own before it, what uses it does.
            ("a i!>a b>i c", "a c | i | b"),
            ("i! j!>i k!", "i | j | k"),
            // A check, its validation, what takes its word: while rows are read, nothing else is locked.
            ("a? v~>a s>v d>s x y~>x", "x | y | a | v | s d"),
            ("c f!>c a>f v~>a s>v", "c | f | a | v | s"),
        ] {
            assert_eq!(ordered(steps), expected, "{steps}");
        }
    }
}
