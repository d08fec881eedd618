//! Renames: what somebody decided, what needs no decision, and what has to be asked.
//!
//! A rename is never guessed. [`resolve`] turns the first catalog into one where every decided
//! rename is done, so that nothing after it has to know about them.

mod apply;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use driftless_diagnostic::Diagnostic;
use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::diff::alone;
use crate::id::{Id, Space};
use crate::kinds::{Renaming, Tag};
use crate::similar::{Likeness, likeness};
use crate::sql::stored_name;
use crate::step::Step;

/// One answer: names as in [`Id::path`] or [`Id::full_path`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Decision {
    /// The first became the second.
    Rename(String, String),
    /// This is new, whatever looks like it.
    Create(String),
}

/// Every answer at hand.
pub type Decisions = [Decision];

/// Something new that may be something old under another name.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What people call such a thing: `column`, `enum value`.
    pub noun: &'static str,
    /// The new one.
    pub created: Id,
    /// What it may have been, the most alike first; never empty.
    pub candidates: Vec<Candidate>,
}

/// Something old that disappears.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The old one.
    pub dropped: Id,
    /// From 0 (nothing in common) to 1 (all but the name).
    pub likeness: f64,
    /// What they have in common, for people: `same definition`, `5 of 6 columns the same`.
    pub evidence: String,
}

/// The first catalog after its renames.
pub(crate) struct Renamed<'a> {
    pub(crate) catalog: Cow<'a, Catalog>,
    /// What stands in the one catalog alone, and in the other.
    pub(crate) alone: (BTreeSet<Id>, BTreeSet<Id>),
    pub(crate) steps: Vec<Step>,
    pub(crate) questions: Vec<Question>,
    /// Decisions that applied, in full paths.
    pub(crate) used: Vec<Decision>,
    /// Decisions that fit nothing.
    pub(crate) unused: Vec<Decision>,
}

impl Decision {
    /// Reads `a.b=a.c`.
    pub fn parse_rename(text: &str) -> Option<Self> {
        let (old, new) = text.split_once('=')?;
        let (old, new) = (old.trim(), new.trim());
        (!old.is_empty() && !new.is_empty()).then(|| Self::Rename(old.to_owned(), new.to_owned()))
    }
}

/// Does every decided rename and collects what nobody has decided.
pub(crate) fn resolve<'a>(
    from: &'a Catalog,
    to: &'a Catalog,
    decisions: &'a Decisions,
) -> Result<Renamed<'a>, Diagnostic> {
    let (dropped, created) = alone(from, to);
    let mut work = Work {
        from: Cow::Borrowed(from),
        to,
        dropped,
        created,
        decisions,
        used: BTreeSet::new(),
        full: Vec::new(),
        before: BTreeMap::new(),
        steps: Vec::new(),
        questions: Vec::new(),
    };
    for kind in Tag::ALL {
        work.decided(*kind)?;
        if kind.renaming() == Renaming::Ask {
            work.ask(*kind);
        }
        // Whatever is inside a schema looks new while its schema does: that answer comes first.
        if kind.space() == Space::Schema && !work.questions.is_empty() {
            break;
        }
        work.parts(*kind);
    }
    if work.questions.is_empty() {
        for kind in Tag::ALL {
            if kind.renaming() == Renaming::WhenEqual {
                work.when_equal(*kind);
            }
        }
    }
    let unused = decisions
        .iter()
        .enumerate()
        .filter(|(at, _)| !work.used.contains(at))
        .map(|(_, decision)| decision.clone())
        .collect();
    Ok(Renamed {
        catalog: work.from,
        alone: (work.dropped, work.created),
        steps: work.steps,
        questions: work.questions,
        used: work.full,
        unused,
    })
}

/// A catalog in which something is called otherwise, wherever it is mentioned.
pub(crate) fn called_otherwise(catalog: Catalog, old: &Id, new: &Id) -> Catalog {
    apply::rename(catalog, old, new).catalog
}

struct Work<'a> {
    /// Cloned by the first rename.
    from: Cow<'a, Catalog>,
    to: &'a Catalog,
    /// What is in the first catalog alone, as it stands.
    dropped: BTreeSet<Id>,
    /// What is in the second catalog alone.
    created: BTreeSet<Id>,
    decisions: &'a Decisions,
    used: BTreeSet<usize>,
    full: Vec<Decision>,
    /// What a renamed object was called before.
    before: BTreeMap<Id, Id>,
    steps: Vec<Step>,
    questions: Vec<Question>,
}

