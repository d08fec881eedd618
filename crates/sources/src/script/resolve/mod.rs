//! Which file, module of ours or stand-in an import means.
//!
//! The rules are those of TypeScript projects as people have them: extensions left out, `.js`
//! that means `.ts`, `paths` of a tsconfig whose `extends` is not installed, packages of a
//! monorepo before `npm install`. Nothing outside the project is opened.

mod package;
mod probe;
mod served;
mod target;
mod tsconfig;
mod workspace;

pub(crate) use target::{Miss, SERVED, STUB, TYPES, Target};

use camino::{Utf8Path, Utf8PathBuf};
use package::Packages;
use std::collections::BTreeSet;
use std::sync::Mutex;
use tsconfig::TsConfigs;
use workspace::Workspace;

/// Resolves imports for one project; shared by threads.
pub(crate) struct Resolver {
    root: Utf8PathBuf,
    workspace: Workspace,
    packages: Packages,
    tsconfigs: TsConfigs,
    /// Packages to evaluate instead of standing in for them.
    real: BTreeSet<String>,
    /// Folders whose files may be read.
    readable: Mutex<Vec<Utf8PathBuf>>,
}

impl Resolver {
    /// A resolver for the project in `root`, a real path.
    pub(crate) fn new(root: &Utf8Path, real: BTreeSet<String>) -> Self {
        let packages = Packages::default();
        let workspace = Workspace::around(root, &packages);
        let readable = vec![root.to_owned(), workspace.root.clone()];
        Self {
            root: root.to_owned(),
            workspace,
            packages,
            tsconfigs: TsConfigs::default(),
            real,
            readable: Mutex::new(readable),
        }
    }

    /// Whether every package is stood in for.
    pub(crate) fn has_no_real(&self) -> bool {
        self.real.is_empty()
    }

    /// Allows reading the package that a file named by the user lies in.
    pub(crate) fn allow(&self, file: &Utf8Path) {
        if self.may_read(file) {
            return;
        }
        let dir = file.parent().unwrap_or(file);
        let home = self
            .packages
            .nearest(dir)
            .map_or_else(|| dir.to_owned(), |package| package.dir.clone());
        self.allow_dir(home);
    }

    fn allow_dir(&self, dir: Utf8PathBuf) {
        if let Ok(mut readable) = self.readable.lock() {
            readable.push(dir);
        }
    }

    /// Whether a real path belongs to the project or to a package that it uses.
    pub(crate) fn may_read(&self, path: &Utf8Path) -> bool {
        is_dependency(path)
            || self
                .readable
                .lock()
                .is_ok_and(|readable| readable.iter().any(|dir| path.starts_with(dir)))
    }

    /// What `specifier`, written in the file `from`, stands for.
    pub(crate) fn resolve(&self, from: &Utf8Path, specifier: &str) -> Result<Target, Miss> {
        if let Some(served) = served::serve(specifier) {
            return served.map_err(Miss::WrongDialect);
        }
        let dir = from.parent().unwrap_or(from);
        if specifier.contains('?') {
            // A bundler's query (`./x.svg?raw`): whatever it makes of the file, we cannot.
            return Ok(Target::Stub(specifier.to_owned()));
        }
        let mut tried = Vec::new();
        if is_relative(specifier) || specifier.starts_with('/') {
            let path = probe::normal(&dir.join(specifier));
            return if let Some(found) = probe::file(&path, is_dependency(from)) {
                self.accept(&found, specifier)
            } else {
                tried.push(probe::describe(&self.shown(&path)));
                Err(Miss::unresolved(tried))
            };
        }
        if !is_dependency(from)
            && let Some(found) = self.through_tsconfig(dir, specifier, &mut tried)
        {
            return self.accept(&found, specifier);
        }
        // After `paths`, as TypeScript has it: an alias may begin with `#` as well.
        if specifier.starts_with('#') {
            return self.package_import(dir, specifier);
        }
        self.bare(from, specifier, tried)
    }

