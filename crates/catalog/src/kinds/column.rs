//! Columns: type, default, NOT NULL, identity, generated expression.

mod added;
mod changed;
mod online;
mod settings;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(super) use settings::Settings;

use super::data_type::Trial;
use super::options::Options;
use super::probe::Probe;
use super::sequence::{self, SequenceOptions};
use super::{Change, Cx, DataType, Descent, Fragment, GivesWay, Kind, Object, Ref, Renaming, Tag};
use super::{lineage, names};
use crate::catalog::{Catalog, Spelling};
use crate::hazard::HazardKind;
use crate::id::{Id, Space, relation};
use crate::sql::ident;
use crate::step::{Lock, Step};

/// A column of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Schema of its table.
    pub schema: String,
    /// Its table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// Place in the table, for CREATE TABLE alone: Postgres cannot move a column.
    pub position: u32,
    /// Its type.
    pub data_type: DataType,
    /// Collation as SQL text, where it is not the type's own.
    #[serde(default)]
    pub collation: Option<String>,
    /// NOT NULL, said or implied by a primary key, an identity or `serial`.
    pub not_null: bool,
    /// DEFAULT expression.
    pub default: Option<String>,
    /// Expression of GENERATED ALWAYS AS (…) STORED.
    pub generated: Option<String>,
    /// VIRTUAL rather than STORED (Postgres 18 and later).
    #[serde(default)]
    pub generated_virtual: bool,
    /// GENERATED … AS IDENTITY.
    pub identity: Option<Identity>,
    /// NOT NULL as a constraint with a name (Postgres 18 and later), where it is not the usual one.
    #[serde(default)]
    pub not_null_constraint: Option<NotNull>,
    /// STORAGE, where it is not the type's own: `EXTERNAL`.
    #[serde(default)]
    pub storage: Option<String>,
    /// The type's own storage, where the column's is another: what to go back to.
    #[serde(default)]
    pub usual_storage: Option<String>,
    /// COMPRESSION: `lz4`.
    #[serde(default)]
    pub compression: Option<String>,
    /// STATISTICS target, where it is not the server's.
    #[serde(default)]
    pub statistics: Option<i32>,
    /// Options such as `n_distinct`, as SQL text.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// OPTIONS of a foreign table's column, without what is secret.
    #[serde(default)]
    pub foreign_options: Options,
    /// Where it comes from.
    #[serde(default)]
    pub origin: Descent,
}

/// What a NOT NULL constraint has that is not usual.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotNull {
    /// Its name, where it is not `table_column_not_null`.
    pub name: Option<String>,
    /// NO INHERIT.
    pub no_inherit: bool,
    /// NOT VALID.
    pub not_valid: bool,
}

/// An identity and the sequence behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// ALWAYS rather than BY DEFAULT.
    pub always: bool,
    /// Name of its sequence, in the table's schema.
    pub sequence: String,
    /// How it counts.
    pub options: SequenceOptions,
}

impl Identity {
    fn word(&self) -> &'static str {
        if self.always { "ALWAYS" } else { "BY DEFAULT" }
    }

    fn sql(&self, schema: &str) -> String {
        let options = self.options.sql();
        let space = if options.is_empty() { "" } else { " " };
        format!(
            "GENERATED {} AS IDENTITY (SEQUENCE NAME {}{space}{options})",
            self.word(),
            relation(schema, &self.sequence)
        )
    }
}

impl Column {
    fn table_id(&self) -> Id {
        Id::in_schema(Tag::Table, &self.schema, &self.table)
    }

    fn alter_table(&self, action: &str) -> Step {
        Step::alter(
            self.id(),
            format!(
                "ALTER TABLE {} {action};",
                relation(&self.schema, &self.table)
            ),
        )
        .lock(Lock::AccessExclusive)
    }

    fn alter_column(&self, action: &str) -> Step {
        self.alter_table(&format!("ALTER COLUMN {} {action}", ident(&self.name)))
    }

    /// Name that Postgres gives the sequence of a `serial` column.
    fn serial_sequence(&self) -> Option<String> {
        self.data_type.serial_base()?;
        Some(Self::serial_sequence_name(&self.table, &self.name))
    }

    /// The name that Postgres gives the sequence of a `serial` column where nothing has it yet.
    pub fn serial_sequence_name(table: &str, column: &str) -> String {
        names::object_name(table, column, "seq")
    }
}

/// Whether a column can need an object for its expression alone.
fn is_called(below: &Object) -> bool {
    matches!(
        below,
        Object::Function(_) | Object::Aggregate(_) | Object::Sequence(_)
    )
}

