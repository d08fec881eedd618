//! The monorepo around a project: its root and its packages, also before they are installed.

use super::package::Packages;
use crate::script::glob;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::HashMap;
use std::sync::OnceLock;

/// A workspace root and, once asked for, its packages by name.
pub(super) struct Workspace {
    pub(super) root: Utf8PathBuf,
    globs: Vec<String>,
    packages: OnceLock<HashMap<String, Utf8PathBuf>>,
}

impl Workspace {
    /// The workspace around a project: the nearest folder above that declares packages, else the
    /// repository, else the project itself.
    pub(super) fn around(project: &Utf8Path, packages: &Packages) -> Self {
        let mut repository = None;
        for dir in project.ancestors() {
            let globs = declared(dir, packages);
            if !globs.is_empty() {
                return Self::new(dir, globs);
            }
            if dir.join(".git").exists() {
                repository = Some(dir);
                break;
            }
        }
        Self::new(repository.unwrap_or(project), Vec::new())
    }

    fn new(root: &Utf8Path, globs: Vec<String>) -> Self {
        Self {
            root: root.to_owned(),
            globs,
            packages: OnceLock::new(),
        }
    }

    /// The folder of the workspace's package of this name.
    pub(super) fn package(&self, name: &str, packages: &Packages) -> Option<Utf8PathBuf> {
        let known = self.packages.get_or_init(|| {
            let mut known = HashMap::new();
            for pattern in self.globs.iter().filter(|glob| !glob.starts_with('!')) {
                for dir in glob::expand(&self.root, pattern) {
                    if let Some(name) = packages.at(&dir).name() {
                        known.entry(name.to_owned()).or_insert(dir);
                    }
                }
            }
            known
        });
        known.get(name)?.canonicalize_utf8().ok()
    }
}

fn declared(dir: &Utf8Path, packages: &Packages) -> Vec<String> {
    if let Ok(text) = fs_err::read_to_string(dir.join("pnpm-workspace.yaml")) {
        return pnpm(&text);
    }
    packages.at(dir).workspaces()
}

/// The `packages` list of a pnpm-workspace.yaml; the one field needed, in its two YAML forms.
fn pnpm(text: &str) -> Vec<String> {
    let mut globs = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        let line = line.split(" #").next().unwrap_or(line).trim_end();
        let item = line.trim_start();
        if let Some(rest) = line.strip_prefix("packages:") {
            inside = true;
            let rest = rest.trim();
            if let Some(list) = rest.strip_prefix('[') {
                globs.extend(list.trim_end_matches(']').split(',').map(unquoted));
            }
        } else if let Some(glob) = item.strip_prefix("- ").filter(|_| inside) {
            globs.push(unquoted(glob));
        } else if !item.is_empty() && !item.starts_with('#') && !line.starts_with(' ') {
            inside = false;
        }
    }
    globs.retain(|glob| !glob.is_empty());
    globs
}

fn unquoted(text: &str) -> String {
    text.trim().trim_matches(['"', '\'']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pnpm_lists_are_read() {
        for (text, expected) in [
            (
                "packages:\n  - 'apps/*'\n  - packages/* # ours\n  - \"!**/test/**\"\n\ncatalog:\n  - no\n",
                vec!["apps/*", "packages/*", "!**/test/**"],
            ),
            ("packages: [\"a/*\", 'b']\n", vec!["a/*", "b"]),
            ("packages:\n- x/*\n", vec!["x/*"]),
            ("catalog:\n  zod: 1\n", vec![]),
        ] {
            assert_eq!(pnpm(text), expected, "{text}");
        }
    }
}
