//! From a path without its ending to a file.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

/// Endings that are tried, in this order.
const ENDINGS: [&str; 9] = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "json"];

/// Whether a file is evaluated (or, JSON, read) rather than stood in for.
pub(super) fn is_code(path: &Utf8Path) -> bool {
    path.extension().is_some_and(|e| ENDINGS.contains(&e))
}

/// The file that `path` means. In a dependency, what is written comes first; in TypeScript
/// projects `./x.js` means `./x.ts` even where an old build left an `x.js`.
pub(super) fn file(path: &Utf8Path, dependency: bool) -> Option<Utf8PathBuf> {
    if dependency && path.is_file() {
        return Some(path.to_owned());
    }
    if let Some(ending) = path.extension() {
        for other in meant_by(ending) {
            let candidate = path.with_extension(other);
            if candidate.is_file() {
                return Some(candidate);
            }
        }
    }
    if path.is_file() {
        return Some(path.to_owned());
    }
    for ending in ENDINGS {
        let candidate = Utf8PathBuf::from(format!("{path}.{ending}"));
        if candidate.is_file() {
            return Some(candidate);
        }
    }
    if path.is_dir() {
        if let Some(found) = main_of(path, dependency) {
            return Some(found);
        }
        for ending in ENDINGS {
            let candidate = path.join(format!("index.{ending}"));
            if candidate.is_file() {
                return Some(candidate);
            }
        }
    }
    let bare = match path.extension() {
        Some("js" | "mjs" | "cjs") => path.with_extension(""),
        _ => path.to_owned(),
    };
    let types = Utf8PathBuf::from(format!("{bare}.d.ts"));
    types.is_file().then_some(types)
}

/// A file of a package of ours: as named, or, where that is not built yet, its source.
pub(super) fn built_or_source(path: &Utf8Path, home: &Utf8Path) -> Option<Utf8PathBuf> {
    if let Some(found) = file(path, false).filter(|f| !f.as_str().ends_with(".d.ts")) {
        return Some(found);
    }
    let inside = path.strip_prefix(home).ok()?;
    let mut components = inside.components();
    let built = matches!(
        components.next()?.as_str(),
        "dist" | "build" | "lib" | "out" | "esm" | "cjs"
    );
    if !built {
        return file(path, false);
    }
    let rest = components.as_path();
    let rest = rest.as_str().strip_suffix(".d.ts").map_or_else(
        || rest.to_owned(),
        |stem| Utf8PathBuf::from(format!("{stem}.ts")),
    );
    [home.join("src").join(&rest), home.join(&rest)]
        .iter()
        .find_map(|candidate| file(candidate, false))
        .or_else(|| file(path, false))
}

fn main_of(dir: &Utf8Path, dependency: bool) -> Option<Utf8PathBuf> {
    let text = fs_err::read_to_string(dir.join("package.json")).ok()?;
    let package: serde_json::Value = serde_json::from_str(&text).ok()?;
    ["source", "module", "main"]
        .iter()
        .filter_map(|field| package.get(field)?.as_str())
        .map(|main| normal(&dir.join(main)))
        .filter(|main| main != dir)
        .find_map(|main| file(&main, dependency))
}

fn meant_by(ending: &str) -> &'static [&'static str] {
    match ending {
        "js" => &["ts", "tsx"],
        "jsx" => &["tsx"],
        "mjs" => &["mts"],
        "cjs" => &["cts"],
        _ => &[],
    }
}

/// What [`file`] looks for, in words.
pub(super) fn describe(shown: &str) -> String {
    if Utf8Path::new(shown)
        .extension()
        .is_some_and(|e| ENDINGS.contains(&e))
    {
        shown.to_owned()
    } else {
        format!("{shown} (.ts, .tsx, .js, .json, ... or a folder with an index file)")
    }
}

/// A path without `.` and `..`, by text alone.
pub(super) fn normal(path: &Utf8Path) -> Utf8PathBuf {
    let mut out = Utf8PathBuf::new();
    for component in path.components() {
        match component {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir => {
                if !out.pop() {
                    out.push("..");
                }
            }
            other => out.push(other),
        }
    }
    out
}
