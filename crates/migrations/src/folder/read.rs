//! From the disk to a [`Folder`].

use super::{Files, Folder, Migration, Script, SnapshotFile, shown_path};
use crate::hash;
use crate::journal::{Entry, Journal};
use crate::record::{self, Record};
use crate::write::Interrupted;
use camino::{Utf8Path, Utf8PathBuf};
use driftless_diagnostic::{Diagnostic, Result, SourceFile};
use std::io::ErrorKind;

pub(super) const SNAPSHOT: &str = "_snapshot.json";
pub(crate) const JOURNAL: &str = "meta/_journal.json";

/// Reads again when a writer has placed its journal meanwhile, so that no file seems missing.
pub(super) fn read(dir: &Utf8Path, shown: &str) -> Result<Folder> {
    const ATTEMPTS: usize = 5;
    let journal = || fs_err::read(dir.join(JOURNAL)).ok();
    let mut before = journal();
    let mut folder = read_once(dir, shown);
    for _ in 1..ATTEMPTS {
        let after = journal();
        if before == after {
            break;
        }
        before = after;
        folder = read_once(dir, shown);
    }
    folder
}

fn read_once(dir: &Utf8Path, shown: &str) -> Result<Folder> {
    let disk = Disk { dir, shown };
    let Some(files) = disk.list("")? else {
        return Ok(empty(dir, shown));
    };
    let meta = disk.list("meta")?.unwrap_or_default();
    refuse_1x(&disk, &files)?;

    let journal = match disk.text(JOURNAL)? {
        Some(source) => Journal::parse(&source)?,
        None => Journal::empty(disk.path(JOURNAL)),
    };
    let interrupted = Interrupted::read(dir, shown, &journal)?;
    let record_path = format!("meta/{}", record::FILE);
    // What an unfinished write has replaced is read as it was; what it has made is not there.
    let text = |inside: &str| match interrupted.as_ref().filter(|one| one.left(inside)) {
        Some(interrupted) => {
            let before = interrupted.before(inside);
            Ok(before.map(|text| SourceFile::new(disk.path(inside), text)))
        }
        None => disk.text(inside),
    };
    let record = text(&record_path)?;
    let record = match record {
        Some(source) => Record::parse(&source)?,
        None => Record::empty(disk.path(&record_path)),
    };

    let mut scripts = Vec::new();
    for name in files.iter().filter(|name| is_script(name)) {
        if let Some(source) = text(name)? {
            scripts.push(script(name.trim_end_matches(".sql"), source));
        }
    }
    let mut snapshots = Vec::new();
    for name in meta.iter().filter(|name| is_snapshot(name)) {
        if let Some(source) = text(&format!("meta/{name}"))? {
            snapshots.push(SnapshotFile::new(source));
        }
    }
    Ok(Folder {
        exists: true,
        interrupted,
        ..assemble(dir, shown, journal, record, scripts, snapshots)
    })
}

pub(super) fn from_texts(
    shown: &str,
    journal: &str,
    record: Option<&str>,
    scripts: &[(&str, &str)],
) -> Result<Folder> {
    let source = |inside: &str, text: &str| SourceFile::new(shown_path(shown, inside), text);
    let record_path = format!("meta/{}", record::FILE);
    let journal = Journal::parse(&source(JOURNAL, journal))?;
    let record = match record {
        Some(text) => Record::parse(&source(&record_path, text))?,
        None => Record::empty(shown_path(shown, &record_path)),
    };
    let scripts = scripts
        .iter()
        .map(|(tag, text)| script(tag, source(&format!("{tag}.sql"), text)))
        .collect();
    Ok(Folder {
        exists: true,
        ..assemble(shown.into(), shown, journal, record, scripts, Vec::new())
    })
}

pub(super) fn from_files(shown: &str, files: &Files) -> Result<Folder> {
    let source = |inside: &str| files.source(shown, inside);
    let record_path = format!("meta/{}", record::FILE);
    let journal = match source(JOURNAL)? {
        Some(source) => Journal::parse(&source)?,
        None => Journal::empty(shown_path(shown, JOURNAL)),
    };
    let record = match source(&record_path)? {
        Some(source) => Record::parse(&source)?,
        None => Record::empty(shown_path(shown, &record_path)),
    };
    let (mut scripts, mut snapshots) = (Vec::new(), Vec::new());
    for inside in files.names() {
        let Some(source) = source(inside)? else {
            continue;
        };
        match inside.strip_prefix("meta/") {
            Some(name) if is_snapshot(name) => snapshots.push(SnapshotFile::new(source)),
            None if is_script(inside) => {
                scripts.push(script(inside.trim_end_matches(".sql"), source));
            }
            _ => {}
        }
    }
    Ok(Folder {
        exists: !files.is_empty(),
        ..assemble(shown.into(), shown, journal, record, scripts, snapshots)
    })
}

fn script(tag: &str, source: SourceFile) -> Script {
    Script {
        tag: tag.to_owned(),
        hash: hash::sha256(source.text().as_bytes()),
        source,
    }
}

