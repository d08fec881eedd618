//! One deterministic topological order.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// `first` comes before `then`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    pub(crate) first: usize,
    pub(crate) then: usize,
    /// Only a preference: dropped where the certain edges leave no order.
    pub(crate) soft: bool,
}

/// Orders `0..keys.len()` so that every edge holds; ties go to the smallest key.
///
/// Soft edges give way where they close a circle. A circle of hard edges is a bug: its nodes come
/// back as the error.
pub(crate) fn order<K: Ord>(keys: &[K], edges: &[Edge]) -> Result<Vec<usize>, Vec<usize>> {
    let mut edges: Vec<Edge> = edges
        .iter()
        .copied()
        .filter(|edge| edge.first != edge.then)
        .collect();
    edges.sort_unstable();
    edges.dedup();
    loop {
        let (done, stuck) = sort(keys, &edges);
        if stuck.is_empty() {
            return Ok(done);
        }
        // Give up one soft edge within a circle, the one whose end has the smallest key.
        let in_circle = circle(&stuck, &edges);
        let victim = edges
            .iter()
            .filter(|e| e.soft && in_circle.contains(&e.first) && in_circle.contains(&e.then))
            .min_by_key(|e| (&keys[e.then], &keys[e.first]))
            .copied();
        match victim {
            Some(victim) => edges.retain(|edge| *edge != victim),
            None => return Err(in_circle.into_iter().collect()),
        }
    }
}

/// Where each of `0..order.len()` stands in an order of all of them.
pub(crate) fn places(order: &[usize]) -> Vec<usize> {
    let mut places = vec![0; order.len()];
    for (place, at) in order.iter().enumerate() {
        places[*at] = place;
    }
    places
}

fn sort<K: Ord>(keys: &[K], edges: &[Edge]) -> (Vec<usize>, Vec<usize>) {
    let mut waits = vec![0usize; keys.len()];
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); keys.len()];
    for edge in edges {
        waits[edge.then] += 1;
        after[edge.first].push(edge.then);
    }
    let mut ready: BinaryHeap<_> = (0..keys.len())
        .filter(|node| waits[*node] == 0)
        .map(|node| Reverse((&keys[node], node)))
        .collect();
    let mut done = Vec::with_capacity(keys.len());
    while let Some(Reverse((_, node))) = ready.pop() {
        done.push(node);
        for &next in &after[node] {
            waits[next] -= 1;
            if waits[next] == 0 {
                ready.push(Reverse((&keys[next], next)));
            }
        }
    }
    let stuck = (0..keys.len()).filter(|node| waits[*node] > 0).collect();
    (done, stuck)
}

/// The nodes of one circle among the stuck ones.
fn circle(stuck: &[usize], edges: &[Edge]) -> BTreeSet<usize> {
    let stuck: BTreeSet<usize> = stuck.iter().copied().collect();
    let Some(&start) = stuck.first() else {
        return BTreeSet::new();
    };
    // Every stuck node waits for another stuck node: going backwards must come round.
    let mut path = vec![start];
    loop {
        let last = path[path.len() - 1];
        let Some(before) = edges
            .iter()
            .find(|edge| edge.then == last && stuck.contains(&edge.first))
            .map(|edge| edge.first)
        else {
            return stuck;
        };
        if let Some(at) = path.iter().position(|node| *node == before) {
            return path[at..].iter().copied().collect();
        }
        path.push(before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(first: usize, then: usize, soft: bool) -> Edge {
        Edge { first, then, soft }
    }

    #[test]
    fn ties_go_to_the_smallest_key() {
        let order = order(&["c", "a", "b"], &[edge(0, 1, false)]);
        assert_eq!(order, Ok(vec![2, 0, 1]));
    }

    #[test]
    fn a_soft_edge_gives_way_in_a_circle() {
        let edges = [edge(0, 1, false), edge(1, 0, true)];
        assert_eq!(order(&["a", "b"], &edges), Ok(vec![0, 1]));
    }

    #[test]
    fn a_circle_of_hard_edges_is_named() {
        let edges = [edge(0, 1, false), edge(1, 2, false), edge(2, 1, false)];
        assert_eq!(order(&["a", "b", "c"], &edges), Err(vec![1, 2]));
    }
}
