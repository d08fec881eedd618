//! Sequences that are declared by themselves; those of identity and serial columns belong to the column.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Object, Purpose, Ref, Renaming, SequenceOwner, Tag, names};
use crate::catalog::Catalog;
use crate::hazard::HazardKind;
use crate::id::{Id, Space, qualified};
use crate::step::Step;

/// A sequence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sequence {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// AS; `None` is `bigint`.
    #[serde(default)]
    pub data_type: Option<String>,
    /// UNLOGGED (Postgres 15 and later).
    #[serde(default)]
    pub unlogged: bool,
    /// How it counts.
    pub options: SequenceOptions,
}

/// How a sequence counts. Numbers are text, as they may exceed what JSON holds; `None` is
/// Postgres's default for the sequence's type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SequenceOptions {
    /// INCREMENT BY.
    pub increment: Option<String>,
    /// MINVALUE.
    pub min_value: Option<String>,
    /// MAXVALUE.
    pub max_value: Option<String>,
    /// START WITH.
    pub start: Option<String>,
    /// CACHE.
    pub cache: Option<String>,
    /// CYCLE.
    pub cycle: bool,
}

impl SequenceOptions {
    fn values(&self) -> [(&'static str, &'static str, &Option<String>); 5] {
        [
            ("INCREMENT BY", "INCREMENT BY 1", &self.increment),
            ("MINVALUE", "NO MINVALUE", &self.min_value),
            ("MAXVALUE", "NO MAXVALUE", &self.max_value),
            ("START WITH", "START WITH 1", &self.start),
            ("CACHE", "CACHE 1", &self.cache),
        ]
    }

    /// All options that are set, for a CREATE.
    pub(super) fn sql(&self) -> String {
        let mut words: Vec<String> = self
            .values()
            .into_iter()
            .filter_map(|(word, _, value)| Some(format!("{word} {}", value.as_ref()?)))
            .collect();
        if self.cycle {
            words.push("CYCLE".to_owned());
        }
        words.join(" ")
    }

    fn descends(&self) -> bool {
        self.increment
            .as_ref()
            .is_some_and(|increment| increment.starts_with('-'))
    }

    /// MINVALUE and MAXVALUE, where they bound anything.
    fn bounds(&self) -> (Option<i128>, Option<i128>) {
        let number = |text: &Option<String>, usual: Option<i128>| {
            text.as_ref().map_or(usual, |number| number.parse().ok())
        };
        let usual = |ascends, bound| (self.descends() != ascends).then_some(bound);
        (
            number(&self.min_value, usual(true, 1)),
            number(&self.max_value, usual(false, -1)),
        )
    }

    /// Whether no position within these bounds is within the new ones.
    pub(super) fn leaves_bounds(&self, new: &Self) -> bool {
        let (old, new) = (self.bounds(), new.bounds());
        let above = |min: Option<i128>, max: Option<i128>| min > max && max.is_some();
        above(new.0, old.1) || above(old.0, new.1)
    }

    /// Postgres refuses a bound that the position is beyond.
    pub(super) fn within_bounds(&self, new: &Self, id: Id, name: &str) -> Option<Step> {
        let (old, new) = (self.bounds(), new.bounds());
        let raised = new.0.filter(|min| old.0.is_none_or(|old| old < *min));
        let lowered = new.1.filter(|max| old.1.is_none_or(|old| old > *max));
        let (bound, beyond, called) = match (raised, lowered) {
            (Some(min), _) => (min, "<", false),
            (None, Some(max)) => (max, ">", true),
            (None, None) => return None,
        };
        let quoted = crate::sql::literal(name);
        let sql = format!(
            "SELECT setval({quoted}, {bound}, {called}) FROM {name} WHERE last_value {beyond} {bound};"
        );
        Some(Step::alter(id, sql).because("the position has to be within the new bounds"))
    }

    /// The first value where START WITH is not said.
    fn usual_start(&self) -> &str {
        let (bound, otherwise) = if self.descends() {
            (&self.max_value, "-1")
        } else {
            (&self.min_value, "1")
        };
        bound.as_deref().unwrap_or(otherwise)
    }

    /// The options that have to be said to get from these to the new ones.
    pub(super) fn changes(&self, new: &Self) -> Vec<String> {
        let start = |options: &Self| {
            let usual = || options.usual_start().to_owned();
            Some(options.start.clone().unwrap_or_else(usual))
        };
        let (first, last) = (start(self), start(new));
        let moves = self.start != new.start || first != last;
        let mut words: Vec<String> = self
            .values()
            .into_iter()
            .zip(new.values())
            .filter(|(old, new)| match old.0 {
                "START WITH" => moves,
                _ => old.2 != new.2,
            })
            .map(|(old, new)| match new.0 {
                "START WITH" => (old, (new.0, new.1, &last)),
                _ => (old, new),
            })
            .map(|(_, (word, default, value))| {
                value
                    .as_ref()
                    .map_or_else(|| default.to_owned(), |value| format!("{word} {value}"))
            })
            .collect();
        if self.cycle != new.cycle {
            words.push(if new.cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
        }
        words
    }
}

/// What a sequence and an identity may not hold at once.
pub(super) fn held(schema: &str, name: &str) -> String {
    format!("sequence {}", qualified(schema, name))
}

impl Sequence {
    fn sql_name(&self) -> String {
        qualified(&self.schema, &self.name)
    }

