//! A cluster as `initdb` makes it, kept: copying it takes a tenth of the time of making it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;

use driftless_diagnostic::Result;

use super::NativeOptions;
use super::native::{Owner, as_owner, give, not_started};

/// Puts a cluster into `folder/data`.
pub(super) fn copy(options: &NativeOptions, folder: &Path, owner: Owner) -> Result<()> {
    let data = folder.join("data");
    let kept = kept(options);
    if kept.is_dir() && copy_all(&kept, &data, owner).is_ok() {
        return Ok(());
    }
    let _ = fs::remove_dir_all(&data);
    let mut initdb: Command = as_owner(&options.binaries.join("initdb"), owner);
    let output = initdb
        .current_dir(folder)
        .args(["--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"])
        .args(["-U", "postgres", "-D"])
        .arg(&data)
        .output()
        .map_err(|error| not_started(options, &error.to_string()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(not_started(options, said.trim()).into());
    }
    keep(&data, &kept);
    Ok(())
}

/// Where it is kept: under the identity of the binary, so that an upgrade makes a new one.
fn kept(options: &NativeOptions) -> PathBuf {
    let place = options.binaries.to_string_lossy();
    let place = place.replace(['/', '\\', ':'], "-");
    let name = format!("{}-{}", place.trim_matches('-'), options.identity());
    options.cache.join("clusters").join(name)
}

impl NativeOptions {
    /// What tells these binaries from any others, a later version in the same place included:
    /// size and time of the server's program.
    pub fn identity(&self) -> String {
        let facts = fs::metadata(self.binaries.join("postgres"));
        let (size, changed) = facts.map_or((0, 0), |facts| {
            let changed = facts.modified().ok();
            let since = changed.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            (facts.len(), since.map_or(0, |time| time.as_nanos()))
        });
        format!("{size:x}-{changed:x}")
    }
}

/// Keeps a copy for the next time. Where that fails the next time just takes longer.
fn keep(data: &Path, kept: &Path) {
    let Some(parent) = kept.parent() else { return };
    let new = parent.join(format!("new-{}", std::process::id()));
    let done = fs::create_dir_all(parent)
        .and_then(|()| copy_all(data, &new, None))
        .and_then(|()| fs::rename(&new, kept));
    if done.is_err() {
        let _ = fs::remove_dir_all(&new);
    }
}

/// Copies a folder whole; the copy is private to its owner, as the server demands.
fn copy_all(from: &Path, to: &Path, owner: Owner) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir(to)?;
    fs::set_permissions(to, fs::Permissions::from_mode(0o700))?;
    give(to, owner)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_all(&entry.path(), &target, owner)?;
        } else {
            fs::copy(entry.path(), &target)?;
            give(&target, owner)?;
        }
    }
    Ok(())
}
