//! Objects that no kind accounts for, and who looks after them.

use std::collections::BTreeSet;

use driftless_diagnostic::Diagnostic;
use driftless_postgres::Reading;
use driftless_sources::config::toml::{DriftlessToml, Spanned};

use crate::settings::Settings;

/// What nothing is known of, unless driftless.toml accepts it.
pub(crate) struct Unmodelled<'a> {
    toml: Option<&'a DriftlessToml>,
    used: BTreeSet<&'a str>,
}

impl<'a> Unmodelled<'a> {
    pub(crate) fn new(settings: &'a Settings) -> Self {
        Self {
            toml: settings.toml.as_ref(),
            used: BTreeSet::new(),
        }
    }

    fn accepted(&self) -> impl Iterator<Item = &'a Spanned<String>> + use<'a> {
        self.toml
            .into_iter()
            .flat_map(|toml| &toml.accept_unmodelled)
    }

    /// Whether somebody looks after it.
    pub(crate) fn accepts(&mut self, what: &str) -> bool {
        let accepted = self.accepted().find(|one| one.value == what);
        accepted.is_some_and(|one| {
            self.used.insert(&one.value);
            true
        })
    }

    pub(crate) fn findings(&mut self, reading: &Reading, whose: &str) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for what in &reading.unmodelled {
            if self.accepts(what) {
                continue;
            }
            let message =
                format!("{what} of {whose} is not compared: Driftless does not know such objects");
            found.push(Diagnostic::error("unmodelled", message).help(format!(
                "look after it yourself, and say so in driftless.toml: {}",
                waiver(what)
            )));
        }
        found
    }

    pub(crate) fn unused(&self) -> Vec<Diagnostic> {
        let Some(toml) = self.toml else {
            return Vec::new();
        };
        let unused = self
            .accepted()
            .filter(|one| !self.used.contains(one.value.as_str()));
        let finding = |one: &Spanned<String>| {
            let message = format!("nothing unmodelled is called `{}`", one.value);
            toml.at(Diagnostic::warning("unused-waiver", message), one)
                .help("remove it")
        };
        unused.map(finding).collect()
    }
}

/// The line of driftless.toml that says that somebody looks after an object.
pub(crate) fn waiver(what: &str) -> String {
    let quoted = what.replace('\\', "\\\\").replace('"', "\\\"");
    format!("accept_unmodelled = [\"{quoted}\"] under [database]")
}
