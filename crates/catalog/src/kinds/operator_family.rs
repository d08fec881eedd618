//! Operator families, with the members that no class brings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag};
use crate::id::{Id, Space, qualified};
use crate::sql::ident;
use crate::step::Step;

/// An operator family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorFamily {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its access method.
    pub method: String,
    /// What ADD calls each member, and what DROP calls it.
    pub members: BTreeMap<String, String>,
}

impl OperatorFamily {
    fn change<'a>(&self, verb: &str, members: impl Iterator<Item = &'a String>) -> Option<Step> {
        let members: Vec<_> = members.cloned().collect();
        if members.is_empty() {
            return None;
        }
        let sql = format!("ALTER {} {verb} {};", self.reference(), members.join(", "));
        Some(Step::alter(self.id(), sql))
    }
}

impl Kind for OperatorFamily {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "operator family";
    const QUERY: &'static str = include_str!("operator_family.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_parent(Tag::OperatorFamily, &self.schema, &self.method, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Schema, &self.schema))
    }

    fn reference(&self) -> String {
        format!(
            "OPERATOR FAMILY {} USING {}",
            qualified(&self.schema, &self.name),
            ident(&self.method)
        )
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Schema(&mut self.schema));
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = format!("CREATE {};", self.reference());
        let mut steps = vec![Step::create(self.id(), sql)];
        steps.extend(self.change("ADD", self.members.keys()));
        steps
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::drop(self.id(), format!("DROP {};", self.reference()))]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        let gone = self
            .members
            .iter()
            .filter(|(add, _)| !new.members.contains_key(*add));
        let come = new
            .members
            .keys()
            .filter(|add| !self.members.contains_key(*add));
        let mut steps: Vec<_> = self
            .change("DROP", gone.map(|(_, drop)| drop))
            .into_iter()
            .collect();
        steps.extend(self.change("ADD", come));
        Change::quiet(steps)
    }
}
