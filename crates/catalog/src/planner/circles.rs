//! Ways out where needs run in a circle.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::{Moment, Node, Planner};
use crate::catalog::Spelling;
use crate::id::Id;
use crate::kinds::{GivesWay, Object};
use crate::order::{Edge, places};
use crate::step::Step;

impl Planner<'_> {
    /// Finds what needs something that needs it in turn, where it can do without for a while.
    pub(super) fn find_early(&self) -> BTreeMap<Id, (Object, BTreeSet<Id>)> {
        // Names that text mentions are too little to go by.
        if self.to.spelling() == Spelling::Declared {
            return BTreeMap::new();
        }
        let created = self.delta.created.iter().chain(&self.replaced);
        let appearing: Vec<(&Id, &Object)> = created
            .filter_map(|id| Some((id, self.to_needs.object(id)?)))
            .collect();
        let at: FxHashMap<&Id, usize> = (appearing.iter().enumerate())
            .map(|(at, (id, _))| (*id, at))
            .collect();
        // The two graphs: what certainly needs what; and with mentions in opaque text, and with
        // parts that ought to be said within the CREATE of their whole.
        let mut certain = vec![Vec::new(); appearing.len()];
        let mut all = vec![Vec::new(); appearing.len()];
        let mut candidates: Vec<(usize, Object, Id)> = Vec::new();
        for (here, (id, object)) in appearing.iter().enumerate() {
            for need in self.to_needs.of_object(id, object) {
                let Some(&there) = at.get(&need.id) else {
                    continue;
                };
                all[here].push(there);
                if !need.certain {
                    continue;
                }
                certain[here].push(there);
                if object.early(appearing[there].1).is_some() {
                    candidates.push((here, appearing[there].1.clone(), need.id));
                }
            }
            if id.kind.inlines()
                && let Some(whole) = object.parent().and_then(|parent| at.get(&parent))
            {
                all[*whole].push(here);
            }
        }
        let mut early: BTreeMap<Id, (Object, BTreeSet<Id>)> = BTreeMap::new();
        if candidates.is_empty() {
            return early;
        }
        let (certain, all) = (components(&certain), components(&all));
        for (here, below, need) in candidates {
            let (id, object) = appearing[here];
            let circles = if id.kind.inlines() { &all } else { &certain };
            if circles[here] != circles[at[&need]] {
                continue;
            }
            let entry = early.entry(id.clone());
            let (meanwhile, later) = entry.or_insert_with(|| (object.clone(), BTreeSet::new()));
            if let Some(without) = meanwhile.early(&below) {
                *meanwhile = without;
            }
            later.insert(need);
        }
        early
    }

    /// What goes and is needed by what it needs: it lets go of that first.
    pub(super) fn release(&mut self, circle: &BTreeSet<Id>) -> bool {
        let mut found = BTreeMap::new();
        for id in circle.iter().filter(|id| self.goes(id)) {
            let Some(object) = self.from.get(id) else {
                continue;
            };
            let mut meanwhile = None;
            let mut later = BTreeSet::new();
            for need in self.from_needs.of_object(id, object) {
                if circle.contains(&need.id)
                    && self.goes(&need.id)
                    && let Some(below) = self.from.get(&need.id)
                    && let Some(without) = meanwhile.as_ref().unwrap_or(object).early(below)
                {
                    meanwhile = Some(without);
                    later.insert(need.id);
                }
            }
            if let Some(meanwhile) = meanwhile
                && !self.released.contains_key(id)
            {
                found.insert(id.clone(), (meanwhile, later));
            }
        }
        // One may be enough.
        let first = found.pop_first();
        let any = first.is_some();
        self.released.extend(first);
        any
    }

    /// Two tables that go and reference each other: their foreign keys have to go first.
    pub(super) fn break_circle(&mut self, circle: &BTreeSet<Id>) -> bool {
        let fallen: Vec<Id> = self
            .delta
            .dropped
            .iter()
            .filter(|id| self.falls_silently(id))
            .filter(|id| {
                self.carrier(id)
                    .is_some_and(|carrier| circle.contains(&carrier))
            })
            .filter(|id| {
                let own = self.carrier(id);
                self.from_needs.of(id).iter().any(|need| {
                    let carrier = self.carrier(&need.id);
                    carrier != own && carrier.is_some_and(|c| circle.contains(&c))
                })
            })
            .cloned()
            .collect();
        let before = self.alone.len();
        self.alone.extend(fallen);
        self.alone.len() > before
    }

    /// What is altered from using who gives up a name to using who takes it, so that the one cannot
    /// go before the other comes: it is made anew instead.
    pub(super) fn torn(&self, nodes: &[Node<'_>], order: &[usize], edges: &[Edge]) -> BTreeSet<Id> {
        let place = places(order);
        let too_late = edges.iter().filter(|edge| {
            nodes[edge.first].moment == Moment::Drop
                && nodes[edge.then].moment == Moment::Create
                && place[edge.first] > place[edge.then]
        });
        let mut torn = BTreeSet::new();
        for edge in too_late {
            let (goes, comes) = (nodes[edge.first].id, nodes[edge.then].id);
            let uses_both = |id: &Id| {
                let used = self.from_needs.of(id);
                used.iter()
                    .any(|need| self.carrier(&need.id).as_ref() == Some(goes))
                    && self.to_needs.of(id).iter().any(|need| need.id == *comes)
            };
            let can_be_anew = |id: &Id| {
                let (object, below) = (self.from.get(id), self.from.get(goes));
                object.zip(below).is_some_and(|(object, below)| {
                    object.gives_way(below, true) == GivesWay::Rebuild
                })
            };
            let altered = nodes.iter().filter(|node| node.moment == Moment::Alter);
            torn.extend(
                altered
                    .map(|node| node.id)
                    .filter(|id| uses_both(id) && can_be_anew(id))
                    .cloned(),
            );
        }
        torn
    }

    /// What has to be said before steps whose text mentions what comes after them.
    pub(super) fn unchecked(
        &self,
        nodes: &[Node<'_>],
        order: &[usize],
        edges: &[Edge],
    ) -> BTreeMap<usize, Step> {
        let place = places(order);
        let early: BTreeSet<usize> = edges
            .iter()
            .filter(|edge| place[edge.first] > place[edge.then])
            .map(|edge| edge.then)
            .collect();
        let texts = nodes.iter().enumerate().filter_map(|(at, node)| {
            let object = self.to_needs.object(node.id)?;
            let step = match node.moment {
                Moment::Create | Moment::Alter if early.contains(&at) => object.unchecked(false),
                Moment::Create if self.to_needs.mentions_itself(node.id, object) => {
                    object.unchecked(true)
                }
                _ => None,
            };
            Some((at, step?))
        });
        texts.collect()
    }
}

/// Which circle each node of a graph is in: nodes are in the same one where each can be reached
/// from the other.
fn components(edges: &[Vec<usize>]) -> Vec<usize> {
    const UNSEEN: usize = usize::MAX;
    let mut number = vec![UNSEEN; edges.len()];
    let mut low = vec![0; edges.len()];
    let mut component = vec![UNSEEN; edges.len()];
    let (mut next, mut stack) = (0, Vec::new());
    for start in 0..edges.len() {
        // Without recursion: needs can be as deep as a schema is large.
        let mut walk = if number[start] == UNSEEN {
            vec![(start, 0)]
        } else {
            Vec::new()
        };
        while let Some((node, edge)) = walk.pop() {
            if edge == 0 {
                number[node] = next;
                low[node] = next;
                next += 1;
                stack.push(node);
            } else {
                low[node] = low[node].min(low[edges[node][edge - 1]]);
            }
            let open = (edge..edges[node].len()).find(|at| {
                let to = edges[node][*at];
                if number[to] != UNSEEN && component[to] == UNSEEN {
                    low[node] = low[node].min(number[to]);
                }
                number[to] == UNSEEN
            });
            if let Some(at) = open {
                walk.push((node, at + 1));
                walk.push((edges[node][at], 0));
            } else if low[node] == number[node] {
                while let Some(member) = stack.pop() {
                    component[member] = node;
                    if member == node {
                        break;
                    }
                }
            }
        }
    }
    component
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_told_apart() {
        // 0 and 1, with 2 and 3 behind them in a circle of their own; 4 leads to all, 5 to itself.
        let edges = [vec![1], vec![0, 2], vec![3], vec![2], vec![0, 3], vec![5]];
        let of = components(&edges);
        assert_eq!(of[0], of[1]);
        assert_eq!(of[2], of[3]);
        let different: BTreeSet<usize> = [of[0], of[2], of[4], of[5]].into();
        assert_eq!(different.len(), 4);
    }
}
