//! Sequences that are declared by themselves; those of identity and serial columns belong to the column.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag, names};
use crate::hazard::HazardKind;
use crate::id::{Id, Space, qualified};
use crate::step::Step;

/// A sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sequence {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
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

    /// The options that have to be said to get from these to the new ones.
    pub(super) fn changes(&self, new: &Self) -> Vec<String> {
        let mut words: Vec<String> = self
            .values()
            .into_iter()
            .zip(new.values())
            .filter(|(old, new)| old.2 != new.2)
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

impl Sequence {
    fn sql_name(&self) -> String {
        qualified(&self.schema, &self.name)
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

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let options = self.options.sql();
        let space = if options.is_empty() { "" } else { " " };
        vec![Step::create(
            self.id(),
            format!("CREATE SEQUENCE {}{space}{options};", self.sql_name()),
        )]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let step = Step::drop(self.id(), format!("DROP SEQUENCE {};", self.sql_name()));
        vec![step.hazard(
            HazardKind::DropSequence,
            format!("sequence {} and its position are dropped", self.id().path()),
        )]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        let mut words = self.options.changes(&new.options);
        let turned = self.options.descends() != new.options.descends();
        if turned {
            words.push("RESTART".to_owned());
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
        Change::quiet(vec![step])
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        names::rename("SEQUENCE", qualified, &self.id(), &new.id())
    }
}
