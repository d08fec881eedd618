//! What people get: an archive for each platform, npm packages, a Homebrew formula. All of it is made
//! in `dist/`, from binaries that were built already.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::root;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A platform: Rust's name of it, npm's name of its package, and what npm asks of the machine.
struct Platform {
    target: &'static str,
    package: &'static str,
    os: &'static str,
    cpu: &'static str,
    libc: Option<&'static str>,
}

const PLATFORMS: [Platform; 6] = [
    platform(
        "x86_64-unknown-linux-gnu",
        "linux-x64",
        "linux",
        "x64",
        Some("glibc"),
    ),
    platform(
        "aarch64-unknown-linux-gnu",
        "linux-arm64",
        "linux",
        "arm64",
        Some("glibc"),
    ),
    platform(
        "x86_64-unknown-linux-musl",
        "linux-x64-musl",
        "linux",
        "x64",
        Some("musl"),
    ),
    platform(
        "aarch64-unknown-linux-musl",
        "linux-arm64-musl",
        "linux",
        "arm64",
        Some("musl"),
    ),
    platform("x86_64-apple-darwin", "darwin-x64", "darwin", "x64", None),
    platform(
        "aarch64-apple-darwin",
        "darwin-arm64",
        "darwin",
        "arm64",
        None,
    ),
];

const fn platform(
    target: &'static str,
    package: &'static str,
    os: &'static str,
    cpu: &'static str,
    libc: Option<&'static str>,
) -> Platform {
    Platform {
        target,
        package,
        os,
        cpu,
        libc,
    }
}

/// `dist/driftless-VERSION-TARGET.tar.gz`: the binary, its man pages and completions, the licences.
pub(crate) fn archive(target: &str, binary: &str) -> Result<bool, String> {
    archive_in(&dist()?, target, Path::new(binary))?;
    Ok(true)
}

/// `dist/npm/`: one package for each archive that is there, and `driftless` that chooses.
pub(crate) fn npm() -> Result<bool, String> {
    npm_in(&dist()?)?;
    Ok(true)
}

/// `dist/driftless.rb`, with the checksums of the archives.
pub(crate) fn formula() -> Result<bool, String> {
    let dist = dist()?;
    let template = read(&root().join("packaging/homebrew/driftless.rb"))?;
    let mut text = template.replace("VERSION", VERSION);
    for one in PLATFORMS {
        let place = format!("SHA256({})", one.target);
        if text.contains(&place) {
            let sum = read(&dist.join(format!("{}.sha256", archive_name(one.target))))?;
            let sum = sum.split_whitespace().next().unwrap_or_default();
            text = text.replace(&place, sum);
        }
    }
    write(&dist.join("driftless.rb"), &text)?;
    Ok(true)
}

fn archive_in(dist: &Path, target: &str, binary: &Path) -> Result<(), String> {
    let name = format!("driftless-{VERSION}-{target}");
    let folder = dist.join(&name);
    let _ = fs::remove_dir_all(&folder);
    make(&folder.join("completions"))?;
    copy(binary, &folder.join("driftless"))?;
    for file in ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"] {
        copy(&root().join(file), &folder.join(file))?;
    }
    for (shell, file) in [
        ("bash", "driftless.bash"),
        ("zsh", "_driftless"),
        ("fish", "driftless.fish"),
    ] {
        let script = run(Command::new(binary).args(["completions", shell]))?;
        write(&folder.join("completions").join(file), &script)?;
    }
    let man = folder.join("man");
    run(Command::new(binary).arg("man").arg("--output").arg(&man))?;
    let archive = dist.join(archive_name(target));
    run(Command::new("tar")
        .arg("-C")
        .arg(dist)
        .arg("-czf")
        .arg(&archive)
        .arg(&name))?;
    fs::remove_dir_all(&folder).map_err(|e| e.to_string())?;
    let bytes = fs::read(&archive).map_err(|e| e.to_string())?;
    let sum: String = Sha256::digest(&bytes)
        .iter()
        .fold(String::new(), |sum, byte| sum + &format!("{byte:02x}"));
    let line = format!("{sum}  {}\n", archive_name(target));
    write(
        &dist.join(format!("{}.sha256", archive_name(target))),
        &line,
    )
}

