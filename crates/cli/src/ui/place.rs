//! Where the project is for those who read findings elsewhere: in its repository.

use camino::{Utf8Path, Utf8PathBuf};
use driftless_report::{RuleText, Tool};

use crate::args::Global;
use crate::exit::Exit;

/// The project's directory, seen from the top of its repository.
#[derive(Debug, Default)]
pub(super) struct Place {
    /// Empty, or ending in `/`.
    pub(super) prefix: String,
    /// What a finding without a place is about: the configuration.
    config: String,
}

impl Place {
    pub(super) fn of(global: &Global) -> Self {
        let here = std::env::current_dir().ok();
        let here = here.and_then(|dir| Utf8PathBuf::from_path_buf(dir).ok());
        let Some(here) = here else {
            return Self::default();
        };
        let dir = match &global.directory {
            Some(directory) => here.join(directory).canonicalize_utf8().unwrap_or(here),
            None => here,
        };
        let top = dir.ancestors().find(|dir| dir.join(".git").exists());
        let inside = dir
            .strip_prefix(top.unwrap_or(&dir))
            .unwrap_or(Utf8Path::new(""));
        let prefix = match inside.as_str() {
            "" => String::new(),
            inside => format!("{inside}/"),
        };
        let usual = [
            "drizzle.config.ts",
            "drizzle.config.js",
            "drizzle.config.json",
        ];
        let there = usual.into_iter().find(|name| dir.join(name).exists());
        let config = match &global.config {
            Some(config) => config.to_string(),
            None => there.unwrap_or("driftless.toml").to_owned(),
        };
        Self { prefix, config }
    }

    /// What SARIF says of the program.
    pub(super) fn tool(&self, exit: Exit) -> Tool<'_> {
        let rules = driftless_checks::RULES.iter().flat_map(|rule| {
            rule.codes.iter().map(|&code| RuleText {
                code,
                name: rule.name,
                docs: driftless_checks::explain(code).unwrap_or_default(),
            })
        });
        Tool {
            version: env!("CARGO_PKG_VERSION"),
            home: env!("CARGO_PKG_REPOSITORY"),
            rules: rules.collect(),
            prefix: &self.prefix,
            config: &self.config,
            worked: matches!(exit, Exit::Ok | Exit::Failed),
        }
    }
}
