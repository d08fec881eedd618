//! Columns: type, default, NOT NULL, identity, generated expression.

use serde::{Deserialize, Serialize};

use super::data_type::Conversion;
use super::sequence::SequenceOptions;
use super::{Change, Cx, DataType, Fragment, GivesWay, Kind, Object, Ref, Renaming, Tag};
use crate::hazard::HazardKind;
use crate::id::{Id, Space, qualified, relation};
use crate::sql::ident;
use crate::step::{Lock, Step};

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// NOT NULL, said or implied by a primary key, an identity or `serial`.
    pub not_null: bool,
    /// DEFAULT expression.
    pub default: Option<String>,
    /// Expression of GENERATED ALWAYS AS (…) STORED.
    pub generated: Option<String>,
    /// GENERATED … AS IDENTITY.
    pub identity: Option<Identity>,
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
        Some(super::names::object_name(&self.table, &self.name, "seq"))
    }

    /// Name, type and everything that goes with it.
    fn definition(&self) -> String {
        let mut words = vec![ident(&self.name), self.data_type.sql()];
        if let Some(default) = &self.default {
            words.push(format!("DEFAULT {default}"));
        }
        if let Some(generated) = &self.generated {
            words.push(format!("GENERATED ALWAYS AS ({generated}) STORED"));
        }
        if self.not_null {
            words.push("NOT NULL".to_owned());
        }
        if let Some(identity) = &self.identity {
            words.push(identity.sql(&self.schema));
        }
        words.join(" ")
    }

    fn change_type(&self, new: &Self) -> Vec<Step> {
        let mut steps = Vec::new();
        let target = new.data_type.stored().sql();
        let using = self.data_type.using(&new.data_type, &self.name);
        if self.data_type.stored() != new.data_type.stored() {
            let mut step = self.alter_column(&format!("SET DATA TYPE {target}{using}"));
            let path = self.id().path();
            let conversion = self.data_type.conversion(&new.data_type);
            if conversion == Conversion::Narrowing {
                step = step.hazard(
                    HazardKind::NarrowingCast,
                    format!("{path} becomes {target}: a value that does not fit stops the migration or loses precision"),
                );
            }
            if conversion != Conversion::None {
                step = step.hazard(
                    HazardKind::TableRewrite,
                    format!("every row of {} is rewritten", self.table_id().path()),
                );
            }
            steps.push(step);
        }
        steps
    }

    /// From and to `serial`: the sequence that Postgres would have made.
    fn change_serial(&self, new: &Self) -> (Vec<Step>, Vec<Step>) {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        match (self.serial_sequence(), new.serial_sequence()) {
            (Some(old), None) => {
                before.push(self.alter_column("DROP DEFAULT"));
                before.push(
                    Step::alter(
                        self.id(),
                        format!("DROP SEQUENCE {};", relation(&self.schema, &old)),
                    )
                    .hazard(
                        HazardKind::DropSequence,
                        format!(
                            "the sequence behind {} and its position are dropped",
                            self.id().path()
                        ),
                    ),
                );
            }
            (None, Some(name)) => {
                let sequence = relation(&new.schema, &name);
                let base = new.data_type.stored().sql();
                let table = relation(&new.schema, &new.table);
                let column = ident(&new.name);
                let quoted = crate::sql::literal(&qualified(&new.schema, &name));
                after.push(Step::alter(
                    self.id(),
                    format!("CREATE SEQUENCE {sequence} AS {base} OWNED BY {table}.{column};"),
                ));
                after.push(
                    Step::alter(self.id(), format!("SELECT setval({quoted}, (SELECT coalesce(max({column}), 0) + 1 FROM {table}), false);"))
                        .because("the new sequence starts after the greatest value in use"),
                );
                after.push(self.alter_column(&format!("SET DEFAULT nextval({quoted})")));
            }
            (Some(_), Some(name)) if self.data_type != new.data_type => {
                let base = new.data_type.stored().sql();
                after.push(Step::alter(
                    self.id(),
                    format!("ALTER SEQUENCE {} AS {base};", relation(&new.schema, &name)),
                ));
            }
            _ => {}
        }
        (before, after)
    }

    fn change_identity(&self, new: &Self) -> Vec<Step> {
        match (&self.identity, &new.identity) {
            (Some(_), None) => vec![self.alter_column("DROP IDENTITY")],
            (None, Some(identity)) => vec![
                self.alter_column(&format!("ADD {}", identity.sql(&new.schema))),
                self.behind_values(new, identity),
            ],
            (Some(old), Some(new)) => {
                let mut steps = Vec::new();
                if old.sequence != new.sequence {
                    steps.push(Step::alter(
                        self.id(),
                        format!(
                            "ALTER SEQUENCE {} RENAME TO {};",
                            relation(&self.schema, &old.sequence),
                            ident(&new.sequence)
                        ),
                    ));
                }
                if old.always != new.always {
                    steps.push(self.alter_column(&format!("SET GENERATED {}", new.word())));
                }
                let words: Vec<_> = old
                    .options
                    .changes(&new.options)
                    .into_iter()
                    .map(|word| format!("SET {word}"))
                    .collect();
                if !words.is_empty() {
                    steps.push(self.alter_column(&words.join(" ")));
                }
                steps
            }
            (None, None) => Vec::new(),
        }
    }

    /// Without it, a new sequence gives out values that rows have already.
    fn behind_values(&self, new: &Self, identity: &Identity) -> Step {
        let options = &identity.options;
        let increment = options.increment.as_deref().unwrap_or("1");
        let (furthest, pick, first, otherwise, next) = match increment.strip_prefix('-') {
            Some(step) => (
                "min",
                "least",
                &options.max_value,
                "-1",
                format!("- {step}"),
            ),
            None => (
                "max",
                "greatest",
                &options.min_value,
                "1",
                format!("+ {increment}"),
            ),
        };
        let start = options.start.as_deref().or(first.as_deref());
        let start = start.unwrap_or(otherwise);
        let sequence = crate::sql::literal(&qualified(&new.schema, &identity.sequence));
        let (column, table) = (ident(&new.name), relation(&new.schema, &new.table));
        Step::alter(
            self.id(),
            format!("SELECT setval({sequence}, (SELECT {pick}({furthest}({column})::bigint {next}, {start}) FROM {table}), false);"),
        )
        .because("the new sequence goes on behind the values in use")
    }

    fn added(&self, cx: &Cx<'_>) -> Step {
        let mut step = self.alter_table(&format!("ADD COLUMN {}", self.definition()));
        step.action = crate::step::Action::Create;
        if cx.is_new(&self.table_id()) {
            step.lock = None;
            return step;
        }
        let (path, table) = (self.id().path(), self.table_id().path());
        let filled = self.default.is_some()
            || self.generated.is_some()
            || self.identity.is_some()
            || self.data_type.serial_base().is_some();
        if self.not_null && !filled {
            step = step.hazard(
                HazardKind::AddNotNull,
                format!("{path} is NOT NULL without a default: this fails unless {table} is empty"),
            );
        }
        let computed = self.generated.is_some()
            || self.identity.is_some()
            || self.data_type.serial_base().is_some()
            || self.default.as_deref().is_some_and(is_volatile);
        if computed {
            step = step.hazard(
                HazardKind::TableRewrite,
                format!("every row of {table} is rewritten to fill {path}"),
            );
        }
        step
    }
}

