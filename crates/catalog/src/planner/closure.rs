//! What has to give way to a change below it, and to what gives way in turn.

use super::Planner;
use crate::id::Id;
use crate::kinds::{Change, GivesWay, Object};

/// What changes below others.
struct Disturbed {
    id: Id,
    /// What it becomes; nothing where it goes, or is made anew.
    becomes: Option<Object>,
}

impl Disturbed {
    fn gone(id: Id) -> Self {
        Self { id, becomes: None }
    }
}

impl Planner<'_> {
    /// Finds everything that has to give way.
    pub(super) fn close(&mut self) {
        let mut disturbed = self.disturbed();
        while let Some(below) = disturbed.pop() {
            let Some(object) = self.from.get(&below.id) else {
                continue;
            };
            while let Some(whole) = object.ends_only_with(self.from, &|id| self.goes(id))
                && self.to.contains(&whole)
                && self.replace(whole.clone())
            {
                disturbed.push(Disturbed::gone(whole));
            }
            for id in self.from_needs.dependents(&below.id).to_vec() {
                disturbed.extend(self.give_way(id, &below, object));
            }
        }
    }

    /// What changes by itself.
    fn disturbed(&mut self) -> Vec<Disturbed> {
        let mut disturbed = Vec::new();
        let mut anew = self.wholes();
        for (id, change) in &self.delta.changed {
            match change {
                Change::Replace => anew.push(id.clone()),
                Change::Alter { disturbs: true, .. } => disturbed.push(Disturbed {
                    id: id.clone(),
                    becomes: self.to.get(id).cloned(),
                }),
                Change::Alter { .. } => {}
            }
        }
        self.replaced.extend(anew.iter().cloned());
        let gone = anew.into_iter().chain(self.delta.dropped.iter().cloned());
        disturbed.extend(gone.map(Disturbed::gone));
        disturbed
    }

    /// What has to be made anew because of what appears or changes.
    fn wholes(&self) -> Vec<Id> {
        let changed = self.delta.changed.keys();
        let touched = self.delta.created.iter().chain(changed);
        touched
            .filter_map(|id| {
                let old = self.from.get(id);
                let whole = self.to.get(id)?.comes_only_with(old, self.from, self.to)?;
                self.from.contains(&whole).then_some(whole)
            })
            .collect()
    }

    /// One that needs what changes below it; whatever is disturbed by its giving way.
    fn give_way(&mut self, id: Id, below: &Disturbed, below_object: &Object) -> Option<Disturbed> {
        let object = self.from.get(&id)?;
        if !self.to.contains(&id) || self.replaced.contains(&id) {
            return None;
        }
        let gives_way = object.gives_way(below_object, below.becomes.is_none());
        let fits = |new: &Object| object.stays_on(below_object, new);
        match gives_way {
            GivesWay::Stay if below.becomes.as_ref().is_none_or(fits) => None,
            GivesWay::Rebuild if self.leaves(&id, &below.id) => None,
            GivesWay::RebuildUnder(bond) if self.goes(&bond) => None,
            GivesWay::Detach => self.detach(id, object, &below.id, below_object),
            GivesWay::Stay
            | GivesWay::Rebuild
            | GivesWay::RebuildAnyhow
            | GivesWay::RebuildUnder(_) => {
                self.replace(id.clone());
                Some(Disturbed::gone(id))
            }
        }
    }

    fn detach(
        &mut self,
        id: Id,
        object: &Object,
        below: &Id,
        below_object: &Object,
    ) -> Option<Disturbed> {
        // What is dropped for good is left by the object's own change.
        if self.delta.dropped.contains(below)
            && self.delta.changed.contains_key(&id)
            && !self.is_followed(below)
        {
            return None;
        }
        // It may have let go of something else already.
        let now = self.detached.get(&id).unwrap_or(object);
        let meanwhile = now.detached(below_object)?;
        if let Some(whole) = meanwhile.comes_only_with(Some(object), self.from, self.to) {
            let anew = self.to.contains(&whole) && self.replace(whole.clone());
            return anew.then(|| Disturbed::gone(whole));
        }
        if meanwhile == *now {
            return None;
        }
        self.detached.insert(id.clone(), meanwhile.clone());
        Some(Disturbed {
            id,
            becomes: Some(meanwhile),
        })
    }

    /// Whether that is news.
    fn replace(&mut self, id: Id) -> bool {
        self.detached.remove(&id);
        self.replaced.insert(id)
    }

    /// Whether an object's own change, which needs no rebuild, leaves what goes below it.
    fn leaves(&self, id: &Id, below: &Id) -> bool {
        if !matches!(self.delta.changed.get(id), Some(Change::Alter { .. })) {
            return false;
        }
        if self.replaced.contains(below) {
            return self.to_needs.of(id).iter().all(|need| need.id != *below);
        }
        self.delta.dropped.contains(below) && !self.is_followed(below)
    }

    /// Whether something new goes by the same name, so that what uses both waits until it is free.
    fn is_followed(&self, below: &Id) -> bool {
        self.delta.created.iter().any(|new| {
            new.schema == below.schema && new.parent == below.parent && new.word() == below.word()
        })
    }
}
