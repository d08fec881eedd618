//! Domains. Their checks are a kind of their own.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, DataType, GivesWay, Kind, Object, Ref, Renaming, Tag, names};
use crate::catalog::Catalog;
use crate::hazard::HazardKind;
use crate::id::{Id, Space, qualified};
use crate::sql::ident;
use crate::step::Step;

/// A domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// The type below it.
    pub data_type: DataType,
    /// COLLATE as SQL text, where it is not that of the type below.
    pub collation: Option<String>,
    /// DEFAULT expression.
    pub default: Option<String>,
    /// NOT NULL.
    pub not_null: bool,
    /// Name of the NOT NULL constraint, where it is not the one Postgres gives; since Postgres 17.
    #[serde(default)]
    pub not_null_name: Option<String>,
}

impl Domain {
    fn sql_name(&self) -> String {
        qualified(&self.schema, &self.name)
    }

    fn alter_self(&self, action: &str) -> Step {
        let sql = format!("ALTER DOMAIN {} {action};", self.sql_name());
        Step::alter(self.id(), sql)
    }

    fn not_null_sql(&self) -> String {
        match &self.not_null_name {
            Some(name) => format!("CONSTRAINT {} NOT NULL", ident(name)),
            None => "NOT NULL".to_owned(),
        }
    }
}

/// Whether columns hold values of a domain within arrays, composite types or ranges, and go on doing
/// so: Postgres adds no constraint to it then.
pub(super) fn is_held_within(domain: (&str, &str), from: &Catalog, to: &Catalog) -> bool {
    // The domain and domains over it; and all that has such values inside.
    let mut alike = vec![(domain.0.to_owned(), domain.1.to_owned())];
    let mut holders: Vec<(String, String)> = Vec::new();
    loop {
        let before = alike.len() + holders.len();
        for tag in [Tag::Domain, Tag::CompositeType, Tag::RangeType] {
            for (id, object) in from.of_kind(tag) {
                let own = (id.schema.to_string(), id.name.to_string());
                if alike.contains(&own) || holders.contains(&own) {
                    continue;
                }
                let mut named = Vec::new();
                object.clone().refs(&mut |r| {
                    if let Ref::Type { schema, name } = r {
                        named.push((schema.clone(), name.clone()));
                    }
                });
                let is_alias = matches!(object, Object::Domain(x) if x.data_type.dimensions == 0);
                if is_alias && named.iter().any(|name| alike.contains(name)) {
                    alike.push(own);
                } else if (named.iter()).any(|name| alike.contains(name) || holders.contains(name))
                {
                    if let Object::RangeType(range) = object {
                        holders.push((range.multirange_schema.clone(), range.multirange.clone()));
                    }
                    holders.push(own);
                }
            }
        }
        if alike.len() + holders.len() == before {
            break;
        }
    }
    from.of_kind(Tag::Column).any(|(id, object)| {
        let Object::Column(column) = object else {
            return false;
        };
        let name = (&column.data_type.schema, &column.data_type.name);
        let is = |known: &(String, String)| (&known.0, &known.1) == name;
        let holds =
            holders.iter().any(is) || column.data_type.dimensions > 0 && alike.iter().any(is);
        holds
            && matches!(to.get(id), Some(Object::Column(new)) if new.data_type == column.data_type)
    })
}

impl Kind for Domain {
    const SPACE: Space = Space::Type;
    const NOUN: &'static str = "domain";
    const QUERY: &'static str = include_str!("domain.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_schema(Tag::Domain, &self.schema, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Schema, &self.schema))
    }

    fn reference(&self) -> String {
        format!("DOMAIN {}", self.sql_name())
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Type {
            schema: &mut self.schema,
            name: &mut self.name,
        });
        self.data_type.refs(visit);
        if let Some(sql) = &mut self.default {
            visit(Ref::Expression {
                sql,
                relation: None,
            });
        }
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        self.create_with(&[], cx)
    }

    fn create_with(&self, fragments: &[String], cx: &Cx<'_>) -> Vec<Step> {
        let mut words = vec![format!(
            "CREATE DOMAIN {} AS {}",
            self.sql_name(),
            self.data_type.sql()
        )];
        if let Some(collation) = &self.collation {
            words.push(format!("COLLATE {collation}"));
        }
        if let Some(default) = &self.default {
            words.push(format!("DEFAULT {default}"));
        }
        if self.not_null {
            words.push(self.not_null_sql());
        }
        words.extend(fragments.iter().cloned());
        let mut steps = vec![Step::create(self.id(), words.join(" ") + ";")];
        // A domain over another takes its default as it is then.
        let base = Id::in_schema(Tag::Domain, &self.data_type.schema, &self.data_type.name);
        let has_default = |base: Option<&Object>| matches!(base, Some(Object::Domain(base)) if base.default.is_some());
        if self.default.is_none() && has_default(cx.to.get(&base)) {
            let sql = format!("ALTER DOMAIN {} DROP DEFAULT;", self.sql_name());
            steps.push(Step::create(self.id(), sql));
        }
        steps
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = format!("DROP DOMAIN {};", self.sql_name());
        vec![Step::drop(self.id(), sql)]
    }

    fn alter(&self, new: &Self, cx: &Cx<'_>) -> Change {
        let own = (self.schema.as_str(), self.name.as_str());
        let looks_at_values = new.not_null && !self.not_null;
        if self.data_type != new.data_type
            || self.collation != new.collation
            || looks_at_values && is_held_within(own, cx.from, cx.to)
        {
            return Change::Replace;
        }
        let mut steps = Vec::new();
        if self.default != new.default {
            steps.push(match &new.default {
                Some(default) => self.alter_self(&format!("SET DEFAULT {default}")),
                None => self.alter_self("DROP DEFAULT"),
            });
        }
        let renamed = self.not_null && self.not_null_name != new.not_null_name;
        if self.not_null && (!new.not_null || renamed) {
            steps.push(self.alter_self("DROP NOT NULL"));
        }
        if new.not_null && (!self.not_null || renamed) {
            let action = match &new.not_null_name {
                Some(_) => format!("ADD {}", new.not_null_sql()),
                None => "SET NOT NULL".to_owned(),
            };
            steps.push(self.alter_self(&action).hazard(
                HazardKind::SetNotNull,
                format!(
                    "domain {} becomes NOT NULL: every column of it is checked, and a NULL stops the migration",
                    self.id().path()
                ),
            ));
        }
        Change::quiet(steps)
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        names::rename("DOMAIN", qualified, &self.id(), &new.id())
    }

    fn gives_way(&self, below: &Object, replaced: bool) -> GivesWay {
        match below {
            _ if !replaced => GivesWay::Stay,
            Object::EnumType(_)
            | Object::CompositeType(_)
            | Object::RangeType(_)
            | Object::Domain(_)
            | Object::Collation(_)
            | Object::Extension(_) => GivesWay::Rebuild,
            _ => GivesWay::Detach,
        }
    }

    fn detached(&self, _: &Object) -> Option<Self> {
        Some(Self {
            default: None,
            ..self.clone()
        })
    }
}