/// Whether Postgres has to compute a default for each row. A constant is stored once; a call
/// that is not known to be stable counts as volatile.
fn is_volatile(default: &str) -> bool {
    const STABLE: [&str; 9] = [
        "now()",
        "current_timestamp",
        "current_date",
        "current_time",
        "localtimestamp",
        "localtime",
        "transaction_timestamp()",
        "statement_timestamp()",
        "current_user",
    ];
    let plain = default.trim().to_lowercase();
    let plain = plain.trim_start_matches('(').trim_end_matches(')');
    let calls = default.contains('(') && !default.trim_start().starts_with('\'');
    calls
        && !STABLE
            .iter()
            .any(|stable| plain.starts_with(stable.trim_end_matches("()")))
}

/// Whether a column can need an object for its expression alone.
fn is_called(below: &Object) -> bool {
    matches!(below, Object::Function(_) | Object::Aggregate(_))
}

impl Kind for Column {
    const SPACE: Space = Space::Column;
    const NOUN: &'static str = "column";
    const QUERY: &'static str = include_str!("column.sql");
    const ALWAYS_DECLARED: bool = true;
    const FALLS_WITH_PARENT: bool = true;
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

    fn same(&self, new: &Self) -> bool {
        if self == new {
            return true;
        }
        let mut moved = self.clone();
        moved.position = new.position;
        moved == *new
    }

    fn rank(&self) -> u32 {
        self.position
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        vec![self.added(cx)]
    }

    fn inline(&self) -> Option<Fragment> {
        Some(Fragment::Line(self.definition()))
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
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

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        match (&self.generated, &new.generated) {
            (Some(_), Some(_))
                if self.generated != new.generated || self.data_type != new.data_type =>
            {
                return Change::Replace;
            }
            (None, Some(_)) => return Change::Replace,
            _ => {}
        }
        let mut steps = Vec::new();
        if self.generated.is_some() && new.generated.is_none() {
            steps.push(self.alter_column("DROP EXPRESSION"));
        }
        let retyped = self.data_type.stored() != new.data_type.stored();
        // An old default may not convert with the type, and an identity refuses one.
        let lifts_default = self.default.is_some()
            && (retyped || (new.default.is_none() && self.default != new.default));
        if lifts_default {
            steps.push(self.alter_column("DROP DEFAULT"));
        }
        let dropped_identity = self.identity.is_some() && new.identity.is_none();
        if dropped_identity {
            steps.extend(self.change_identity(new));
        }
        let (before, after) = self.change_serial(new);
        steps.extend(before);
        steps.extend(self.change_type(new));
        if !self.not_null && new.not_null {
            steps.push(self.alter_column("SET NOT NULL").hazard(
                HazardKind::SetNotNull,
                format!(
                    "{} becomes NOT NULL: this fails while a row holds NULL",
                    self.id().path()
                ),
            ));
        }
        steps.extend(after);
        if !dropped_identity {
            steps.extend(self.change_identity(new));
        }
        if self.not_null && !new.not_null {
            steps.push(self.alter_column("DROP NOT NULL"));
        }
        if let Some(default) = &new.default
            && (lifts_default || self.default != new.default)
        {
            steps.push(self.alter_column(&format!("SET DEFAULT {default}")));
        }
        Change::Alter {
            steps,
            disturbs: retyped,
        }
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        let mut step = self.alter_table(&format!(
            "RENAME COLUMN {} TO {}",
            ident(&self.name),
            ident(&new.name)
        ));
        step.object = new.id();
        step.action = crate::step::Action::Rename;
        vec![step]
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
            Object::CompositeType(x) if named(&x.schema, &x.name) && own.dimensions == 0 => {
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
        Some(Self {
            default: None,
            data_type,
            ..self.clone()
        })
    }
}
