//! One pair on disk.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Way, text};

/// A pair of schemas.
#[derive(Clone)]
pub(crate) struct Case {
    /// `engine/case`.
    pub(crate) name: String,
    from: Texts,
    roles: Vec<String>,
    least_major: u32,
    /// Whether Postgres 15 loads both sides.
    loads: bool,
}

/// Where the texts are.
#[derive(Clone)]
enum Texts {
    /// In the files of a folder.
    Folder(PathBuf),
    /// Here, both sides.
    Here(String, String),
}

/// What to load for one way: the start with its rows, and the end.
pub(crate) struct Sides {
    pub(crate) start: String,
    pub(super) seed: String,
    pub(super) end: String,
}

impl Case {
    /// Every pair, by engine and name.
    pub(crate) fn all(data: &Path) -> Result<Vec<Self>, String> {
        let index = std::fs::read_to_string(data.join("INDEX.tsv")).map_err(|e| e.to_string())?;
        let cases = index.lines().skip(1).filter_map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [engine, name, a, b, least, ..] = fields.as_slice() else {
                return None;
            };
            let folder = data.join(engine).join(name);
            let meta: Value = serde_json::from_str(&text(&folder.join("meta.json"))).ok()?;
            let roles = meta["roles"].as_array().into_iter().flatten();
            Some(Self {
                name: format!("{engine}/{name}"),
                roles: roles
                    .filter_map(|role| role.as_str().map(str::to_owned))
                    .collect(),
                least_major: least.parse().unwrap_or(0),
                loads: *a == "ok" && *b == "ok",
                from: Texts::Folder(folder),
            })
        });
        Ok(cases.collect())
    }

    /// The pairs of this repository: folders with `a.sql`, `b.sql`, and `setup.sql`, `seed.sql`,
    /// `seed-b.sql`, `least_major` where they need them.
    pub(crate) fn own(data: &Path) -> Result<Vec<Self>, String> {
        let mut cases = Vec::new();
        for entry in std::fs::read_dir(data).into_iter().flatten() {
            let folder = entry.map_err(|e| e.to_string())?.path();
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            cases.push(Self {
                name: format!("own/{name}"),
                roles: Vec::new(),
                least_major: text(&folder.join("least_major"))
                    .trim()
                    .parse()
                    .unwrap_or(0),
                loads: true,
                from: Texts::Folder(folder),
            });
        }
        cases.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(cases)
    }

    /// A pair that was made up.
    pub(crate) fn generated(a: String, b: String) -> Self {
        Self {
            name: "random".to_owned(),
            from: Texts::Here(a, b),
            roles: Vec::new(),
            least_major: 0,
            loads: true,
        }
    }

    /// Whether the server is new enough for both sides.
    pub(crate) fn loads_on(&self, major: u32) -> bool {
        (self.loads || self.least_major > 15) && self.least_major <= major
    }

    /// SQL that makes the roles both sides take for granted.
    pub(crate) fn roles(&self) -> String {
        self.roles.iter().fold(String::new(), |sql, role| {
            sql + &format!("CREATE ROLE \"{}\";\n", role.replace('"', "\"\""))
        })
    }

    /// The texts for one way.
    pub(crate) fn sides(&self, way: Way) -> Sides {
        let folder = match (&self.from, way) {
            (Texts::Folder(folder), _) => folder,
            (Texts::Here(a, b), Way::Forth) => return Sides::new(a, "", b),
            (Texts::Here(a, b), Way::Back) => return Sides::new(b, "", a),
        };
        let file = |name: &str| text(&folder.join(name));
        let setup = file("setup.sql");
        let (start, seed, end) = match way {
            Way::Forth => ("a.sql", "seed.sql", "b.sql"),
            Way::Back => ("b.sql", "seed-b.sql", "a.sql"),
        };
        Sides::new(
            &format!("{setup}\n{}", file(start)),
            &file(seed),
            &format!("{setup}\n{}", file(end)),
        )
    }
}

impl Sides {
    fn new(start: &str, seed: &str, end: &str) -> Self {
        Self {
            start: start.to_owned(),
            seed: seed.to_owned(),
            end: end.to_owned(),
        }
    }
}
