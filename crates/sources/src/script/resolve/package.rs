//! `package.json`: names, dependencies, `exports` and `imports`.

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Where a package's own code is preferred: sources before what was built from them.
const OURS: &[&str] = &[
    "source",
    "development",
    "import",
    "module",
    "node",
    "require",
    "default",
    "types",
];
/// What Node itself would take.
const THEIRS: &[&str] = &["import", "module", "node", "require", "default"];

/// Every `package.json` read so far.
#[derive(Default)]
pub(super) struct Packages(Mutex<HashMap<Utf8PathBuf, Option<Arc<Package>>>>);

/// One `package.json`.
pub(super) struct Package {
    pub(super) dir: Utf8PathBuf,
    json: Value,
}

impl Packages {
    /// The package that a folder belongs to.
    pub(super) fn nearest(&self, dir: &Utf8Path) -> Option<Arc<Package>> {
        dir.ancestors().find_map(|dir| self.read(dir))
    }

    /// The package in exactly this folder; an empty one when it has no package.json.
    pub(super) fn at(&self, dir: &Utf8Path) -> Arc<Package> {
        self.read(dir).unwrap_or_else(|| {
            Arc::new(Package {
                dir: dir.to_owned(),
                json: Value::Null,
            })
        })
    }

    /// Whether a package.json at or above `dir` lists a package, or there is none to ask.
    pub(super) fn declares(&self, dir: &Utf8Path, name: &str) -> bool {
        let mut any = false;
        for dir in dir.ancestors() {
            if let Some(package) = self.read(dir) {
                any = true;
                if package.lists(name) {
                    return true;
                }
            }
        }
        !any
    }

    fn read(&self, dir: &Utf8Path) -> Option<Arc<Package>> {
        let mut known = self.0.lock().ok()?;
        if let Some(package) = known.get(dir) {
            return package.clone();
        }
        let package = fs_err::read_to_string(dir.join("package.json"))
            .ok()
            .and_then(|text| serde_json::from_str(&text).ok())
            .map(|json| {
                Arc::new(Package {
                    dir: dir.to_owned(),
                    json,
                })
            });
        known.insert(dir.to_owned(), package.clone());
        package
    }
}

impl Package {
    /// The package's own name.
    pub(super) fn name(&self) -> Option<&str> {
        self.json.get("name")?.as_str()
    }

    /// `workspaces`, in both of its forms.
    pub(super) fn workspaces(&self) -> Vec<String> {
        let field = self.json.get("workspaces");
        let list = field.and_then(|w| w.get("packages")).or(field);
        list.and_then(Value::as_array)
            .map(|list| {
                list.iter()
                    .filter_map(|glob| glob.as_str().map(str::to_owned))
                    .collect()
            })
            .unwrap_or_default()
    }

    fn lists(&self, name: &str) -> bool {
        [
            "dependencies",
            "devDependencies",
            "peerDependencies",
            "optionalDependencies",
        ]
        .iter()
        .any(|field| self.json.get(field).and_then(|d| d.get(name)).is_some())
    }

    /// Whether code of this package itself uses another.
    pub(super) fn depends_on(&self, name: &str) -> bool {
        ["dependencies", "peerDependencies"]
            .iter()
            .any(|field| self.json.get(field).and_then(|d| d.get(name)).is_some())
    }

    /// What `#name` stands for, best first.
    pub(super) fn imports(&self, specifier: &str) -> Vec<String> {
        let Some(map) = self.json.get("imports") else {
            return Vec::new();
        };
        lookup(map, specifier, OURS)
    }

    /// Files that `.subpath` stands for (empty for the package itself), best first; `ours` when
    /// its sources are wanted.
    pub(super) fn entries(&self, subpath: &str, ours: bool) -> Vec<String> {
        let conditions = if ours { OURS } else { THEIRS };
        if let Some(exports) = self.json.get("exports") {
            let key = format!(".{subpath}");
            let by_subpath = exports
                .as_object()
                .is_some_and(|map| map.keys().any(|k| k.starts_with('.')));
            let mut found = if by_subpath {
                lookup(exports, &key, conditions)
            } else if subpath.is_empty() {
                targets(exports, "", conditions)
            } else {
                Vec::new()
            };
            if ours {
                // TypeScript itself before what some build made of it.
                found.sort_by_key(|file| !is_typescript(file));
            }
            return found;
        }
        if !subpath.is_empty() {
            return vec![format!(".{subpath}")];
        }
        let mut found: Vec<String> = ["source", "module", "main", "types"]
            .iter()
            .filter(|field| ours || !matches!(**field, "source" | "types"))
            .filter_map(|field| self.json.get(field)?.as_str().map(str::to_owned))
            .collect();
        if ours {
            found.sort_by_key(|file| !is_typescript(file));
        }
        found.push("./index".to_owned());
        if ours {
            found.push("./src/index".to_owned());
        }
        found
    }
}

