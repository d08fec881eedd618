//! Enum types.

use serde::{Deserialize, Serialize};

use super::probe::Probe;
use super::{Change, Column, Cx, Kind, Object, Ref, Renaming, Tag, names};
use crate::catalog::Catalog;
use crate::hazard::HazardKind;
use crate::id::{Id, Space, qualified};
use crate::sql::{ident, literal};
use crate::step::Step;

/// An enum type with its labels in sort order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnumType {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Labels in the order of the type.
    pub labels: Vec<String>,
}

impl EnumType {
    fn sql_name(&self) -> String {
        qualified(&self.schema, &self.name)
    }

    /// Labels to add, each with the place it goes to; `None` when labels go or move.
    fn added_labels(&self, new: &Self) -> Option<Vec<(String, String)>> {
        let kept: Vec<_> = new
            .labels
            .iter()
            .filter(|label| self.labels.contains(label))
            .collect();
        if !kept.into_iter().eq(self.labels.iter()) {
            return None;
        }
        let mut added = Vec::new();
        for (at, label) in new.labels.iter().enumerate() {
            if self.labels.contains(label) {
                continue;
            }
            // BEFORE the next label that exists already; at the end there is none.
            let place = new.labels[at..]
                .iter()
                .find(|next| self.labels.contains(next))
                .map_or_else(String::new, |next| format!(" BEFORE {}", literal(next)));
            added.push((label.clone(), place));
        }
        Some(added)
    }
}

impl Kind for EnumType {
    const SPACE: Space = Space::Type;
    const NOUN: &'static str = "enum";
    const QUERY: &'static str = include_str!("enum_type.sql");
    const RENAME: Renaming = Renaming::Ask;

    fn id(&self) -> Id {
        Id::in_schema(Tag::EnumType, &self.schema, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Schema, &self.schema))
    }

    fn reference(&self) -> String {
        format!("TYPE {}", self.sql_name())
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Type {
            schema: &mut self.schema,
            name: &mut self.name,
        });
    }

    fn probes(&self, old: Option<&Self>, from: &Catalog) -> Vec<Probe> {
        // Another label in the place of one is that one renamed.
        let renamed = |old: &Self, at: usize| {
            let new = self
                .labels
                .get(at)
                .filter(|_| old.labels.len() == self.labels.len());
            new.is_some_and(|new| !old.labels.contains(new))
        };
        let gone: Vec<String> = old
            .into_iter()
            .flat_map(|old| {
                old.labels
                    .iter()
                    .enumerate()
                    .map(move |(at, label)| (old, at, label))
            })
            .filter(|(old, at, label)| !self.labels.contains(label) && !renamed(old, *at))
            .map(|(_, _, label)| label)
            .map(|label| literal(label))
            .collect();
        let columns = from.objects().filter_map(|(_, object)| match object {
            Object::Column(column) => Some(column),
            _ => None,
        });
        let of_this = columns.filter(|column| {
            column.data_type.schema == self.schema && column.data_type.name == self.name
        });
        let ask = |column: &Column| {
            let list = gone.join(", ");
            let condition = format!("{}::text IN ({list})", ident(&column.name));
            let what = format!(
                "values of {} that the enum loses: {list}",
                column.id().path()
            );
            let place = (column.schema.as_str(), column.table.as_str());
            Probe::rows(self.id(), what, place, &condition, from)
        };
        if gone.is_empty() {
            return Vec::new();
        }
        of_this.map(ask).collect()
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let labels: Vec<_> = self.labels.iter().map(|label| literal(label)).collect();
        vec![Step::create(
            self.id(),
            format!(
                "CREATE TYPE {} AS ENUM({});",
                self.sql_name(),
                labels.join(", ")
            ),
        )]
    }

    fn drop(&self, cx: &Cx<'_>) -> Vec<Step> {
        let mut step = Step::drop(self.id(), format!("DROP TYPE {};", self.sql_name()));
        if let Some(super::Object::EnumType(new)) = cx.to.get(&self.id()) {
            let lost: Vec<_> = self
                .labels
                .iter()
                .filter(|label| !new.labels.contains(label))
                .map(|label| literal(label))
                .collect();
            if !lost.is_empty() {
                step = step.hazard(
                    HazardKind::DropEnumValue,
                    format!(
                        "enum {} loses {}: the migration fails while a row holds it",
                        self.id().path(),
                        lost.join(", ")
                    ),
                );
            }
        }
        vec![step]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        let Some(added) = self.added_labels(new) else {
            return Change::Replace;
        };
        let steps = added.into_iter().map(|(label, place)| {
            let mut step = Step::alter(
                self.id(),
                format!(
                    "ALTER TYPE {} ADD VALUE {}{place};",
                    self.sql_name(),
                    literal(&label)
                ),
            );
            step.usable_after_commit = Some(label);
            step
        });
        Change::quiet(steps.collect())
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        names::rename("TYPE", qualified, &self.id(), &new.id())
    }

    fn parts(&self) -> Vec<String> {
        self.labels.clone()
    }

    fn rename_part(&self, old: &str, new: &str) -> Option<(Self, Vec<Step>)> {
        let mut renamed = self.clone();
        let at = renamed.labels.iter().position(|label| label == old)?;
        new.clone_into(&mut renamed.labels[at]);
        let step = Step::rename(
            self.id(),
            format!(
                "ALTER TYPE {} RENAME VALUE {} TO {};",
                self.sql_name(),
                literal(old),
                literal(new)
            ),
        );
        Some((renamed, vec![step]))
    }
}