    fn through_tsconfig(
        &self,
        dir: &Utf8Path,
        specifier: &str,
        tried: &mut Vec<String>,
    ) -> Option<Utf8PathBuf> {
        for config in self.tsconfigs.around(dir, &self.workspace, &self.packages) {
            for (candidate, by_alias) in config.candidates(specifier) {
                let candidate = probe::normal(&candidate);
                if let Some(found) = probe::file(&candidate, false) {
                    if let Some(base) = found.parent()
                        && !is_dependency(&found)
                        && !self.may_read(&found)
                    {
                        self.allow_dir(base.to_owned());
                    }
                    return Some(found);
                }
                if by_alias {
                    tried.push(format!(
                        "{}, by `paths` in {}",
                        probe::describe(&self.shown(&candidate)),
                        self.shown(&config.file)
                    ));
                }
            }
        }
        None
    }

    fn package_import(&self, dir: &Utf8Path, specifier: &str) -> Result<Target, Miss> {
        let mut tried = Vec::new();
        let Some(package) = self.packages.nearest(dir) else {
            tried.push("a package.json with `imports`; there is none".to_owned());
            return Err(Miss::unresolved(tried));
        };
        let shown = self.shown(&package.dir.join("package.json"));
        let targets = package.imports(specifier);
        let mut advice = Some(format!("correct `imports` in {shown}, or create the file"));
        if targets.is_empty() {
            tried.push(format!("`{specifier}` in the `imports` of {shown}"));
            advice = Some(format!("add it to `imports` in {shown}"));
        }
        for target in targets {
            if !is_relative(&target) {
                return self.resolve(&package.dir.join("package.json"), &target);
            }
            let path = probe::normal(&package.dir.join(&target));
            if let Some(found) = probe::built_or_source(&path, &package.dir) {
                return self.accept(&found, specifier);
            }
            tried.push(format!(
                "{}, by `imports` in {shown}",
                probe::describe(&self.shown(&path))
            ));
        }
        Err(Miss::Unresolved { tried, advice })
    }

    /// `name` or `name/sub/path`: a package of this project, or a dependency.
    fn bare(
        &self,
        from: &Utf8Path,
        specifier: &str,
        mut tried: Vec<String>,
    ) -> Result<Target, Miss> {
        let dir = from.parent().unwrap_or(from);
        let Some((name, subpath)) = package::split(specifier) else {
            let advice = if tried.is_empty() {
                tried.push(
                    "an alias in `paths` of the tsconfig.json files around it; none matches"
                        .to_owned(),
                );
                "add the alias to `paths` in tsconfig.json"
            } else {
                "correct `paths` in tsconfig.json, or create the file"
            };
            return Err(Miss::Unresolved {
                tried,
                advice: Some(advice.to_owned()),
            });
        };
        let own = self
            .packages
            .nearest(dir)
            .filter(|p| p.name() == Some(name));
        let linked = own
            .map(|package| package.dir.clone())
            .or_else(|| package::installed(dir, name))
            .and_then(|found| found.canonicalize_utf8().ok());
        let source = linked
            .clone()
            .filter(|found| !is_dependency(found))
            .or_else(|| {
                linked
                    .is_none()
                    .then(|| self.workspace.package(name, &self.packages))
                    .flatten()
            });
        if let Some(home) = source {
            return self.in_own_package(&home, name, subpath, specifier, tried);
        }
        if let Some(home) = linked {
            if self.real.contains(name) || is_dependency(from) {
                let package = self.packages.at(&home);
                for target in package.entries(subpath, false) {
                    let path = probe::normal(&home.join(target));
                    if let Some(found) = probe::file(&path, true) {
                        return self.accept(&found, specifier);
                    }
                }
            }
            return Ok(Target::Stub(specifier.to_owned()));
        }
        if is_dependency(from) || self.packages.declares(dir, name) {
            return Ok(Target::Stub(specifier.to_owned()));
        }
        tried.push(format!(
            "a package `{name}` in node_modules, in this workspace and in the dependencies of package.json"
        ));
        let advice =
            format!("install `{name}`, or add an alias for it to `paths` in tsconfig.json");
        Err(Miss::Unresolved {
            tried,
            advice: Some(advice),
        })
    }

