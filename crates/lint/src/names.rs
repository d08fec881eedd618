//! Names in a syntax tree, as Postgres stores them.

use driftless_catalog::identifiers;
use squawk_syntax::{SyntaxKind, SyntaxNode};

/// A name, perhaps with its schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name {
    pub(crate) schema: Option<String>,
    pub(crate) name: String,
}

impl Name {
    /// The name that a node is or begins with.
    pub(crate) fn of(node: &SyntaxNode) -> Option<Self> {
        let path = node
            .descendants()
            .find(|node| matches!(node.kind(), SyntaxKind::PATH | SyntaxKind::PATH_REF));
        let text = path.as_ref().unwrap_or(node).text().to_string();
        let (mentions, _) = identifiers(&text);
        let last = mentions.into_iter().next_back()?;
        Some(Self {
            schema: last.qualifier,
            name: last.name,
        })
    }

    /// As people write it; `public` is left out.
    pub(crate) fn path(&self) -> String {
        match self.schema.as_deref() {
            None | Some("public") => self.name.clone(),
            Some(schema) => format!("{schema}.{}", self.name),
        }
    }
}

/// A word that is a name of its own: a column, a role, a setting.
pub(crate) fn word(node: &SyntaxNode) -> String {
    Name::of(node).map(|name| name.name).unwrap_or_default()
}
