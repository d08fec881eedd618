//! Puts every JavaScript module of ours into one table, so that none can be forgotten.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let mut table = String::from("const MODULES: &[(&str, &str)] = &[\n");
    for dir in ["src/script/host", "src/script/runtime"] {
        println!("cargo::rerun-if-changed={dir}");
        let mut names: Vec<String> = fs::read_dir(Path::new(&root).join(dir))?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| Path::new(name).extension().is_some_and(|e| e == "js"))
            .collect();
        names.sort();
        for name in names {
            let path = format!("{root}/{dir}/{name}");
            let _ = writeln!(table, "    ({name:?}, include_str!({path:?})),");
        }
    }
    table.push_str("];\n");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("modules.rs"), table)
}