    fn in_own_package(
        &self,
        home: &Utf8Path,
        name: &str,
        subpath: &str,
        specifier: &str,
        mut tried: Vec<String>,
    ) -> Result<Target, Miss> {
        let package = self.packages.at(home);
        if !self.may_read(home) {
            self.allow_dir(home.to_owned());
        }
        let entries = package.entries(subpath, true);
        let mut built = false;
        for target in &entries {
            let path = probe::normal(&home.join(target));
            if let Some(found) = probe::built_or_source(&path, home) {
                return self.accept(&found, specifier);
            }
            built |= target.contains("dist/") || target.contains("build/");
            tried.push(format!(
                "{}, by package.json of `{name}`",
                probe::describe(&self.shown(&path))
            ));
        }
        if entries.is_empty() {
            tried.push(format!(
                "`.{subpath}` in the `exports` of {}",
                self.shown(&home.join("package.json"))
            ));
        }
        let advice = if built {
            format!("build `{name}` first, or let its package.json name its source")
        } else {
            format!("correct the package.json of `{name}`")
        };
        Err(Miss::Unresolved {
            tried,
            advice: Some(advice),
        })
    }

    /// Whether a package is installed with code that makes tables (it depends on drizzle-orm).
    pub(crate) fn makes_tables(&self, from: &Utf8Path, specifier: &str) -> bool {
        let dir = from.parent().unwrap_or(from);
        package::split(specifier)
            .and_then(|(name, _)| package::installed(dir, name))
            .is_some_and(|home| self.packages.at(&home).depends_on("drizzle-orm"))
    }

    fn accept(&self, found: &Utf8Path, specifier: &str) -> Result<Target, Miss> {
        if found.as_str().ends_with(".d.ts")
            || found.as_str().ends_with(".d.mts")
            || found.as_str().ends_with(".d.cts")
        {
            return Ok(Target::Types);
        }
        let real = found
            .canonicalize_utf8()
            .unwrap_or_else(|_| found.to_owned());
        if !self.may_read(&real) {
            return Err(Miss::Outside(real));
        }
        if !probe::is_code(&real) {
            return Ok(Target::Stub(specifier.to_owned()));
        }
        Ok(Target::File(real))
    }

    /// A path as people type it: relative to the project where it lies in or near it.
    pub(crate) fn shown(&self, path: &Utf8Path) -> String {
        relative(&self.root, path)
    }
}

/// `path` as seen from `base`: with `../` when that stays short, else absolute.
pub(crate) fn relative(base: &Utf8Path, path: &Utf8Path) -> String {
    let common = base
        .components()
        .zip(path.components())
        .take_while(|(a, b)| a == b)
        .count();
    let up = base.components().count() - common;
    if up > 4 || common <= 1 {
        return path.to_string();
    }
    let mut shown = "../".repeat(up);
    let rest: Utf8PathBuf = path.components().skip(common).collect();
    shown.push_str(rest.as_str());
    if shown.is_empty() {
        shown.push('.');
    }
    shown
}

/// Whether a path is that of an installed package rather than of the user's own code.
pub(crate) fn is_dependency(path: &Utf8Path) -> bool {
    path.components().any(|c| c.as_str() == "node_modules")
}

/// The package that a specifier belongs to.
pub(crate) fn package_of(specifier: &str) -> &str {
    package::split(specifier).map_or(specifier, |(name, _)| name)
}

fn is_relative(specifier: &str) -> bool {
    specifier == "."
        || specifier == ".."
        || specifier.starts_with("./")
        || specifier.starts_with("../")
}