fn npm_in(dist: &Path) -> Result<(), String> {
    let npm = dist.join("npm");
    let _ = fs::remove_dir_all(&npm);
    let mut platforms = serde_json::Map::new();
    for one in PLATFORMS {
        let archive = dist.join(archive_name(one.target));
        if !archive.is_file() {
            continue;
        }
        let folder = npm.join(format!("cli-{}", one.package));
        make(&folder)?;
        run(Command::new("tar")
            .arg("-C")
            .arg(&folder)
            .arg("-xzf")
            .arg(&archive)
            .args(["--strip-components", "1"])
            .arg(format!("driftless-{VERSION}-{}/driftless", one.target)))?;
        let name = format!("@driftless/cli-{}", one.package);
        let mut package = json!({
            "name": name,
            "version": VERSION,
            "description": format!("The driftless binary for {}", one.target),
            "license": "MIT OR Apache-2.0",
            "repository": "github:driftless/driftless",
            "files": ["driftless"],
            "os": [one.os],
            "cpu": [one.cpu],
            "preferUnplugged": true,
        });
        if let Some(libc) = one.libc {
            package["libc"] = json!([libc]);
        }
        write_json(&folder.join("package.json"), &package)?;
        platforms.insert(name, json!(VERSION));
    }
    if platforms.is_empty() {
        return Err("there is no archive in dist/: `cargo xtask package` makes one".to_owned());
    }
    let source = root().join("packaging/npm");
    let folder = npm.join("driftless");
    make(&folder.join("bin"))?;
    copy(
        &source.join("bin/driftless.js"),
        &folder.join("bin/driftless.js"),
    )?;
    copy(&root().join("README.md"), &folder.join("README.md"))?;
    let mut package: Value =
        serde_json::from_str(&read(&source.join("package.json"))?).map_err(|e| e.to_string())?;
    package["version"] = json!(VERSION);
    package["optionalDependencies"] = Value::Object(platforms);
    write_json(&folder.join("package.json"), &package)
}

fn archive_name(target: &str) -> String {
    format!("driftless-{VERSION}-{target}.tar.gz")
}

fn dist() -> Result<PathBuf, String> {
    let dist = root().join("dist");
    make(&dist)?;
    Ok(dist)
}

fn make(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let copied = fs::copy(from, to).map(|_| ());
    copied.map_err(|e| format!("{}: {e}", from.display()))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
}

fn write_json(path: &Path, value: &Value) -> Result<(), String> {
    let text = serde_json::to_string_pretty(value).map_err(|e| e.to_string())?;
    write(path, &(text + "\n"))
}

/// Its output, where it ends well.
fn run(command: &mut Command) -> Result<String, String> {
    let output = command
        .output()
        .map_err(|e| format!("{}: {e}", command.get_program().display()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{}: {said}", command.get_program().display()));
    }
    String::from_utf8(output.stdout).map_err(|e| e.to_string())
}

#[cfg(all(test, target_os = "linux", target_arch = "x86_64"))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// Says how it was called, and ends with 3.
    const BINARY: &str = "#!/bin/sh\n\
        if [ \"$1\" = man ]; then mkdir -p \"$3\" && touch \"$3/driftless.1\"; exit; fi\n\
        if [ \"$1\" = completions ]; then echo \"for $2\"; exit; fi\n\
        echo \"called with $*\"; exit 3\n";

    #[test]
    fn what_npm_installs_starts_the_binary_of_the_platform() {
        if Command::new("node").arg("--version").output().is_err() {
            eprintln!("skipped: no node");
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let dist = folder.path();
        let binary = dist.join("built");
        fs::write(&binary, BINARY).unwrap();
        fs::set_permissions(&binary, fs::Permissions::from_mode(0o755)).unwrap();
        let target = "x86_64-unknown-linux-gnu";
        archive_in(dist, target, &binary).unwrap();
        let sum = read(&dist.join(format!("{}.sha256", archive_name(target)))).unwrap();
        assert_eq!(sum.split_whitespace().next().unwrap().len(), 64);
        npm_in(dist).unwrap();

        let modules = dist.join("node_modules");
        make(&modules.join("@driftless")).unwrap();
        fs::rename(dist.join("npm/driftless"), modules.join("driftless")).unwrap();
        let starts = || {
            let mut node = Command::new("node");
            node.arg(modules.join("driftless/bin/driftless.js"));
            let output = node.args(["check", "--replay"]).output().unwrap();
            let text = |bytes| String::from_utf8(bytes).unwrap();
            let (out, err) = (text(output.stdout), text(output.stderr));
            (output.status.code(), out, err)
        };
        let (code, _, said) = starts();
        assert_eq!(code, Some(70));
        assert!(
            said.starts_with("error: driftless has no binary for linux-x64"),
            "{said}"
        );
        let own = modules.join("@driftless/cli-linux-x64");
        fs::rename(dist.join("npm/cli-linux-x64"), own).unwrap();
        let called = "called with check --replay\n".to_owned();
        assert_eq!(starts(), (Some(3), called, String::new()));
    }

    #[test]
    fn the_formula_names_archives_that_are_made() {
        let formula = read(&root().join("packaging/homebrew/driftless.rb")).unwrap();
        for line in formula.lines().filter(|line| line.contains("SHA256(")) {
            let known = PLATFORMS.iter().any(|one| line.contains(one.target));
            assert!(known, "{line}");
        }
    }
}
