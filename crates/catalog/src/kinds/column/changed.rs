//! A column that becomes another.

use super::{Column, Identity};
use crate::hazard::HazardKind;
use crate::id::{Id, qualified, relation};
use crate::kinds::data_type::Conversion;
use crate::kinds::sequence::SequenceOptions;
use crate::kinds::{Change, Cx, DataType, Kind, Object, Tag, lineage, options};
use crate::sql::ident;
use crate::step::Step;

impl Column {
    pub(super) fn changed(&self, new: &Self, cx: &Cx<'_>) -> Change {
        match (&self.generated, &new.generated) {
            (Some(_), Some(_))
                if self.generated != new.generated
                    || self.generated_virtual != new.generated_virtual
                    || self.retyped(new) =>
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
        let retyped = self.retyped(new);
        // What a statement on the table above does here too.
        let above = lineage::kept_above(cx, &self.id());
        // Postgres lets no other column change the type of one that came down, not for a while either.
        let retyped_above = retyped && above.is_some();
        let null_above = match above {
            Some((Object::Column(old), Object::Column(new))) => old.not_null != new.not_null,
            _ => false,
        };
        // An old default may not convert with the type, and an identity refuses one.
        let lifts_default = self.default.is_some()
            && (retyped || (new.default.is_none() && self.default != new.default));
        if lifts_default && !retyped_above {
            steps.push(self.alter_only(cx, "DROP DEFAULT"));
        }
        if retyped && !retyped_above {
            steps.extend(self.free_defaults_below(cx));
        }
        // Bounds that the new type has no room for go first.
        let narrows = self.data_type.conversion(&new.data_type) == Conversion::Narrowing;
        let identity_first = self.identity.is_some() && (new.identity.is_none() || narrows);
        if identity_first {
            steps.extend(self.change_identity(new, cx));
        }
        let (before, after) = self.change_serial(new, cx);
        steps.extend(before);
        if !retyped_above {
            steps.extend(self.change_type(new, cx));
        }
        steps.extend(after);
        // Before rows have to have a value.
        if let Some(default) = &new.default
            && (lifts_default || self.default != new.default)
        {
            steps.push(self.alter_only(cx, &format!("SET DEFAULT {default}")));
        }
        if !self.not_null && new.not_null && !null_above {
            let step = if self.is_nullable_below(cx) {
                self.alter_this("SET NOT NULL")
            } else {
                self.alter_column("SET NOT NULL")
            };
            steps.push(step.hazard(
                HazardKind::SetNotNull,
                format!(
                    "{} becomes NOT NULL: this fails while a row holds NULL",
                    self.id().path()
                ),
            ));
        }
        if !identity_first {
            steps.extend(self.change_identity(new, cx));
        }
        if self.not_null && !new.not_null && !null_above {
            steps.push(self.alter_column("DROP NOT NULL"));
            steps.extend(self.keep_not_null_below(cx));
        }
        steps.extend(self.change_not_null(new));
        if self.foreign_options != new.foreign_options {
            let change = options::change(&self.foreign_options, &new.foreign_options);
            let step = self.alter_column(change.trim_start());
            steps.push(options::mark_secrets(step, &self.id().to_string()));
        }
        // A new type brings its own storage and compression.
        let kept = Self {
            storage: self.storage.clone().filter(|_| !retyped),
            compression: self.compression.clone().filter(|_| !retyped),
            ..self.clone()
        };
        steps.extend(new.settings(Some(&kept)));
        Change::Alter {
            steps,
            disturbs: retyped,
        }
    }

    pub(super) fn retyped(&self, new: &Self) -> bool {
        self.data_type.stored() != new.data_type.stored() || self.collation != new.collation
    }

    fn is_foreign(&self, cx: &Cx<'_>) -> bool {
        let table = cx.from.get(&self.table_id());
        matches!(table, Some(Object::Table(table)) if table.foreign.is_some())
    }

    fn change_type(&self, new: &Self, cx: &Cx<'_>) -> Vec<Step> {
        if !self.retyped(new) {
            return Vec::new();
        }
        let mut target = new.data_type.stored().sql();
        if let Some(collation) = &new.collation {
            target += &format!(" COLLATE {collation}");
        }
        if self.is_foreign(cx) {
            return vec![self.alter_column(&format!("SET DATA TYPE {target}"))];
        }
        let wrapper = self.wrapper(new, cx);
        let using = match &wrapper {
            // Postgres lets no foreign table below be rewritten, so it has to convert by itself.
            _ if self.has_foreign_below(cx) => String::new(),
            Some(wrapper) => DataType::unwrapping(wrapper, &self.name),
            None => self.data_type.using(&new.data_type, &self.name),
        };
        let mut step = self.alter_column(&format!("SET DATA TYPE {target}{using}"));
        let path = self.id().path();
        let conversion = self.data_type.conversion(&new.data_type);
        if conversion == Conversion::Narrowing {
            let says = if self.data_type.keeps_first_alone(&new.data_type) {
                "all elements of a value but the first are lost"
            } else {
                "a value that does not fit stops the migration or loses precision"
            };
            let what = format!("{path} becomes {target}: {says}");
            step = step.hazard(HazardKind::NarrowingCast, what);
        }
        if conversion != Conversion::None {
            step = step.hazard(
                HazardKind::TableRewrite,
                format!("every row of {} is rewritten", self.table_id().path()),
            );
        }
        let Some(wrapper) = wrapper else {
            return vec![step];
        };
        let wrap = format!("CREATE TYPE {wrapper} AS ({} {target});", ident("value"));
        let unwrap = format!("DROP TYPE {wrapper};");
        vec![
            Step::alter(self.id(), wrap),
            step,
            Step::alter(self.id(), unwrap),
        ]
    }

    fn has_foreign_below(&self, cx: &Cx<'_>) -> bool {
        lineage::all_below(cx.from, &self.schema, &self.table).any(
            |id| matches!(cx.from.get(&id), Some(Object::Table(table)) if table.foreign.is_some()),
        )
    }

    /// Only as an attribute do values other than composite ones come back by name: the type, in SQL,
    /// that has it for a moment.
    fn wrapper(&self, new: &Self, cx: &Cx<'_>) -> Option<String> {
        let bottom = Id::in_schema(
            Tag::CompositeType,
            &new.data_type.schema,
            &new.data_type.name,
        );
        let is_row = new.data_type.dimensions == 0 && cx.to.contains(&bottom);
        let comes_back = self.data_type.is_carrier() && !new.data_type.is_carrier();
        (comes_back && !is_row).then(|| qualified(&new.data_type.schema, "driftless_carrier"))
    }

    /// From and to `serial`: the sequence that Postgres would have made.
    fn change_serial(&self, new: &Self, cx: &Cx<'_>) -> (Vec<Step>, Vec<Step>) {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        match (self.serial_sequence(), new.serial_sequence()) {
            (Some(old), None) => {
                before.push(self.alter_only(cx, "DROP DEFAULT"));
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
                after.push(self.alter_only(cx, &format!("SET DEFAULT nextval({quoted})")));
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

    fn change_identity(&self, new: &Self, cx: &Cx<'_>) -> Vec<Step> {
        match (&self.identity, &new.identity) {
            (Some(old), None) => {
                let mut steps = vec![self.alter_column("DROP IDENTITY")];
                // A sequence of that name takes its place, before it is a default.
                if let Some(Object::Sequence(sequence)) = cx.to.get(&self.sequence_id(old)) {
                    steps.push(Step::alter(self.id(), sequence.create_sql()));
                    steps.push(self.behind_values(new, &old.sequence, &sequence.options));
                }
                steps
            }
            (None, Some(identity)) => {
                let mut steps = Vec::new();
                let sequence = self.sequence_id(identity);
                if cx.from.contains(&sequence) && !cx.to.contains(&sequence) {
                    let name = qualified(&sequence.schema, &sequence.name);
                    steps.extend(self.free_of_others(&sequence, cx));
                    steps.push(Step::alter(self.id(), format!("DROP SEQUENCE {name};")));
                }
                steps.push(self.alter_column(&format!("ADD {}", identity.sql(&new.schema))));
                steps.push(self.behind_values(new, &identity.sequence, &identity.options));
                steps
            }
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
                let mut words: Vec<_> = old
                    .options
                    .changes(&new.options)
                    .into_iter()
                    .map(|word| format!("SET {word}"))
                    .collect();
                if old.options.leaves_bounds(&new.options) {
                    words.push("RESTART".to_owned());
                } else {
                    let name = qualified(&self.schema, &new.sequence);
                    steps.extend(old.options.within_bounds(&new.options, self.id(), &name));
                }
                if !words.is_empty() {
                    steps.push(self.alter_column(&words.join(" ")));
                }
                steps
            }
            (None, None) => Vec::new(),
        }
    }

    /// The new type reaches the tables below, whose defaults may not convert with it either.
    fn free_defaults_below(&self, cx: &Cx<'_>) -> Vec<Step> {
        let mut steps = Vec::new();
        for table in lineage::below(cx.from, &self.schema, &self.table) {
            let id = Id::in_parent(Tag::Column, &table.schema, &table.name, &self.name);
            if let Some(Object::Column(column)) = cx.from.get(&id)
                && lineage::kept_above(cx, &id).is_some()
            {
                if column.default.is_some() {
                    steps.push(column.alter_only(cx, "DROP DEFAULT"));
                }
                steps.extend(column.free_defaults_below(cx));
            }
        }
        steps
    }

    /// Columns of tables below have its default too: they lose it no later than the sequence.
    fn free_of_others(&self, sequence: &Id, cx: &Cx<'_>) -> Vec<Step> {
        let others = cx.from.of_kind(Tag::Column).filter_map(|(id, object)| {
            let needs = cx.from.recorded_needs(id)?;
            match (object, cx.to.get(id)) {
                (Object::Column(other), Some(Object::Column(_)))
                    if *id != self.id()
                        && other.default.is_some()
                        && !cx.is_new(&other.table_id())
                        && needs.contains(sequence) =>
                {
                    Some(other.alter_only(cx, "DROP DEFAULT"))
                }
                _ => None,
            }
        });
        others.collect()
    }

    fn sequence_id(&self, identity: &Identity) -> Id {
        Id::in_schema(Tag::Sequence, &self.schema, &identity.sequence)
    }

    /// Without it, a new sequence gives out values that rows have already.
    fn behind_values(&self, new: &Self, sequence: &str, options: &SequenceOptions) -> Step {
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
        let sequence = crate::sql::literal(&qualified(&new.schema, sequence));
        let (column, table) = (ident(&new.name), relation(&new.schema, &new.table));
        Step::alter(
            self.id(),
            format!("SELECT setval({sequence}, (SELECT {pick}({furthest}({column})::bigint {next}, {start}) FROM {table}), false);"),
        )
        .because("the new sequence goes on behind the values in use")
    }
}
