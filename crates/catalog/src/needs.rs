//! What each object needs: from `pg_depend` where a server was asked, else from names.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use crate::catalog::Catalog;
use crate::id::{Id, Space};
use crate::kinds::{Object, Ref};
use crate::sql::identifiers;

/// One need of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Need {
    pub(crate) id: Id,
    /// Certain: it is the object's parent, or stands in a field of its own. A name found inside
    /// SQL text may mean something else, so it gives way when needs run in a circle.
    pub(crate) certain: bool,
}

/// The needs of a catalog's objects, worked out as they are asked for: most plans touch few objects.
pub(crate) struct Needs<'a> {
    catalog: &'a Catalog,
    names: Names<'a>,
    dependents: OnceCell<FxHashMap<Id, Vec<Id>>>,
}

impl Catalog {
    /// What an object needs as planning sees it: its parent, what stands in its fields, and what its
    /// SQL text seems to mention.
    pub fn planned_needs(&self) -> impl Fn(&Id) -> Vec<Id> {
        let needs = Needs::of_catalog(self);
        move |id| needs.of(id).into_iter().map(|need| need.id).collect()
    }
}

impl<'a> Needs<'a> {
    pub(crate) fn of_catalog(catalog: &'a Catalog) -> Self {
        Self {
            catalog,
            names: Names::of_catalog(catalog),
            dependents: OnceCell::new(),
        }
    }

    /// An object of the catalog; quicker than the catalog itself, which keeps order.
    pub(crate) fn object(&self, id: &Id) -> Option<&'a Object> {
        self.names.objects.get(id).copied()
    }

    /// What an object needs; nothing for one that the catalog lacks.
    pub(crate) fn of(&self, id: &Id) -> Vec<Need> {
        self.object(id)
            .map(|object| self.of_object(id, object))
            .unwrap_or_default()
    }

    /// The same for an object of the catalog that is at hand.
    pub(crate) fn of_object(&self, id: &Id, object: &Object) -> Vec<Need> {
        match self.catalog.recorded_needs(id) {
            Some(recorded) => self.recorded(id, object, recorded),
            None => self.names.needs(self.catalog, id, object),
        }
    }

    /// What `pg_depend` said, what the kind knows, and what opaque text seems to mention.
    fn recorded(&self, id: &Id, object: &Object, recorded: &[Id]) -> Vec<Need> {
        let mut found = Found::of(id);
        if let Some(parent) = object.parent()
            && self.names.objects.contains_key(&parent)
        {
            found.add(&parent, true);
        }
        for need in recorded.iter().chain(&object.needs(self.catalog)) {
            found.add(need, true);
        }
        if let Some(sql) = object.opaque() {
            self.names.hints(sql, &mut |id| found.add(id, false));
        }
        found.needs
    }

    /// What an object's opaque text, perhaps one of the other catalog, mentions here.
    pub(crate) fn mentioned(&self, object: &Object) -> Vec<&Id> {
        let mut found = Vec::new();
        if let Some(sql) = object.opaque() {
            self.names.hints(sql, &mut |id| found.push(id));
        }
        found
    }

    /// Whether an object's opaque text mentions the object.
    pub(crate) fn mentions_itself(&self, id: &Id, object: &Object) -> bool {
        let mut found = false;
        if let Some(sql) = object.opaque() {
            self.names
                .hints(sql, &mut |mentioned| found |= mentioned == id);
        }
        found
    }

    /// What needs an object, beyond mentioning it in opaque text. The first question goes through the whole catalog.
    pub(crate) fn dependents(&self, id: &Id) -> &[Id] {
        let all = self.dependents.get_or_init(|| {
            let mut all: FxHashMap<Id, Vec<Id>> = FxHashMap::default();
            for (id, object) in self.catalog.objects() {
                let recorded = self.catalog.recorded_needs(id).is_some();
                let needs = self.of_object(id, object).into_iter();
                for need in needs.filter(|need| need.certain || !recorded) {
                    all.entry(need.id).or_default().push(id.clone());
                }
            }
            all
        });
        all.get(id).map_or(&[], Vec::as_slice)
    }
}

/// The needs of one object, each once.
struct Found<'a> {
    of: &'a Id,
    needs: Vec<Need>,
}

impl<'a> Found<'a> {
    fn of(of: &'a Id) -> Self {
        Self {
            of,
            needs: Vec::new(),
        }
    }

    fn add(&mut self, need: &Id, certain: bool) {
        if need == self.of {
            return;
        }
        // Few enough to look through: an object needs what it names.
        match self.needs.iter_mut().find(|known| known.id == *need) {
            Some(known) => known.certain |= certain,
            None => self.needs.push(Need {
                id: need.clone(),
                certain,
            }),
        }
    }
}

/// Objects by the names that SQL can mention.
struct Names<'a> {
    objects: FxHashMap<&'a Id, &'a Object>,
    /// Relations and types by schema and name.
    qualified: FxHashMap<(&'a str, &'a str), Vec<&'a Id>>,
    /// Relations, types and routines by name alone.
    bare: FxHashMap<&'a str, Vec<&'a Id>>,
    /// Columns by schema and relation.
    columns: FxHashMap<(&'a str, &'a str), Vec<&'a Id>>,
    globals: FxHashMap<&'a str, Vec<&'a Id>>,
}

