//! Composite types.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, DataType, GivesWay, Kind, Object, Ref, Renaming, Tag, names};
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

    /// Whether there are values that only their text takes over: those of columns go by name.
    fn is_carried_by_place(&self, cx: &Cx<'_>) -> bool {
        let mut objects = cx.from.objects();
        objects.any(|(id, object)| {
            let may = match object {
                Object::Column(column) => column.data_type.dimensions > 0,
                _ => id.kind.space() == Space::Type && *id != self.id(),
            };
            let mut found = false;
            if may {
                object.clone().refs(&mut |r| {
                    if let Ref::Type { schema, name } = r {
                        found |= *schema == self.schema && *name == self.name;
                    }
                });
            }
            found
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

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let attributes: Vec<_> = self
            .attributes
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
        if let Some(Object::CompositeType(new)) = cx.to.get(&self.id())
            && new.attributes != self.attributes
            && self.is_carried_by_place(cx)
        {
            step = step.hazard(
                HazardKind::NarrowingCast,
                format!(
                    "values of {} in arrays, domains, ranges and other types go over by the place of their attributes, not by name: they may end in another attribute, or stop the migration",
                    self.id().path()
                ),
            );
        }
        vec![step]
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
        if !after.eq(new.attributes.iter().map(|attribute| &attribute.name)) {
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
        let sql = format!("ALTER TYPE {} {};", self.sql_name(), actions.join(", "));
        Change::Alter {
            steps: vec![Step::alter(self.id(), sql)],
            disturbs,
        }
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        names::rename("TYPE", qualified, &self.id(), &new.id())
    }

    fn gives_way(&self, _: &Object, replaced: bool) -> GivesWay {
        if replaced {
            GivesWay::Rebuild
        } else {
            GivesWay::Stay
        }
    }
}