    pub(super) fn create_sql(&self) -> String {
        let unlogged = if self.unlogged { "UNLOGGED " } else { "" };
        let of_type = self
            .data_type
            .as_ref()
            .map_or_else(String::new, |data_type| format!(" AS {data_type}"));
        let options = self.options.sql();
        let space = if options.is_empty() { "" } else { " " };
        let name = self.sql_name();
        format!("CREATE {unlogged}SEQUENCE {name}{of_type}{space}{options};")
    }

    /// The column whose identity keeps a sequence of this name in another catalog: its own
    /// statements make the one of the other.
    fn identity(&self, owned: &Catalog, other: &Catalog) -> Option<Id> {
        let column = SequenceOwner::column_of(owned, &self.schema, &self.name)?;
        let Some(Object::Column(held)) = other.get(&column) else {
            return None;
        };
        let identity = held.identity.as_ref()?;
        (identity.sequence == self.name).then_some(column)
    }
}

impl Kind for Sequence {
    const SPACE: Space = Space::Relation;
    const NOUN: &'static str = "sequence";
    const QUERY: &'static str = include_str!("sequence.sql");
    const RENAME: Renaming = Renaming::Ask;

    fn id(&self) -> Id {
        Id::in_schema(Tag::Sequence, &self.schema, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Schema, &self.schema))
    }

    fn reference(&self) -> String {
        format!("SEQUENCE {}", self.sql_name())
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Relation {
            schema: &mut self.schema,
            name: &mut self.name,
        });
    }

    fn contends(&self) -> Option<String> {
        Some(held(&self.schema, &self.name))
    }

    fn goes_with(&self, from: &Catalog) -> Option<Id> {
        SequenceOwner::column_of(from, &self.schema, &self.name)
    }

    fn purpose(&self, catalog: &Catalog) -> Option<Purpose> {
        let of = SequenceOwner::column_of(catalog, &self.schema, &self.name)?;
        let usual = format!("{}_{}_seq", of.parent, of.name);
        Some(Purpose {
            has_usual_name: self.name == usual,
            of,
        })
    }

    fn maker(&self, from: &Catalog, to: &Catalog) -> Option<Id> {
        self.identity(to, from)
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        if self.maker(cx.from, cx.to).is_some() {
            return Vec::new();
        }
        vec![Step::create(self.id(), self.create_sql())]
    }

    fn drop(&self, cx: &Cx<'_>) -> Vec<Step> {
        let owner = SequenceOwner::column_of(cx.from, &self.schema, &self.name);
        let goes = |owner: &Id| !cx.to.contains(owner) || cx.is_new(owner);
        if owner.as_ref().is_some_and(goes) || self.identity(cx.from, cx.to).is_some() {
            return Vec::new();
        }
        let step = Step::drop(self.id(), format!("DROP SEQUENCE {};", self.sql_name()));
        vec![step.hazard(
            HazardKind::DropSequence,
            format!("sequence {} and its position are dropped", self.id().path()),
        )]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        let mut steps = Vec::new();
        if self.unlogged != new.unlogged {
            let word = if new.unlogged { "UNLOGGED" } else { "LOGGED" };
            let sql = format!("ALTER SEQUENCE {} SET {word};", self.sql_name());
            steps.push(Step::alter(self.id(), sql));
        }
        let mut words = self.options.changes(&new.options);
        let turned = self.options.descends() != new.options.descends()
            || self.options.leaves_bounds(&new.options);
        if turned {
            words.push("RESTART".to_owned());
        } else {
            let name = self.sql_name();
            steps.extend(self.options.within_bounds(&new.options, self.id(), &name));
        }
        if self.data_type != new.data_type {
            let data_type = new.data_type.as_deref().unwrap_or("bigint");
            words.insert(0, format!("AS {data_type}"));
        }
        if words.is_empty() {
            return Change::quiet(steps);
        }
        let sql = format!("ALTER SEQUENCE {} {};", self.sql_name(), words.join(" "));
        let mut step = Step::alter(self.id(), sql);
        if turned {
            step = step.hazard(
                HazardKind::DropSequence,
                format!(
                    "sequence {} counts the other way: its position is lost, it starts anew",
                    self.id().path()
                ),
            );
        }
        steps.push(step);
        Change::quiet(steps)
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        names::rename("SEQUENCE", qualified, &self.id(), &new.id())
    }
}