impl Work<'_> {
    /// Renames of one kind that somebody asked for, in an order in which every name is free.
    fn decided(&mut self, kind: Tag) -> Result<(), Diagnostic> {
        let mut pairs: Vec<(usize, Id, Id)> = Vec::new();
        for (at, decision) in self.decisions.iter().enumerate() {
            let Decision::Rename(old, new) = decision else {
                continue;
            };
            if self.used.contains(&at) {
                continue;
            }
            let olds: Vec<_> = Self::ids_of(&self.from, kind, |id| self.was_called(id, old));
            let news: Vec<_> = Self::ids_of(self.to, kind, |id| called(id, new));
            let pair = olds
                .iter()
                .flat_map(|old| news.iter().map(move |new| (old, new)))
                .find(|(old, new)| old != new && may_become(old, new));
            if let Some((old, new)) = pair {
                pairs.push((at, old.clone(), new.clone()));
            }
        }
        while !pairs.is_empty() {
            let Some(free) = pairs
                .iter()
                .position(|(_, old, new)| !apply::taken(&self.from, old, new))
            else {
                let (_, old, new) = &pairs[0];
                return Err(Diagnostic::error(
                    "rename-target-taken",
                    format!(
                        "{old} cannot be renamed to {} while that exists",
                        new.path()
                    ),
                )
                .help("rename in two migrations, through a name that is free"));
            };
            let (at, old, new) = pairs.remove(free);
            self.used.insert(at);
            self.full
                .push(Decision::Rename(old.full_path(), new.full_path()));
            self.rename(&old, &new);
        }
        Ok(())
    }

    fn ids_of(catalog: &Catalog, kind: Tag, fits: impl Fn(&Id) -> bool) -> Vec<Id> {
        catalog
            .of_kind(kind)
            .map(|(id, _)| id)
            .filter(|id| fits(id))
            .cloned()
            .collect()
    }

    /// Whether an object of the first catalog goes by this name now, or did before its parents
    /// were renamed.
    fn was_called(&self, id: &Id, name: &str) -> bool {
        called(id, name)
            || self
                .before
                .get(id)
                .is_some_and(|before| called(before, name))
    }

    fn rename(&mut self, old: &Id, new: &Id) {
        // A thing that moves into a new schema needs the schema first.
        if let Some(parent) = self.to.get(new).and_then(crate::kinds::Object::parent)
            && !self.from.contains(&parent)
            && let Some(parent) = self.to.get(&parent)
        {
            let id = parent.id();
            let cx = crate::kinds::Cx {
                from: &self.from,
                to: self.to,
                created: &std::iter::once(&id).collect(),
            };
            let steps = parent.create(&cx);
            self.steps.extend(steps);
            self.from.to_mut().insert(parent.clone());
        }
        let empty = Cow::Owned(Catalog::empty(self.to.spelling()));
        let catalog = std::mem::replace(&mut self.from, empty).into_owned();
        let applied = apply::rename(catalog, old, new);
        self.from = Cow::Owned(applied.catalog);
        (self.dropped, self.created) = alone(&self.from, self.to);
        self.steps.extend(applied.steps);
        for (was, is) in applied.moved {
            let first = self.before.remove(&was).unwrap_or(was);
            self.before.insert(is, first);
        }
    }

    fn ask(&mut self, kind: Tag) {
        let dropped = of_kind(&self.dropped, kind);
        let created = of_kind(&self.created, kind);
        for new in &created {
            let candidates: Vec<_> = dropped
                .iter()
                .filter(|old| may_become(old, new))
                .map(|old| (old, likeness(&self.from, old, self.to, new)))
                .collect();
            self.question(kind.noun(), new, candidates.into_iter());
        }
    }

    fn question<'q>(
        &mut self,
        noun: &'static str,
        new: &Id,
        candidates: impl Iterator<Item = (&'q Id, Likeness)>,
    ) {
        let mut candidates: Vec<_> = candidates
            .map(|(old, Likeness { score, evidence })| Candidate {
                dropped: old.clone(),
                likeness: score,
                evidence,
            })
            .collect();
        if candidates.is_empty() {
            return;
        }
        let said = self
            .decisions
            .iter()
            .position(|decision| matches!(decision, Decision::Create(name) if called(new, name)));
        if let Some(at) = said {
            self.used.insert(at);
            self.full.push(Decision::Create(new.full_path()));
            return;
        }
        candidates.sort_by(|a, b| {
            b.likeness
                .total_cmp(&a.likeness)
                .then_with(|| a.dropped.cmp(&b.dropped))
        });
        self.questions.push(Question {
            noun,
            created: new.clone(),
            candidates,
        });
    }

    /// Parts of an object that both catalogs hold: labels of an enum.
    fn parts(&mut self, kind: Tag) {
        let both: Vec<Id> = self
            .from
            .of_kind(kind)
            .filter(|(id, object)| !object.parts().is_empty() && self.to.contains(id))
            .map(|(id, _)| id.clone())
            .collect();
        for id in both {
            let (Some(old), Some(new)) = (self.from.get(&id), self.to.get(&id)) else {
                continue;
            };
            let (was, is) = (old.parts(), new.parts());
            let part = |name: &String| Id::in_parent(kind, &id.schema, &id.name, name);
            let mut gone: Vec<Id> = was.iter().filter(|n| !is.contains(n)).map(part).collect();
            let mut come: Vec<Id> = is.iter().filter(|n| !was.contains(n)).map(part).collect();
            if gone.is_empty() || come.is_empty() {
                continue;
            }
            let mut object = old.clone();
            for (at, decision) in self.decisions.iter().enumerate() {
                let Decision::Rename(old, new) = decision else {
                    continue;
                };
                let (Some(g), Some(c)) = (
                    gone.iter().position(|id| called(id, old)),
                    come.iter().position(|id| called(id, new)),
                ) else {
                    continue;
                };
                if let Some((renamed, steps)) = object.rename_part(&gone[g].name, &come[c].name) {
                    object = renamed;
                    self.steps.extend(steps);
                    self.used.insert(at);
                    self.full.push(Decision::Rename(
                        gone.remove(g).full_path(),
                        come.remove(c).full_path(),
                    ));
                }
            }
            if self.from.get(&id) != Some(&object) {
                self.from.to_mut().replace(&id, object);
            }
            for new in come {
                let candidates: Vec<_> = gone
                    .iter()
                    .map(|old| (old, Likeness::of_names(&old.name, &new.name)))
                    .collect();
                self.question("enum value", &new, candidates.into_iter());
            }
        }
    }

    /// Same thing, other name, and nothing to lose: renaming ends where drop and create would.
    fn when_equal(&mut self, kind: Tag) {
        let mut created = of_kind(&self.created, kind);
        for old in of_kind(&self.dropped, kind) {
            let Some(object) = self.from.get(&old) else {
                continue;
            };
            let twin = created.iter().position(|new| {
                old.schema == new.schema
                    && old.parent == new.parent
                    && self
                        .to
                        .get(new)
                        .is_some_and(|new| apply::renamed(object, &old, &new.id()).same(new))
            });
            if let Some(at) = twin {
                let new = created.remove(at);
                if !object.keeps_name(&self.from) && !apply::crowded(&self.from, &old, &new) {
                    self.rename(&old, &new);
                }
            }
        }
    }
}

fn of_kind(ids: &BTreeSet<Id>, kind: Tag) -> Vec<Id> {
    ids.range(Id::global(kind, "")..)
        .take_while(|id| id.kind == kind)
        .cloned()
        .collect()
}

/// Whether an id is what a flag or a stored decision names.
fn called(id: &Id, name: &str) -> bool {
    let is = |name: &str| id.path() == name || id.full_path() == name;
    // People write a name as the schema has it, the catalog has it as Postgres does.
    let cut = || {
        name.split('.')
            .map(stored_name)
            .collect::<Vec<_>>()
            .join(".")
    };
    is(name) || name.len() > 63 && is(&cut())
}

/// Columns stay in their table; everything else may move between schemas.
fn may_become(old: &Id, new: &Id) -> bool {
    old.kind == new.kind
        && match old.kind.space() {
            Space::Column | Space::Leaf | Space::Attached => {
                old.schema == new.schema && old.parent == new.parent
            }
            _ => true,
        }
}
