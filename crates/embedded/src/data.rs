//! The data directory: who uses it, which version wrote it, which extensions it needs.

use driftless_diagnostic::{Diagnostic, Result};
use fs_err as fs;
use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The right to open the data, held until the process ends.
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for it; `on_wait` hears of the holder every second.
    pub(crate) fn acquire(data: &Path, on_wait: &mut dyn FnMut(String)) -> Result<Self> {
        let path = beside(data, ".lock");
        if let Some(parent) = path.parent().filter(|parent| !parent.exists()) {
            fs::create_dir_all(parent).map_err(|error| unusable(data, &error))?;
            // What is in there concerns this machine alone.
            fs::write(parent.join(".gitignore"), "*\n").map_err(|error| unusable(data, &error))?;
        }
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| unusable(data, &error))?;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) => {
                    on_wait(
                        fs::read_to_string(&path)
                            .unwrap_or_default()
                            .trim()
                            .to_owned(),
                    );
                    std::thread::sleep(Duration::from_secs(1));
                }
                Err(TryLockError::Error(error)) => return Err(unusable(data, &error).into()),
            }
        }
        let described = format!("process {}", std::process::id());
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(described.as_bytes()))
            .map_err(|error| unusable(data, &error))?;
        Ok(Self { _file: file })
    }
}

/// Refuses data that another major version of Postgres wrote.
pub(crate) fn check_version(data: &Path) -> Result<()> {
    let mut version = String::new();
    let Ok(mut file) = File::open(data.join("pgdata").join("PG_VERSION")) else {
        return Ok(());
    };
    if file.read_to_string(&mut version).is_err() {
        return Ok(());
    }
    let version = version.trim();
    if version == crate::MAJOR.to_string() {
        return Ok(());
    }
    Err(Diagnostic::error(
        "embedded-data-version",
        format!(
            "the data in `{}` was written by Postgres {version}, the embedded one is {}",
            data.display(),
            crate::MAJOR
        ),
    )
    .help(format!(
        "delete `{}` and migrate again, or give a database URL",
        data.display()
    ))
    .into())
}

/// The extensions that this data was ever opened with, and these: their files must be there for as
/// long as the data is.
pub(crate) fn remember_extensions(data: &Path, wanted: &[String]) -> Vec<String> {
    let path = beside(data, ".extensions");
    // Names that belong to data which is gone do not count.
    let known = if data.exists() {
        fs::read_to_string(&path).unwrap_or_default()
    } else {
        String::new()
    };
    let mut names: Vec<String> = known.lines().map(str::to_owned).collect();
    for name in wanted {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names.sort();
    if !names.is_empty() {
        // Without it the next start may lack an extension, which Postgres then reports by name.
        let _ = fs::write(&path, names.join("\n") + "\n");
    }
    names
}

pub(crate) fn unusable(data: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(
        "embedded-data-unusable",
        format!(
            "the embedded Postgres cannot use `{}`: {error}",
            data.display()
        ),
    )
    .help("check the permissions of the directory, or give a database URL")
}

/// `dir/name` becomes `dir/name<suffix>`.
fn beside(data: &Path, suffix: &str) -> PathBuf {
    let mut name = data.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    data.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_of_another_major_version_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("postgres");
        assert!(check_version(&data).is_ok());
        fs::create_dir_all(data.join("pgdata")).unwrap();
        fs::write(data.join("pgdata/PG_VERSION"), "18\n").unwrap();
        assert!(check_version(&data).is_ok());
        fs::write(data.join("pgdata/PG_VERSION"), "17\n").unwrap();
        let shown = data.display();
        assert_eq!(
            check_version(&data).unwrap_err().to_string(),
            format!("the data in `{shown}` was written by Postgres 17, the embedded one is 18")
        );
    }

    #[test]
    fn extensions_add_up_over_the_life_of_the_data() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("postgres");
        let names = |list: &[&str]| list.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        assert_eq!(remember_extensions(&data, &names(&["citext"])), ["citext"]);
        fs::create_dir(&data).unwrap();
        assert_eq!(
            remember_extensions(&data, &names(&["vector"])),
            ["citext", "vector"]
        );
        fs::remove_dir(&data).unwrap();
        assert_eq!(remember_extensions(&data, &[]), Vec::<String>::new());
    }
}