impl<'a> Names<'a> {
    fn of_catalog(catalog: &'a Catalog) -> Self {
        let mut names = Self {
            objects: catalog.objects().collect(),
            qualified: FxHashMap::default(),
            bare: FxHashMap::default(),
            columns: FxHashMap::default(),
            globals: FxHashMap::default(),
        };
        for (id, _) in catalog.objects() {
            match id.kind.space() {
                Space::Relation | Space::Type => {
                    names
                        .qualified
                        .entry((&id.schema, &id.name))
                        .or_default()
                        .push(id);
                    names.bare.entry(&id.name).or_default().push(id);
                }
                Space::Column => {
                    names
                        .columns
                        .entry((&id.schema, &id.parent))
                        .or_default()
                        .push(id);
                }
                Space::Routine => names.bare.entry(id.word()).or_default().push(id),
                Space::Schema | Space::Role => {
                    names.globals.entry(&id.name).or_default().push(id);
                }
                Space::Leaf | Space::Attached => {}
            }
        }
        names
    }

    fn global(&self, name: &str, space: Space) -> Option<&Id> {
        self.globals
            .get(name)?
            .iter()
            .find(|id| id.kind.space() == space)
            .copied()
    }

    fn needs(&self, catalog: &Catalog, id: &Id, object: &Object) -> Vec<Need> {
        let mut found = Found::of(id);
        let mut add = |need: &Id, certain: bool| found.add(need, certain);
        if let Some(parent) = object.parent() {
            // A parent may be a relation of another kind: an index of a materialized view.
            if self.objects.contains_key(&parent) {
                add(&parent, true);
            }
        }
        for need in object.needs(catalog) {
            add(&need, true);
        }
        object.clone().refs(&mut |r| match r {
            Ref::Schema(name) => {
                if let Some(need) = self.global(name, Space::Schema) {
                    add(need, true);
                }
            }
            Ref::Role(name) => {
                if let Some(need) = self.global(name, Space::Role) {
                    add(need, true);
                }
            }
            Ref::Relation { schema, name } | Ref::Type { schema, name } => {
                for need in self
                    .qualified
                    .get(&(schema.as_str(), name.as_str()))
                    .into_iter()
                    .flatten()
                {
                    add(need, true);
                }
                if let Some(need) = self.global(schema, Space::Schema) {
                    add(need, true);
                }
            }
            Ref::Column {
                schema,
                relation,
                name,
            } => {
                for need in self.columns.get(&(schema, relation)).into_iter().flatten() {
                    if need.name == *name {
                        add(need, true);
                    }
                }
            }
            Ref::Expression { sql, relation } => self.expression(sql, relation, &mut add),
            Ref::Query(sql) => self.query(sql, &mut add),
            Ref::Own(_) | Ref::Object(_) => {}
        });
        found.needs
    }

    fn expression(
        &self,
        sql: &str,
        relation: Option<(&str, &str)>,
        add: &mut impl FnMut(&Id, bool),
    ) {
        if !sql.contains(|c: char| c.is_alphabetic() || c == '_') {
            return;
        }
        let (mentions, _) = identifiers(sql);
        let columns = relation.and_then(|relation| self.columns.get(&relation));
        // A policy may ask another table.
        if mentions.iter().any(|mention| mention.name == "select") {
            self.query(sql, add);
        }
        for mention in mentions {
            for need in columns.into_iter().flatten() {
                if need.name == mention.name {
                    add(need, false);
                }
            }
            for need in self.bare.get(mention.name.as_str()).into_iter().flatten() {
                add(need, false);
            }
        }
    }

    /// What a text seems to mention that `pg_depend` says nothing about.
    fn hints(&self, sql: &str, add: &mut impl FnMut(&'a Id)) {
        let (mentions, star) = identifiers(sql);
        let words: rustc_hash::FxHashSet<&str> = mentions.iter().map(|m| m.name.as_str()).collect();
        for mention in &mentions {
            let schema = mention.qualifier.as_deref();
            let schema = schema.filter(|name| self.global(name, Space::Schema).is_some());
            for need in self.bare.get(mention.name.as_str()).into_iter().flatten() {
                if schema.is_some_and(|schema| schema != need.schema) {
                    continue;
                }
                add(need);
                let columns = self
                    .columns
                    .get(&(need.schema.as_str(), need.name.as_str()));
                for column in columns.into_iter().flatten() {
                    if star || words.contains(column.name.as_str()) {
                        add(column);
                    }
                }
            }
        }
    }

    fn query(&self, sql: &str, add: &mut impl FnMut(&Id, bool)) {
        let (mentions, star) = identifiers(sql);
        let words: rustc_hash::FxHashSet<&str> = mentions.iter().map(|m| m.name.as_str()).collect();
        for mention in &mentions {
            for need in self.bare.get(mention.name.as_str()).into_iter().flatten() {
                add(need, false);
                let columns = self
                    .columns
                    .get(&(need.schema.as_str(), need.name.as_str()));
                for column in columns.into_iter().flatten() {
                    if star || words.contains(column.name.as_str()) {
                        add(column, false);
                    }
                }
            }
        }
    }
}
