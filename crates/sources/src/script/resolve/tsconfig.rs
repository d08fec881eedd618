//! `paths` and `baseUrl` of tsconfig.json, read leniently: a missing `extends` is not our business.

use super::package::{self, Packages};
use super::probe;
use super::workspace::Workspace;
use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// How many files an `extends` chain may have.
const CHAIN: usize = 16;

/// Every tsconfig read so far, by folder.
#[derive(Default)]
pub(super) struct TsConfigs(Mutex<HashMap<Utf8PathBuf, Vec<Arc<TsConfig>>>>);

/// What one tsconfig says about where imports lead.
#[derive(Clone)]
pub(super) struct TsConfig {
    pub(super) file: Utf8PathBuf,
    base_url: Option<Utf8PathBuf>,
    /// Pattern and targets; the targets are absolute.
    paths: Vec<(String, Vec<Utf8PathBuf>)>,
}

impl TsConfigs {
    /// The configurations that speak for a folder, nearest first.
    pub(super) fn around(
        &self,
        dir: &Utf8Path,
        workspace: &Workspace,
        packages: &Packages,
    ) -> Vec<Arc<TsConfig>> {
        let mut found = Vec::new();
        for dir in dir.ancestors() {
            found.extend(self.at(dir, workspace, packages));
            if dir == workspace.root {
                break;
            }
        }
        found
    }

    fn at(&self, dir: &Utf8Path, workspace: &Workspace, packages: &Packages) -> Vec<Arc<TsConfig>> {
        let Ok(mut known) = self.0.lock() else {
            return Vec::new();
        };
        if let Some(configs) = known.get(dir) {
            return configs.clone();
        }
        let file = ["tsconfig.json", "jsconfig.json"]
            .iter()
            .map(|name| dir.join(name))
            .find(|file| file.is_file());
        let reader = Reader {
            workspace,
            packages,
        };
        let configs: Vec<Arc<TsConfig>> = file
            .map(|file| reader.with_references(&file))
            .unwrap_or_default()
            .into_iter()
            .filter(|config| config.base_url.is_some() || !config.paths.is_empty())
            .map(Arc::new)
            .collect();
        known.insert(dir.to_owned(), configs.clone());
        configs
    }
}

impl TsConfig {
    /// Paths that a specifier may mean, best first, and whether an alias (rather than `baseUrl`
    /// or a bare `*`) led there.
    pub(super) fn candidates(&self, specifier: &str) -> Vec<(Utf8PathBuf, bool)> {
        let mut found = Vec::new();
        let mut best: Option<(usize, &str, &[Utf8PathBuf], bool)> = None;
        for (pattern, targets) in &self.paths {
            let Some((prefix, suffix)) = pattern.split_once('*') else {
                if pattern == specifier {
                    best = Some((usize::MAX, "", targets, true));
                }
                continue;
            };
            let star = specifier
                .strip_prefix(prefix)
                .and_then(|rest| rest.strip_suffix(suffix));
            if let Some(star) = star
                && best.is_none_or(|(length, ..)| prefix.len() + 1 > length)
            {
                best = Some((prefix.len() + 1, star, targets, !prefix.is_empty()));
            }
        }
        if let Some((_, star, targets, by_alias)) = best {
            for target in targets {
                let path = Utf8PathBuf::from(target.as_str().replacen('*', star, 1));
                found.push((path, by_alias));
            }
        }
        if let Some(base) = &self.base_url {
            found.push((base.join(specifier), false));
        }
        found
    }
}

struct Reader<'a> {
    workspace: &'a Workspace,
    packages: &'a Packages,
}

impl Reader<'_> {
    /// A configuration and those of a solution (`references`) that it stands for.
    fn with_references(&self, file: &Utf8Path) -> Vec<TsConfig> {
        let dir = file.parent().unwrap_or(file);
        let mut configs = vec![self.chain(file, dir, 0)];
        let references = read(file);
        let references = references
            .as_ref()
            .and_then(|json| json.get("references"))
            .and_then(Value::as_array);
        for path in references.into_iter().flatten() {
            if let Some(path) = path.get("path").and_then(Value::as_str) {
                let mut path = probe::normal(&dir.join(path));
                if path.is_dir() {
                    path.push("tsconfig.json");
                }
                let home = path.parent().unwrap_or(dir).to_owned();
                configs.push(self.chain(&path, &home, 0));
            }
        }
        configs
    }

    /// One file with what it inherits; `leaf` is the folder that `${configDir}` means.
    fn chain(&self, file: &Utf8Path, leaf: &Utf8Path, depth: usize) -> TsConfig {
        let dir = file.parent().unwrap_or(file);
        let mut config = TsConfig {
            file: file.to_owned(),
            base_url: None,
            paths: Vec::new(),
        };
        let Some(json) = read(file).filter(|_| depth < CHAIN) else {
            return config;
        };
        let parents: Vec<&str> = match json.get("extends") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        for parent in parents {
            let Some(path) = self.extended(dir, parent) else {
                continue;
            };
            let parent = self.chain(&path, leaf, depth + 1);
            if parent.base_url.is_some() {
                config.base_url = parent.base_url;
            }
            if !parent.paths.is_empty() {
                config.paths = parent.paths;
            }
        }
        let Some(options) = json.get("compilerOptions") else {
            return config;
        };
        let place =
            |base: &Utf8Path, text: &str| base.join(text.replace("${configDir}", leaf.as_str()));
        if let Some(base_url) = options.get("baseUrl").and_then(Value::as_str) {
            config.base_url = Some(place(dir, base_url));
        }
        if let Some(paths) = options.get("paths").and_then(Value::as_object) {
            let base = config.base_url.clone().unwrap_or_else(|| dir.to_owned());
            config.paths = paths
                .iter()
                .map(|(pattern, targets)| {
                    let targets = targets.as_array().into_iter().flatten();
                    let targets = targets
                        .filter_map(Value::as_str)
                        .map(|target| place(&base, target))
                        .collect();
                    (pattern.clone(), targets)
                })
                .collect();
        }
        config
    }

    fn extended(&self, dir: &Utf8Path, parent: &str) -> Option<Utf8PathBuf> {
        if parent.starts_with('.') || parent.starts_with('/') {
            return json_file(&dir.join(parent));
        }
        let (name, subpath) = package::split(parent)?;
        let home = package::installed(dir, name)
            .or_else(|| self.workspace.package(name, self.packages))?;
        let inside = subpath.trim_start_matches('/');
        if inside.is_empty() {
            return json_file(&home.join("tsconfig.json"));
        }
        json_file(&home.join(inside))
    }
}

fn json_file(path: &Utf8Path) -> Option<Utf8PathBuf> {
    let path = probe::normal(path);
    [
        path.clone(),
        Utf8PathBuf::from(format!("{path}.json")),
        path.join("tsconfig.json"),
    ]
    .into_iter()
    .find(|path| path.is_file())
}

fn read(file: &Utf8Path) -> Option<Value> {
    let mut text = fs_err::read_to_string(file).ok()?;
    if let Some(rest) = text.strip_prefix('\u{feff}') {
        text = rest.to_owned();
    }
    json_strip_comments::strip(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}
