//! Composite types.

use serde::{Deserialize, Serialize};

use super::data_type::Conversion;
use super::{Change, Cx, DataType, GivesWay, Kind, Object, Ref, Renaming, TableType, Tag, names};
use crate::hazard::HazardKind;
use crate::id::{Id, Space, qualified};
use crate::sql::ident;
use crate::step::Step;

/// A composite type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompositeType {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its attributes in order.
    pub attributes: Vec<Attribute>,
}

/// An attribute of a composite type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its type.
    pub data_type: DataType,
    /// COLLATE as SQL text, where it is not the type's own.
    pub collation: Option<String>,
}

impl Attribute {
    fn type_sql(&self) -> String {
        let collate = self
            .collation
            .as_ref()
            .map_or_else(String::new, |collation| format!(" COLLATE {collation}"));
        self.data_type.sql() + &collate
    }

    fn sql(&self) -> String {
        format!("{} {}", ident(&self.name), self.type_sql())
    }
}

impl CompositeType {
    fn sql_name(&self) -> String {
        qualified(&self.schema, &self.name)
    }

    fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name == name)
    }

    /// Whether values of it may be stored, so that Postgres refuses to change an attribute's type.
    fn is_stored(&self, cx: &Cx<'_>) -> bool {
        let own = self.id();
        cx.from.objects().any(|(id, _)| {
            let holds = matches!(
                id.kind,
                Tag::Column
                    | Tag::MaterializedView
                    | Tag::CompositeType
                    | Tag::Domain
                    | Tag::RangeType
            );
            holds
                && cx
                    .from
                    .recorded_needs(id)
                    .is_some_and(|needs| needs.contains(&own))
        })
    }

    /// A step with what stored values lose by it.
    fn loses(&self, mut step: Step, new: &Self, cx: &Cx<'_>) -> Step {
        if !self.is_stored(cx) {
            return step;
        }
        let path = self.id().path();
        for old in &self.attributes {
            let name = &old.name;
            let Some(new) = new.attribute(name) else {
                let what = format!("attribute {name} of {path} and its values are dropped");
                step = step.hazard(HazardKind::DropColumn, what);
                continue;
            };
            if old.data_type.conversion(&new.data_type) == Conversion::Narrowing {
                let target = new.type_sql();
                let what = format!(
                    "attribute {name} of {path} becomes {target}: a value that does not fit stops the migration or loses precision"
                );
                step = step.hazard(HazardKind::NarrowingCast, what);
            }
        }
        step
    }

    /// Whether there are ranges of it, which only their text takes over: all else goes by name.
    fn is_carried_by_place(&self, cx: &Cx<'_>) -> bool {
        let mut ranges = cx.from.of_kind(Tag::RangeType);
        ranges.any(|(id, _)| {
            let needs = cx.from.recorded_needs(id).unwrap_or_default();
            needs.iter().any(|need| {
                let through = cx.from.recorded_needs(need).unwrap_or_default();
                *need == self.id() || through.contains(&self.id())
            })
        })
    }
}

impl Kind for CompositeType {
    const SPACE: Space = Space::Type;
    const NOUN: &'static str = "composite type";
    const QUERY: &'static str = include_str!("composite_type.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_schema(Tag::CompositeType, &self.schema, &self.name)
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
        for attribute in &mut self.attributes {
            attribute.data_type.refs(visit);
        }
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        let mut attributes: Vec<&Attribute> = self.attributes.iter().collect();
        if let Some(Object::CompositeType(old)) = cx.from.get(&self.id())
            && TableType::keep_order(&self.id(), cx)
        {
            // As the columns are: first those that were there.
            let before = old.attributes.iter();
            let place = |one: &&Attribute| before.clone().position(|old| old.name == one.name);
            attributes.sort_by_key(|one| place(one).unwrap_or(usize::MAX));
        }
        let attributes: Vec<_> = attributes
            .iter()
            .map(|attribute| format!("\n\t{}", attribute.sql()))
            .collect();
        let sql = format!(
            "CREATE TYPE {} AS ({}\n);",
            self.sql_name(),
            attributes.join(",")
        );
        vec![Step::create(self.id(), sql)]
    }

    fn drop(&self, cx: &Cx<'_>) -> Vec<Step> {
        let sql = format!("DROP TYPE {};", self.sql_name());
        let mut step = Step::drop(self.id(), sql);
        let Some(Object::CompositeType(new)) = cx.to.get(&self.id()) else {
            return vec![step];
        };
        if new.attributes != self.attributes && self.is_carried_by_place(cx) {
            step = step.hazard(
                HazardKind::NarrowingCast,
                format!(
                    "values of {} in ranges go over by the place of their attributes, not by name: they may end in another attribute, or stop the migration",
                    self.id().path()
                ),
            );
        }
        vec![self.loses(step, new, cx)]
    }

    fn alter(&self, new: &Self, cx: &Cx<'_>) -> Change {
        let kept = |attribute: &&Attribute| new.attribute(&attribute.name).is_some();
        let after = self
            .attributes
            .iter()
            .filter(kept)
            .map(|attribute| &attribute.name);
        let added: Vec<_> = new
            .attributes
            .iter()
            .filter(|attribute| self.attribute(&attribute.name).is_none())
            .collect();
        let after = after.chain(added.iter().map(|attribute| &attribute.name));
        // Postgres adds attributes at the end and moves none.
        let in_order = after.eq(new.attributes.iter().map(|attribute| &attribute.name));
        if !in_order && !TableType::keep_order(&self.id(), cx) {
            return Change::Replace;
        }
        let mut actions = Vec::new();
        let mut disturbs = false;
        for old in &self.attributes {
            match new.attribute(&old.name) {
                None => {
                    disturbs = true;
                    actions.push(format!("DROP ATTRIBUTE {} CASCADE", ident(&old.name)));
                }
                Some(new) if new != old => {
                    if self.is_stored(cx) {
                        return Change::Replace;
                    }
                    disturbs = true;
                    actions.push(format!(
                        "ALTER ATTRIBUTE {} SET DATA TYPE {} CASCADE",
                        ident(&old.name),
                        new.type_sql()
                    ));
                }
                Some(_) => {}
            }
        }
        for attribute in added {
            actions.push(format!("ADD ATTRIBUTE {} CASCADE", attribute.sql()));
        }
        if actions.is_empty() {
            return Change::quiet(Vec::new());
        }
        let sql = format!("ALTER TYPE {} {};", self.sql_name(), actions.join(", "));
        Change::Alter {
            steps: vec![self.loses(Step::alter(self.id(), sql), new, cx)],
            disturbs,
        }
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        names::rename("TYPE", qualified, &self.id(), &new.id())
    }

    fn gives_way(&self, _: &Object, replaced: bool) -> GivesWay {
        GivesWay::where_replaced(replaced)
    }
}
