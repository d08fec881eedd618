//! Schemas of publications, whose tables are all published.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Fragment, Kind, Ref, Renaming, Tag};
use crate::id::{Id, Space};
use crate::sql::ident;
use crate::step::Step;

/// A schema of a publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedSchema {
    /// The publication.
    pub publication: String,
    /// The schema.
    pub name: String,
}

impl PublishedSchema {
    fn sql(&self) -> String {
        format!("TABLES IN SCHEMA {}", ident(&self.name))
    }

    fn alter_publication(&self, verb: &str) -> String {
        let publication = ident(&self.publication);
        format!("ALTER PUBLICATION {publication} {verb} {};", self.sql())
    }
}

impl Kind for PublishedSchema {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "published schema";
    const QUERY: &'static str = include_str!("published_schema.sql");
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;
    const INLINES: bool = true;

    fn id(&self) -> Id {
        Id::in_parent(Tag::PublishedSchema, "", &self.publication, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Publication, &self.publication))
    }

    fn reference(&self) -> String {
        String::new()
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Schema(&mut self.name));
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::create(self.id(), self.alter_publication("ADD"))]
    }

    fn inline(&self) -> Option<Fragment> {
        Some(Fragment::Line(self.sql()))
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::drop(self.id(), self.alter_publication("DROP"))]
    }

    fn alter(&self, _: &Self, _: &Cx<'_>) -> Change {
        Change::Replace
    }
}
