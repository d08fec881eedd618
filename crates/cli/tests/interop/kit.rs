//! The npm packages, installed once into the target folder.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// zod is what the example imports.
const PACKAGES: [&str; 4] = ["drizzle-kit@0.31.11", "drizzle-orm@0.45.4", "pg@8", "zod@4"];

/// Where they are.
pub(crate) struct Kit {
    /// `node_modules` with all of them.
    pub(crate) modules: PathBuf,
}

impl Kit {
    /// Installs them if need be; nothing where npm or the network is absent, and says so.
    pub(crate) fn installed() -> Option<&'static Self> {
        static KIT: OnceLock<Result<Kit, String>> = OnceLock::new();
        match KIT.get_or_init(install) {
            Ok(kit) => Some(kit),
            Err(why) => {
                println!("skipped: {why}");
                None
            }
        }
    }
}

fn install() -> Result<Kit, String> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../npm");
    let kit = Kit {
        modules: folder.join("node_modules"),
    };
    // Written when all is there: an installation that was interrupted begins again.
    let done = folder.join("installed");
    let wanted = PACKAGES.join(" ");
    if std::fs::read_to_string(&done).is_ok_and(|found| found == wanted) {
        return Ok(kit);
    }
    let found = Command::new("npm")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !found.is_ok_and(|status| status.success()) {
        return Err("npm is not on this machine".to_owned());
    }
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    std::fs::write(folder.join("package.json"), "{ \"private\": true }\n")
        .map_err(|error| error.to_string())?;
    let output = Command::new("npm")
        .args(["install", "--no-audit", "--no-fund", "--prefix"])
        .arg(&folder)
        .args(PACKAGES)
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("npm install does not work here: {said}"));
    }
    std::fs::write(done, wanted).map_err(|error| error.to_string())?;
    Ok(kit)
}
