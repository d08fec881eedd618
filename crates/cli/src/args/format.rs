//! How output looks.

use clap::ValueEnum;

/// How results look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, findings with their lines of code
    #[default]
    Human,
    /// For people and editors, one line a finding
    Concise,
    /// For programs: one object on stdout, see docs/json.md
    Json,
    /// For code scanning: findings as SARIF 2.1.0 on stdout
    Sarif,
    /// For GitHub Actions: findings as annotations of lines
    Github,
    /// For test reports: findings as JUnit XML on stdout
    Junit,
    /// A picture, of `erd`
    #[value(hide = true)]
    Svg,
    /// A diagram for Markdown, of `erd`
    #[value(hide = true)]
    Mermaid,
    /// A diagram for Graphviz, of `erd`
    #[value(hide = true)]
    Dot,
    /// A diagram for dbdiagram.io, of `erd`
    #[value(hide = true)]
    Dbml,
    /// A comment, of `report`
    #[value(hide = true)]
    Markdown,
}

impl Format {
    /// As it is typed.
    pub(crate) fn word(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// The only command that has it.
    pub(crate) fn only_of(self) -> Option<&'static str> {
        match self {
            Self::Svg | Self::Mermaid | Self::Dot | Self::Dbml => Some("erd"),
            Self::Markdown => Some("report"),
            _ => None,
        }
    }
}

/// When to use colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