fn is_typescript(file: &str) -> bool {
    let path = Utf8Path::new(file);
    matches!(path.extension(), Some("ts" | "tsx" | "mts" | "cts")) && !file.ends_with(".d.ts")
}

/// Looks a key up in `exports` or `imports`: exact, else by the longest pattern with a `*`.
fn lookup(map: &Value, key: &str, conditions: &[&str]) -> Vec<String> {
    let Some(map) = map.as_object() else {
        return Vec::new();
    };
    if let Some(value) = map.get(key) {
        return targets(value, "", conditions);
    }
    let mut best: Option<(&str, &str, &Value)> = None;
    for (pattern, value) in map {
        let Some((prefix, suffix)) = pattern.split_once('*') else {
            continue;
        };
        let Some(star) = key
            .strip_prefix(prefix)
            .and_then(|rest| rest.strip_suffix(suffix))
        else {
            continue;
        };
        if best.is_none_or(|(longest, _, _)| prefix.len() > longest.len()) {
            best = Some((prefix, star, value));
        }
    }
    best.map_or_else(Vec::new, |(_, star, value)| {
        targets(value, star, conditions)
    })
}

/// All targets of a conditional value, in order of our preference.
fn targets(value: &Value, star: &str, conditions: &[&str]) -> Vec<String> {
    match value {
        Value::String(target) => vec![target.replace('*', star)],
        Value::Array(list) => list
            .iter()
            .flat_map(|value| targets(value, star, conditions))
            .collect(),
        Value::Object(map) => {
            let mut found: Vec<String> = conditions
                .iter()
                .filter_map(|condition| map.get(*condition))
                .flat_map(|value| targets(value, star, conditions))
                .collect();
            if conditions == OURS {
                // A monorepo's own condition, e.g. `@acme/source`.
                for (condition, value) in map {
                    if condition.starts_with('@') {
                        found.splice(0..0, targets(value, star, conditions));
                    }
                }
            }
            found
        }
        _ => Vec::new(),
    }
}

/// `@scope/name/sub` as `@scope/name` and `/sub`; nothing when it cannot name a package.
pub(super) fn split(specifier: &str) -> Option<(&str, &str)> {
    let mut slashes = specifier.match_indices('/').map(|(at, _)| at);
    let end = if specifier.starts_with('@') {
        let scope = slashes.next()?;
        if scope < 2 {
            return None;
        }
        slashes.next()
    } else {
        slashes.next()
    };
    let (name, subpath) = specifier.split_at(end.unwrap_or(specifier.len()));
    let valid = !name.is_empty()
        && !name.ends_with('/')
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "@/-_.".contains(c))
        && name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '@' || c == '_');
    valid.then_some((name, subpath))
}

/// The folder of a package in the nearest `node_modules` that has it.
pub(super) fn installed(dir: &Utf8Path, name: &str) -> Option<Utf8PathBuf> {
    dir.ancestors()
        .filter(|dir| dir.file_name() != Some("node_modules"))
        .map(|dir| dir.join("node_modules").join(name))
        .find(|dir| dir.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifiers_split_into_package_and_path() {
        for (specifier, expected) in [
            ("zod", Some(("zod", ""))),
            ("zod/v4", Some(("zod", "/v4"))),
            ("@acme/db", Some(("@acme/db", ""))),
            ("@acme/db/schema/a", Some(("@acme/db", "/schema/a"))),
            ("@/db", None),
            ("@acme", None),
            ("~/db", None),
            ("$lib/db", None),
        ] {
            assert_eq!(split(specifier), expected, "{specifier}");
        }
    }

    #[test]
    fn exports_are_followed() {
        let package = Package {
            dir: Utf8PathBuf::from("/p"),
            json: serde_json::json!({"exports": {
                ".": {"types": "./src/index.ts", "default": "./dist/index.js"},
                "./*": "./src/*.ts",
                "./deep/*.js": {"import": {"default": "./deep/*.mjs"}},
                "./hidden": null,
            }}),
        };
        for (subpath, expected) in [
            ("", vec!["./src/index.ts", "./dist/index.js"]),
            ("/users", vec!["./src/users.ts"]),
            ("/deep/a.js", vec!["./deep/a.mjs"]),
            ("/hidden", vec![]),
        ] {
            assert_eq!(package.entries(subpath, true), expected, "{subpath}");
        }
    }
}
