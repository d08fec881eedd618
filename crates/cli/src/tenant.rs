//! `[tenant]` of driftless.toml, and what its rules find.

use std::collections::BTreeMap;

use driftless_catalog::{Catalog, Id, Tag};
use driftless_diagnostic::{Diagnostic, Failure, Severity};
use driftless_sources::config::toml::{self, DriftlessToml, Spanned};
use driftless_tenant::{Accepted, Facts, Finding, Sifted, Tenant, explain, run, sift};

use crate::exit::Result;
use crate::settings::Settings;

/// What is said of tenants, and where.
pub(crate) struct Guard<'a> {
    pub(crate) tenant: Tenant,
    toml: &'a DriftlessToml,
    said: &'a toml::Tenant,
}

impl<'a> Guard<'a> {
    /// Nothing where there is no `[tenant]`.
    ///
    /// # Errors
    /// `unknown-rule` for an entry that accepts what no rule finds.
    pub(crate) fn configured(settings: &'a Settings) -> Result<Option<Self>> {
        let Some(toml) = &settings.toml else {
            return Ok(None);
        };
        let Some(said) = &toml.tenant else {
            return Ok(None);
        };
        let unknown: Vec<Diagnostic> = said
            .accept
            .iter()
            .filter(|entry| entry.rule.value != "not-proven" && explain(&entry.rule.value).is_none())
            .map(|entry| {
                let message = format!("no rule is called `{}`", entry.rule.value);
                toml.at(Diagnostic::error("unknown-rule", message), &entry.rule)
                    .help("write the number or the code that `driftless rls` prints: R11, unique-across-tenants")
            })
            .collect();
        if !unknown.is_empty() {
            return Err(Failure::new(unknown).into());
        }
        Ok(Some(Self {
            tenant: tenant(said),
            toml,
            said,
        }))
    }

    /// What the rules find in what the migrations make, with what of driftless.toml fits nothing.
    pub(crate) fn of_history(&self, catalog: &Catalog) -> Vec<Finding> {
        let sifted = sift(run(&Facts::new(catalog, &self.tenant, None)), &self.tenant);
        let mut found = self.unknown_tables(catalog);
        // What the probe alone finds is not looked for here.
        found.extend(self.unused(&sifted, |rule| rule.starts_with('R')));
        let mut all = sifted.findings;
        all.extend(found.into_iter().map(|diagnostic| Finding {
            number: "",
            object: String::new(),
            by: String::new(),
            diagnostic,
        }));
        all
    }

    /// What they find in a database besides.
    pub(crate) fn of_live(
        &self,
        catalog: &Catalog,
        owner: &str,
        known: &[Finding],
    ) -> Vec<Diagnostic> {
        let facts = Facts::new(catalog, &self.tenant, Some(owner));
        let found = sift(run(&facts), &self.tenant).findings.into_iter();
        let new = found.filter(|one| {
            let same = |other: &Finding| (other.number, &other.object) == (one.number, &one.object);
            !known.iter().any(same)
        });
        new.map(|one| {
            one.diagnostic
                .note("in the database, and not in what the migrations make")
        })
        .collect()
    }

    /// Entries that name no table.
    pub(crate) fn unknown_tables(&self, catalog: &Catalog) -> Vec<Diagnostic> {
        let known = |name: &Spanned<String>| {
            let path = path(&name.value);
            catalog
                .of_kind(Tag::Table)
                .any(|(id, _): (&Id, _)| id.path() == path)
        };
        let lists = [
            (&self.said.columns, "columns"),
            (&self.said.exempt, "exempt"),
        ];
        let mut found = Vec::new();
        for (list, key) in lists {
            for (name, _) in list.iter().filter(|(name, _)| !known(name)) {
                let message = format!("[tenant.{key}] speaks of {}, which is no table", name.value);
                let diagnostic = Diagnostic::warning("unused-waiver", message);
                found.push(
                    self.toml
                        .at(diagnostic, name)
                        .help("correct its name, or remove it"),
                );
            }
        }
        found
    }

    /// Entries that accept what was not found.
    pub(crate) fn unused(&self, sifted: &Sifted, of: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
        let unused = sifted.unused.iter().map(|at| &self.said.accept[*at]);
        let unused = unused.filter(|entry| {
            let attack = driftless_tenant::probe::ATTACKS.iter().any(|attack| {
                attack.code() == entry.rule.value || attack.number() == entry.rule.value
            });
            of(if attack || entry.rule.value == "not-proven" {
                "P"
            } else {
                "R"
            })
        });
        unused
            .map(|entry| {
                let message = format!(
                    "{} has no finding of {} to accept",
                    entry.object.value, entry.rule.value
                );
                let diagnostic = Diagnostic::warning("unused-waiver", message);
                self.toml
                    .at(diagnostic, &entry.object)
                    .help("remove the entry")
            })
            .collect()
    }
}

/// How many of these make a command fail.
pub(crate) fn errors<'f>(found: impl IntoIterator<Item = &'f Diagnostic>) -> usize {
    let found = found.into_iter();
    found.filter(|one| one.severity == Severity::Error).count()
}

fn tenant(said: &toml::Tenant) -> Tenant {
    let texts = |list: &[Spanned<String>]| list.iter().map(|one| one.value.clone()).collect();
    let pairs = |list: &[(Spanned<String>, String)]| -> BTreeMap<String, String> {
        let pair = |(name, text): &(Spanned<String>, String)| (path(&name.value), text.clone());
        list.iter().map(pair).collect()
    };
    Tenant {
        column: said.column.value.clone(),
        columns: pairs(&said.columns),
        function: said.function.value.clone(),
        set: said.set.as_ref().map(|set| set.value.clone()),
        app_roles: texts(&said.app_roles),
        admin_roles: texts(&said.admin_roles),
        owner: said.owner.as_ref().map(|owner| owner.value.clone()),
        exempt: pairs(&said.exempt),
        accepted: said
            .accept
            .iter()
            .map(|entry| Accepted {
                rule: entry.rule.value.clone(),
                object: path(&entry.object.value),
                reason: entry.reason.value.clone(),
            })
            .collect(),
    }
}

/// A name as findings have it: `public` goes without saying.
fn path(name: &str) -> String {
    name.strip_prefix("public.").unwrap_or(name).to_owned()
}
