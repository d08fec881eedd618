//! Steps as people would write them: what a CREATE can hold goes into it.

use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::id::Id;
use crate::kinds::{Cx, Fragment};
use crate::order::{Edge, places};
use crate::planner::{Moment, Node, Work};
use crate::step::Step;

/// Ordered nodes to steps, with children said inside their parent's CREATE where the order allows.
/// What `said` holds for a node stands before it.
pub(crate) fn compact(
    nodes: Vec<Node<'_>>,
    order: &[usize],
    edges: &[Edge],
    mut said: BTreeMap<usize, Step>,
    cx: &Cx<'_>,
) -> Vec<Step> {
    let place = places(order);
    let creates: FxHashMap<&Id, usize> = nodes
        .iter()
        .enumerate()
        .filter(|(_, node)| node.moment == Moment::Create)
        .map(|(at, node)| (node.id, at))
        .collect();
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for edge in edges {
        // An edge that the order had to give up does not bind here either.
        if place[edge.first] < place[edge.then] {
            before[edge.then].push(edge.first);
        }
    }
    let mut inside: BTreeMap<usize, usize> = BTreeMap::new();
    let mut lines: BTreeMap<usize, Vec<(Id, String)>> = BTreeMap::new();
    let mut merging: FxHashSet<(usize, String)> = FxHashSet::default();
    for &at in order {
        let node = &nodes[at];
        let Work::Create { object, .. } = &node.work else {
            continue;
        };
        if !node.id.kind.inlines() {
            continue;
        }
        let Some(&parent) = object.parent().and_then(|parent| creates.get(&parent)) else {
            continue;
        };
        let fits = before[at].iter().all(|&first| {
            // What is said within a CREATE is there with it.
            let whole = inside.get(&first).copied().unwrap_or(first);
            whole == parent || place[whole] < place[parent]
        });
        let alone = object
            .merges()
            .is_none_or(|what| merging.insert((parent, what)));
        let inlined = fits
            && alone
            && object
                .inline()
                .is_some_and(|fragment| say(fragment, node.id, lines.entry(parent).or_default()));
        if inlined {
            inside.insert(at, parent);
        }
    }
    let mut steps = Vec::new();
    let mut spans = vec![0..0; nodes.len()];
    let mut nodes: Vec<Option<Node<'_>>> = nodes.into_iter().map(Some).collect();
    for &at in order {
        let Some(node) = nodes[at].take() else {
            continue;
        };
        let first = steps.len();
        if inside.contains_key(&at) {
            if let Work::Create { object, .. } = &node.work {
                steps.extend(object.rest(cx));
            }
            spans[at] = first..steps.len();
            continue;
        }
        steps.extend(said.remove(&at));
        match (lines.remove(&at), &node.work) {
            (Some(lines), Work::Create { object, .. }) if !lines.is_empty() => {
                let fragments: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
                steps.extend(object.create_with(&fragments, cx));
            }
            _ => steps.extend(node.steps(cx)),
        }
        spans[at] = first..steps.len();
    }
    link(&mut steps, &spans, &before, &inside);
    steps
}

/// Says of each step which ones have to be done first: the steps of a node follow one another, and
/// the first follows the last of each node before it.
fn link(
    steps: &mut [Step],
    spans: &[Range<usize>],
    before: &[Vec<usize>],
    inside: &BTreeMap<usize, usize>,
) {
    let whole = |at: usize| inside.get(&at).copied().unwrap_or(at);
    let last = |at: usize| match &spans[at] {
        span if span.is_empty() => spans[whole(at)].clone().last(),
        span => span.clone().last(),
    };
    for (at, firsts) in before.iter().enumerate() {
        let mut own = spans[at].clone();
        if let Some(whole) = inside.get(&at)
            && let Some(step) = own.next()
        {
            steps[step].after.extend(last(*whole));
        } else {
            own.next();
        }
        for step in own {
            steps[step].after.push(step - 1);
        }
        let Some(then) = spans[whole(at)].clone().next() else {
            continue;
        };
        let firsts = firsts.iter().filter_map(|first| last(*first));
        steps[then]
            .after
            .extend(firsts.filter(|first| *first < then));
    }
    for step in steps {
        step.after.sort_unstable();
        step.after.dedup();
    }
}

/// Adds a fragment to its parent's lines; false where its sibling is not among them.
fn say(fragment: Fragment, id: &Id, lines: &mut Vec<(Id, String)>) -> bool {
    match fragment {
        Fragment::Line(line) => lines.push((id.clone(), line)),
        Fragment::Behind { sibling, text } => {
            let Some((_, line)) = lines.iter_mut().find(|(id, _)| *id == sibling) else {
                return false;
            };
            line.push(' ');
            line.push_str(&text);
        }
    }
    true
}
