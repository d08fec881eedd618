//! Schemas.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag};
use crate::hazard::HazardKind;
use crate::id::{Id, Space};
use crate::sql::ident;
use crate::step::Step;

/// A schema other than `public`, which every database has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// Its name.
    pub name: String,
}

impl Kind for Schema {
    const SPACE: Space = Space::Schema;
    const NOUN: &'static str = "schema";
    const QUERY: &'static str = include_str!("schema.sql");
    const RENAME: Renaming = Renaming::Ask;

    fn id(&self) -> Id {
        Id::global(Tag::Schema, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        None
    }

    fn reference(&self) -> String {
        format!("SCHEMA {}", ident(&self.name))
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Schema(&mut self.name));
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::create(
            self.id(),
            format!("CREATE SCHEMA {};", ident(&self.name)),
        )]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let step = Step::drop(self.id(), format!("DROP SCHEMA {};", ident(&self.name)));
        vec![step.hazard(
            HazardKind::DropSchema,
            format!("schema {} is dropped", self.name),
        )]
    }

    fn alter(&self, _: &Self, _: &Cx<'_>) -> Change {
        Change::Replace
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        vec![Step::rename(
            new.id(),
            format!(
                "ALTER SCHEMA {} RENAME TO {};",
                ident(&self.name),
                ident(&new.name)
            ),
        )]
    }
}