impl Kind for Column {
    const SPACE: Space = Space::Column;
    const NOUN: &'static str = "column";
    const QUERY: &'static str = include_str!("column.sql");
    const ALWAYS_DECLARED: bool = true;
    const FALLS_WITH_PARENT: bool = true;
    const COMES_DOWN: bool = true;
    const RENAME: Renaming = Renaming::Ask;
    const INLINES: bool = true;

    fn id(&self) -> Id {
        Id::in_parent(Tag::Column, &self.schema, &self.table, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(self.table_id())
    }

    fn reference(&self) -> String {
        format!(
            "COLUMN {}.{}",
            relation(&self.schema, &self.table),
            ident(&self.name)
        )
    }

    fn take_unsaid(&mut self, history: &Self, _: &Catalog, _: Option<&Self>) {
        self.origin.clone_from(&history.origin);
        self.statistics = history.statistics;
        self.options.clone_from(&history.options);
        self.foreign_options.clone_from(&history.foreign_options);
        self.generated_virtual = self.generated.is_some() && history.generated_virtual;
        if self.not_null == history.not_null {
            self.not_null_constraint
                .clone_from(&history.not_null_constraint);
        }
        // What goes with a type stays while the type does.
        if self.data_type == history.data_type {
            self.collation.clone_from(&history.collation);
            self.storage.clone_from(&history.storage);
            self.compression.clone_from(&history.compression);
        }
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        let Self {
            schema,
            table,
            name,
            data_type,
            default,
            generated,
            ..
        } = self;
        visit(Ref::Column {
            schema,
            relation: table,
            name,
        });
        data_type.refs(visit);
        if let Some(sql) = default {
            visit(Ref::Expression {
                sql,
                relation: None,
            });
        }
        if let Some(sql) = generated {
            visit(Ref::Expression {
                sql,
                relation: Some((schema, table)),
            });
        }
        visit(Ref::Relation {
            schema,
            name: table,
        });
    }

    /// What it comes from, so that it is there first.
    fn needs(&self, catalog: &Catalog) -> Vec<Id> {
        if self.origin == Descent::Own {
            return Vec::new();
        }
        lineage::all_above(catalog, &self.id())
    }

    /// Postgres changes no type in a partition key: the table has no rows of its own, and is made anew
    /// around its partitions.
    fn comes_only_with(&self, old: Option<&Self>, from: &Catalog, to: &Catalog) -> Option<Id> {
        let is_key = |catalog: &Catalog| {
            let table = catalog.get(&self.table_id());
            matches!(table, Some(Object::Table(table)) if table.partition_columns.contains(&self.name))
        };
        let retyped = old.is_some_and(|old| old.retyped(self));
        (retyped && is_key(from) && is_key(to)).then(|| self.table_id())
    }

    /// The sequence of its identity.
    fn contends(&self) -> Option<String> {
        let identity = self.identity.as_ref()?;
        Some(sequence::held(&self.schema, &identity.sequence))
    }

    fn same(&self, new: &Self) -> bool {
        if self == new {
            return true;
        }
        let mut moved = self.clone();
        moved.position = new.position;
        // What the constraint of an inherited NOT NULL is called cannot be changed.
        let nameless = |column: &Self| NotNull {
            name: None,
            ..column.not_null_constraint.clone().unwrap_or_default()
        };
        let inherited = self.origin != Descent::Own && new.origin != Descent::Own;
        if inherited && nameless(self) == nameless(new) {
            moved
                .not_null_constraint
                .clone_from(&new.not_null_constraint);
        }
        moved.origin = new.origin;
        moved == *new
    }

    fn rank(&self) -> u32 {
        self.position
    }

    fn probes(&self, old: Option<&Self>, from: &Catalog) -> Vec<Probe> {
        let (path, name) = (self.id().path(), ident(&self.name));
        let ask = |what: String, condition: &str| {
            let place = (self.schema.as_str(), self.table.as_str());
            Probe::rows(self.id(), what, place, condition, from)
        };
        let Some(old) = old else {
            let filled =
                self.default.is_some() || self.generated.is_some() || self.identity.is_some();
            let bare = self.not_null && !filled;
            let what = format!(
                "{}, where {path} would have no value",
                self.table_id().path()
            );
            return bare.then(|| ask(what, "true")).into_iter().collect();
        };
        let mut probes = Vec::new();
        if self.not_null && !old.not_null {
            probes.push(ask(format!("NULL in {path}"), &format!("{name} IS NULL")));
        }
        if let Spelling::Postgres { major } = from.spelling()
            && let Some(trial) = old.data_type.trial(&self.data_type, &name, major)
        {
            let what = format!("values of {path} that are no {}", self.data_type.sql());
            probes.push(match trial {
                Trial::Misfit(condition) => ask(what, &condition),
                Trial::Attempt(value) => {
                    Probe::attempt(self.id(), what, (&self.schema, &self.table), &value)
                }
            });
        }
        probes
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        if self.origin != Descent::Own
            && let Some(Object::Column(above)) = lineage::made_above(cx, &self.id())
        {
            return self.come_from(above, cx);
        }
        let mut steps = vec![self.added(cx)];
        steps.extend(self.rest(cx));
        steps
    }

    fn inline(&self) -> Option<Fragment> {
        (self.origin != Descent::Inherited).then(|| Fragment::Line(self.definition()))
    }

    fn rest(&self, cx: &Cx<'_>) -> Vec<Step> {
        let mut steps = self.settings(None);
        // CREATE TABLE takes the default of the table above for a column that says none.
        let bare = self.default.is_none() && self.generated.is_none() && self.identity.is_none();
        if bare
            && self.origin == Descent::Own
            && let Some(Object::Column(above)) = lineage::made_above(cx, &self.id())
            && above.default.is_some()
        {
            steps.push(self.alter_only(cx, "DROP DEFAULT"));
        }
        steps
    }

    fn drop(&self, cx: &Cx<'_>) -> Vec<Step> {
        if self.origin != Descent::Own && lineage::goes_above(cx, &self.id()) {
            return Vec::new();
        }
        let mut step = self.alter_table(&format!("DROP COLUMN {}", ident(&self.name)));
        step.action = crate::step::Action::Drop;
        let step = if self.generated.is_some() {
            step.hazard(
                HazardKind::RecomputeColumn,
                format!("the computed values of {} are dropped", self.id().path()),
            )
        } else {
            step.hazard(
                HazardKind::DropColumn,
                format!("column {} and its values are dropped", self.id().path()),
            )
        };
        vec![step]
    }

    fn alter(&self, new: &Self, cx: &Cx<'_>) -> Change {
        self.changed(new, cx)
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        if self.origin != Descent::Own {
            return Vec::new();
        }
        let mut step = self.alter_table(&format!(
            "RENAME COLUMN {} TO {}",
            ident(&self.name),
            ident(&new.name)
        ));
        step.object = new.id();
        step.action = crate::step::Action::Rename;
        vec![step]
    }

    fn online(&self, step: &Step, cx: &Cx<'_>) -> Option<Vec<Step>> {
        self.without_waiting(step, cx)
    }

    fn follow(&self, renamed: &Self) -> Vec<Step> {
        match (self.serial_sequence(), renamed.serial_sequence()) {
            (Some(old), Some(new)) if old != new => vec![
                Step::rename(
                    renamed.id(),
                    format!(
                        "ALTER SEQUENCE IF EXISTS {} RENAME TO {};",
                        relation(&renamed.schema, &old),
                        ident(&new)
                    ),
                )
                .because("the sequence of a serial column is named after it"),
            ],
            _ => Vec::new(),
        }
    }

    fn gives_way(&self, below: &Object, replaced: bool) -> GivesWay {
        match below {
            Object::Table(table) if replaced && table.id() == self.table_id() => GivesWay::Rebuild,
            // The table above takes care of what comes from it.
            Object::Column(column) if column.table != self.table => GivesWay::Stay,
            _ if self.generated.is_some() => GivesWay::Rebuild,
            Object::Column(_) | Object::Table(_) => GivesWay::Stay,
            _ if replaced => GivesWay::Detach,
            _ => GivesWay::Stay,
        }
    }

    fn early(&self, below: &Object) -> Option<Self> {
        (self.default.is_some() && is_called(below)).then(|| Self {
            default: None,
            ..self.clone()
        })
    }

    fn detached(&self, below: &Object) -> Option<Self> {
        let own = &self.data_type;
        let named = |schema: &str, name: &str| own.schema == schema && own.name == name;
        let data_type = match below {
            Object::CompositeType(x) if named(&x.schema, &x.name) => DataType::carrier(),
            // There may be a composite type at the bottom.
            Object::Domain(x) if named(&x.schema, &x.name) && !x.data_type.schema.is_empty() => {
                DataType::carrier()
            }
            Object::RangeType(x) if named(&x.multirange_schema, &x.multirange) => own.as_text(),
            // Types of extensions are text here, qualified unless they are Postgres's own.
            Object::Extension(_) if own.schema.is_empty() && own.name.contains('.') => {
                own.as_text()
            }
            _ if below.id().kind.space() == Space::Type => {
                let below = below.id();
                if named(&below.schema, &below.name) {
                    own.as_text()
                } else {
                    own.clone()
                }
            }
            _ => own.clone(),
        };
        let collation = self.collation.clone();
        Some(Self {
            default: None,
            // A collation goes with the type that has it, and with itself.
            collation: collation
                .filter(|_| data_type == *own && !matches!(below, Object::Collation(_))),
            data_type,
            ..self.clone()
        })
    }
}
