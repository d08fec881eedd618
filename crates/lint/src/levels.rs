//! How bad the findings of each rule are.

use std::collections::BTreeMap;

use driftless_diagnostic::Severity;

use crate::{RULES, Rule};

/// How bad a rule's findings are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The rule is not asked.
    Off,
    /// Worth knowing.
    Info,
    /// Worth a look, changes no exit code.
    Warning,
    /// The command fails.
    Error,
}

impl Level {
    /// Its word in `driftless.toml`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The level that goes by a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Off, Self::Info, Self::Warning, Self::Error]
            .into_iter()
            .find(|level| level.as_str() == word)
    }

    pub(crate) fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

/// The levels of all rules: what was chosen, else each rule's own.
#[derive(Debug, Clone, Default)]
pub struct Levels {
    chosen: BTreeMap<&'static str, Level>,
}

impl Levels {
    /// Chooses the level of a rule; false where no rule has this name.
    pub fn choose(&mut self, name: &str, level: Level) -> bool {
        let rule = RULES.iter().find(|rule| rule.name == name);
        rule.map(|rule| self.chosen.insert(rule.name, level))
            .is_some()
    }

    /// The level of a rule.
    pub fn of(&self, rule: &Rule) -> Level {
        self.chosen.get(rule.name).copied().unwrap_or(rule.level)
    }
}

/// The rule whose name is most like a word, where one is like it.
pub fn nearest(word: &str) -> Option<&'static str> {
    nearest_of(word, [])
}

/// The same among more names than those of the rules.
pub fn nearest_of(
    word: &str,
    more: impl IntoIterator<Item = &'static str>,
) -> Option<&'static str> {
    let names = RULES.iter().map(|rule| rule.name).chain(more);
    let (score, name) = names
        .map(|name| (strsim::jaro_winkler(word, name), name))
        .max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    (score > 0.8).then_some(name)
}
