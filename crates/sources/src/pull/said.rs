//! The part of a database that TypeScript says, as a catalog.

use super::kinds::{self, Cx, Part};
use super::{Request, Told};
use driftless_catalog::{Catalog, Id};
use std::collections::BTreeSet;

/// What TypeScript says.
pub(super) struct Said {
    /// What is there once `schema.ts` is loaded into an empty database.
    pub(super) catalog: Catalog,
    /// What of it has to be written: not what every database has.
    pub(super) own: BTreeSet<Id>,
    /// Tables that are in SQL with everything that belongs to them.
    pub(super) tables_in_sql: BTreeSet<Id>,
    /// What is in SQL although TypeScript has words for its kind.
    pub(super) told: Vec<Told>,
}

impl Said {
    pub(super) fn of(request: &Request<'_>, in_sql: &BTreeSet<Id>) -> Self {
        let Request { live, bare, .. } = *request;
        let mut cx = Cx::new(live, in_sql);
        let mut said = Self {
            catalog: Catalog::empty(live.spelling()),
            own: BTreeSet::new(),
            tables_in_sql: BTreeSet::new(),
            told: Vec::new(),
        };
        // What holds others comes first, and takes them along into SQL.
        let own = || {
            live.objects()
                .filter(|(id, object)| bare.get(id) != Some(*object))
        };
        let holds = |id: &Id| kinds::holds(id.kind);
        let mut parts = Vec::new();
        for first in [true, false] {
            for (id, object) in own().filter(|(id, _)| holds(id) == first) {
                match kinds::part(object, &cx) {
                    Part::Whole => parts.push((id, object.clone())),
                    Part::Some(part, why) => {
                        said.tell(id, why, true);
                        parts.push((id, *part));
                    }
                    Part::Nothing(why) => {
                        if first {
                            cx.leave_out(id);
                            said.tables_in_sql.insert(id.clone());
                        }
                        said.tell(id, why, false);
                    }
                    Part::NoWords => {}
                }
            }
        }
        said.own = parts.iter().map(|(id, _)| (*id).clone()).collect();
        // `pg_depend` says the same of it as of the whole.
        said.catalog = live.clone();
        let own = &said.own;
        said.catalog
            .retain(|id| own.contains(id) || bare.contains(id));
        for (_, part) in parts {
            said.catalog.insert(part);
        }
        for (_, object) in bare.objects() {
            said.catalog.insert(object.clone());
        }
        said
    }

    fn tell(&mut self, id: &Id, why: impl Into<String>, partly: bool) {
        self.told.push(Told {
            id: id.clone(),
            why: why.into(),
            partly,
        });
    }

    /// What needs something that is in SQL.
    pub(super) fn leaning(&self, live: &Catalog) -> BTreeSet<Id> {
        let needs = |id: &Id| live.get(id).map(|object| live.needs_of(id, object));
        let only_sql = |need: &Id| live.contains(need) && !self.catalog.contains(need);
        let own = self.own.iter();
        own.filter(|id| needs(id).into_iter().flatten().any(|need| only_sql(&need)))
            .map(super::root)
            .collect()
    }

    /// Its own objects of one kind.
    pub(super) fn of_kind(
        &self,
        kind: driftless_catalog::Tag,
    ) -> impl Iterator<Item = (&Id, &driftless_catalog::Object)> {
        self.catalog
            .of_kind(kind)
            .filter(|(id, _)| self.own.contains(*id))
    }
}