/// To each entry what belongs to it; the rest is unlisted.
fn assemble(
    dir: &Utf8Path,
    shown: &str,
    journal: Journal,
    record: Record,
    mut scripts: Vec<Script>,
    mut snapshots: Vec<SnapshotFile>,
) -> Folder {
    let mut taken: Vec<String> = scripts.iter().map(|script| prefix(&script.tag)).collect();
    taken.extend(snapshots.iter().map(|file| prefix(file.file_name())));

    let mut migrations: Vec<Migration> = Vec::with_capacity(journal.entries.len());
    for entry in &journal.entries {
        let snapshot = take_snapshot(entry, &mut snapshots);
        let script =
            position(&scripts, |script| script.tag == entry.tag()).map(|at| scripts.remove(at));
        let record = record.find(entry.tag()).cloned();
        let path = shown_path(shown, &format!("{}.sql", entry.tag()));
        migrations.push(Migration {
            entry: entry.clone(),
            script,
            snapshot,
            record,
            path,
        });
    }
    Folder {
        dir: dir.to_owned(),
        shown: shown.to_owned(),
        exists: false,
        journal,
        record,
        migrations,
        unlisted_scripts: scripts,
        unlisted_snapshots: snapshots,
        interrupted: None,
        taken,
    }
}

fn empty(dir: &Utf8Path, shown: &str) -> Folder {
    let journal = Journal::empty(shown_path(shown, JOURNAL));
    let record = Record::empty(shown_path(shown, &format!("meta/{}", record::FILE)));
    assemble(dir, shown, journal, record, Vec::new(), Vec::new())
}

/// `NNNN_snapshot.json` by the tag's prefix. Without prefixes drizzle-kit writes every snapshot to
/// `_snapshot.json`, which then belongs to the last such entry, and Driftless one per index.
fn take_snapshot(entry: &Entry, snapshots: &mut Vec<SnapshotFile>) -> Option<SnapshotFile> {
    let by_prefix = format!("{}{SNAPSHOT}", entry.prefix());
    let by_index = format!("{:04}{SNAPSHOT}", entry.idx());
    let named = |name: &str| position(snapshots, |file| file.file_name() == name);
    let at = if entry.prefix().is_empty() {
        named(&by_index).or_else(|| named(&by_prefix))
    } else {
        named(&by_prefix)
    };
    at.map(|at| snapshots.remove(at))
}

fn position<T>(items: &[T], test: impl FnMut(&T) -> bool) -> Option<usize> {
    items.iter().position(test)
}

fn prefix(name: &str) -> String {
    name.split('_').next().unwrap_or_default().to_owned()
}

pub(super) fn is_script(name: &str) -> bool {
    name.strip_suffix(".sql")
        .is_some_and(|tag| !tag.is_empty() && !tag.starts_with('.'))
}

pub(super) fn is_snapshot(name: &str) -> bool {
    name.ends_with(SNAPSHOT)
}

/// drizzle-kit 1.x keeps a folder per migration and no journal; drizzle-orm 0.x cannot run it.
fn refuse_1x(disk: &Disk<'_>, files: &[String]) -> Result<()> {
    for name in files {
        let inside = format!("{name}/snapshot.json");
        if !disk.dir.join(&inside).is_file() {
            continue;
        }
        return Err(Diagnostic::error(
            "folder-of-drizzle-kit-1",
            format!(
                "{} is a migrations folder of drizzle-kit 1.x, Driftless reads the one of \
                 drizzle-kit 0.31",
                disk.shown
            ),
        )
        .note(format!(
            "{} is how 1.x stores a migration; 0.31 has a file per migration and meta/_journal.json",
            disk.path(&inside)
        ))
        .help("restore the folder from before `drizzle-kit up`, or set `out` to a new folder")
        .into());
    }
    Ok(())
}

struct Disk<'a> {
    dir: &'a Utf8Path,
    shown: &'a str,
}

impl Disk<'_> {
    fn path(&self, inside: &str) -> String {
        shown_path(self.shown, inside)
    }

    fn at(&self, inside: &str) -> Utf8PathBuf {
        if inside.is_empty() {
            self.dir.to_owned()
        } else {
            self.dir.join(inside)
        }
    }

    /// Names in sorted order; `None` when there is no such folder.
    fn list(&self, inside: &str) -> Result<Option<Vec<String>>> {
        let failed = |error: &std::io::Error| {
            let shown = if inside.is_empty() {
                self.shown.to_owned()
            } else {
                self.path(inside)
            };
            Diagnostic::error("folder-unreadable", format!("{shown} cannot be read"))
                .note(error.to_string())
                .help("`out` in the config must name a folder that you may read")
        };
        let entries = match fs_err::read_dir(self.at(inside)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(&error).into()),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| failed(&error))?;
            if let Ok(name) = entry.file_name().into_string() {
                names.push(name);
            }
        }
        names.sort();
        Ok(Some(names))
    }

    /// The text exactly as on disk; `None` when there is no such file.
    fn text(&self, inside: &str) -> Result<Option<SourceFile>> {
        let shown = self.path(inside);
        let bytes = match fs_err::read(self.at(inside)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(Diagnostic::error(
                    "file-unreadable",
                    format!("{shown} cannot be read"),
                )
                .note(error.to_string())
                .help("make the file readable for the user who runs Driftless")
                .into());
            }
        };
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(SourceFile::new(shown, text))),
            Err(error) => Err(not_utf8(&shown, &error).into()),
        }
    }
}

pub(super) fn not_utf8(shown: &str, error: &std::string::FromUtf8Error) -> Diagnostic {
    let bytes = error.as_bytes();
    let good = error.utf8_error().valid_up_to();
    let line = bytes[..good].split(|byte| *byte == b'\n').count();
    let encoding = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "the file is UTF-16, as PowerShell's `>` writes it",
        _ => "Postgres and drizzle-orm read migrations as UTF-8",
    };
    Diagnostic::error(
        "file-not-utf8",
        format!("{shown} is not UTF-8 text, line {line} holds an invalid byte"),
    )
    .note(encoding)
    .help("save the file as UTF-8 without changing its statements")
}
