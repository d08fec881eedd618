//! The `git` program: what other commits have of the migrations folder.

use std::ffi::OsStr;
use std::io::Write;
use std::process::{Command, Output, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use driftless_diagnostic::Diagnostic;
use driftless_migrations::folder::Files;

use crate::exit::Result;
use crate::settings::Settings;

/// A repository, as seen from the migrations folder.
pub(crate) struct Git {
    /// Where the program is run.
    dir: Utf8PathBuf,
    /// The folder from there, with a final slash.
    folder: String,
}

/// A commit that was named.
#[derive(Debug, Clone)]
pub(crate) struct Revision {
    /// As people name it.
    pub(crate) name: String,
    /// Its hash.
    pub(crate) commit: String,
}

impl Git {
    /// The repository that holds the migrations folder, or what there is instead.
    pub(crate) fn open(settings: &Settings) -> Result<Self> {
        let out = &settings.config.out;
        let above = |path: &Utf8Path| {
            path.ancestors()
                .skip(1)
                .find(|dir| dir.is_dir())
                .map(Utf8Path::to_owned)
        };
        let dir = above(out).unwrap_or_else(|| settings.dir.clone());
        let inside = out.strip_prefix(&dir).unwrap_or(out);
        let git = Self {
            folder: format!("{inside}/"),
            dir,
        };
        let known = git.run(&["rev-parse", "--git-dir"])?;
        if known.status.success() {
            return Ok(git);
        }
        let said = String::from_utf8_lossy(&known.stderr).trim().to_owned();
        Err(if said.contains("dubious ownership") {
            Diagnostic::error(
                "repository-not-trusted",
                "git does not read this repository: it belongs to another user",
            )
            .note(said)
            .help(format!(
                "git config --global --add safe.directory {}",
                git.dir
            ))
        } else {
            Diagnostic::error(
                "not-a-repository",
                format!(
                    "the folder {} is in no git repository, so there is no branch to compare with",
                    settings.folder_shown()
                ),
            )
            .note(said)
            .help("run the command in a clone; in a container, give it the folder `.git` as well")
        }
        .into())
    }

    /// The commit that a name stands for.
    pub(crate) fn revision(&self, name: &str) -> Result<Revision> {
        if let Some(commit) = self.commit(name)? {
            return Ok(Revision {
                name: name.to_owned(),
                commit,
            });
        }
        let mut unknown = Diagnostic::error(
            "unknown-revision",
            format!("`{name}` names no commit in this repository"),
        );
        if self.is_shallow()? {
            unknown = unknown
                .note("the clone is shallow: it holds the newest commits of one branch only")
                .help("in GitHub Actions give actions/checkout `fetch-depth: 0`, in GitLab set GIT_DEPTH to 0")
                .help("elsewhere: git fetch --unshallow");
        }
        let fetch = match name.split_once('/') {
            Some((remote, branch)) => format!("git fetch {remote} {branch}:refs/remotes/{name}"),
            None => format!("git fetch origin {name}"),
        };
        Err(unknown
            .help(format!("fetch it ({fetch}), or correct the name"))
            .into())
    }

    /// The same, without a word where there is none.
    fn commit(&self, name: &str) -> Result<Option<String>> {
        let wanted = format!("{name}^{{commit}}");
        let args = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &wanted,
        ];
        self.line(&args)
    }

    /// The newest commit that both have.
    pub(crate) fn merge_base(&self, one: &Revision, other: &Revision) -> Result<Revision> {
        if let Some(commit) = self.line(&["merge-base", &one.commit, &other.commit])? {
            return Ok(Revision {
                name: format!("the commit at which {} was left", one.name),
                commit,
            });
        }
        let mut unrelated = Diagnostic::error(
            "no-merge-base",
            format!(
                "{} and {} have no commit in common here",
                one.name, other.name
            ),
        );
        unrelated = if self.is_shallow()? {
            unrelated
                .note("the clone is shallow: it does not go back to where the branches part")
                .help("in GitHub Actions give actions/checkout `fetch-depth: 0`, in GitLab set GIT_DEPTH to 0")
                .help("elsewhere: git fetch --unshallow")
        } else {
            unrelated.help("name the branch that this one is merged into")
        };
        Err(unrelated.into())
    }

    /// The branch that migrations go to: as given, else the one that `origin` begins with, else
    /// `main` or `master`.
    pub(crate) fn base(&self, given: Option<&str>) -> Result<Revision> {
        let base = match given {
            Some(name) => self.revision(name)?,
            None => self.usual_base()?,
        };
        // The branch itself after a merge: what it had before stays.
        let first_parent = format!("{}^1", base.name);
        if given.is_none()
            && self.commit("HEAD")?.as_deref() == Some(&base.commit)
            && self.commit("MERGE_HEAD")?.is_none()
            && self.commit("HEAD^2")?.is_some()
            && let Some(commit) = self.commit(&first_parent)?
        {
            return Ok(Revision {
                name: first_parent,
                commit,
            });
        }
        Ok(base)
    }

    fn usual_base(&self) -> Result<Revision> {
        let head = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--abbrev-ref",
            "origin/HEAD",
        ];
        let mut names = vec!["origin/main", "origin/master", "main", "master"];
        let origin = self.line(&head)?.filter(|name| name != "origin/HEAD");
        names.splice(0..0, origin.as_deref());
        for name in names {
            if let Some(commit) = self.commit(name)? {
                return Ok(Revision {
                    name: name.to_owned(),
                    commit,
                });
            }
        }
        Err(Diagnostic::error(
            "base-unknown",
            "which branch the migrations go to is not known: there is no origin/main, main or master",
        )
        .help("name it: --base origin/develop")
        .into())
    }

    /// Commits that take part in what is going on: the one checked out, those being merged, and
    /// what the last merge was made from.
    pub(crate) fn heads(&self) -> Result<Vec<String>> {
        let mut heads = Vec::new();
        for name in [
            "HEAD",
            "MERGE_HEAD",
            "REBASE_HEAD",
            "CHERRY_PICK_HEAD",
            "HEAD^1",
            "HEAD^2",
        ] {
            if let Some(commit) = self.commit(name)?
                && !heads.contains(&commit)
            {
                heads.push(commit);
            }
        }
        Ok(heads)
    }

    /// Commits that changed a file of the folder, the newest first.
    pub(crate) fn commits_with(&self, inside: &str) -> Result<Vec<String>> {
        let path = format!("{}{inside}", self.folder);
        let mut args = vec!["log", "--format=%H", "-n", "20"];
        let heads = self.heads()?;
        args.extend(heads.iter().map(String::as_str));
        args.extend(["--", &path]);
        Ok(self.text(&args)?.lines().map(str::to_owned).collect())
    }

    /// The folder's files in a commit that `wanted` asks for by their path inside.
    pub(crate) fn files(&self, commit: &str, wanted: impl Fn(&str) -> bool) -> Result<Files> {
        let listed = self.text(&["ls-tree", "-r", "-z", commit, "--", &self.folder])?;
        let mut names = Vec::new();
        let mut input = String::new();
        for entry in listed.split_terminator('\0') {
            let Some((meta, path)) = entry.split_once('\t') else {
                continue;
            };
            let inside = path.strip_prefix(&self.folder).unwrap_or(path);
            if let [_, "blob", hash] = meta.split(' ').collect::<Vec<_>>()[..]
                && Files::belongs(inside)
                && wanted(inside)
            {
                names.push(inside);
                input.push_str(hash);
                input.push('\n');
            }
        }
        let mut files = Files::default();
        if names.is_empty() {
            return Ok(files);
        }
        let answer = self.run_with(&["cat-file", "--batch"], &input)?;
        let mut rest = answer.stdout.as_slice();
        for name in names {
            // `hash blob size`, the bytes, and a newline.
            let taken = rest.iter().position(|byte| *byte == b'\n').and_then(|end| {
                let head = std::str::from_utf8(&rest[..end]).ok()?;
                let size: usize = head.rsplit(' ').next()?.parse().ok()?;
                let bytes = rest.get(end + 1..end + 1 + size)?;
                Some((bytes, end + 2 + size))
            });
            let Some((bytes, next)) = taken else {
                return Err(failed(&["cat-file"], &answer).into());
            };
            files.insert(name, bytes);
            rest = rest.get(next..).unwrap_or_default();
        }
        Ok(files)
    }

    fn is_shallow(&self) -> Result<bool> {
        let said = self.line(&["rev-parse", "--is-shallow-repository"])?;
        Ok(said.as_deref() == Some("true"))
    }

    /// The first line of what it says; nothing where it says no.
    fn line(&self, args: &[&str]) -> Result<Option<String>> {
        let output = self.run(args)?;
        let text = String::from_utf8_lossy(&output.stdout);
        let line = text.lines().next().filter(|_| output.status.success());
        Ok(line.map(str::to_owned))
    }

    /// All that it says; an error where it fails.
    fn text(&self, args: &[&str]) -> Result<String> {
        let output = self.run(args)?;
        if !output.status.success() {
            return Err(failed(args, &output).into());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn run(&self, args: &[&str]) -> Result<Output> {
        self.run_with(args, "")
    }

    fn run_with(&self, args: &[&str], input: &str) -> Result<Output> {
        let mut child = Command::new("git")
            .args(args.iter().map(OsStr::new))
            .current_dir(&self.dir)
            // What it says is read, and nothing is written meanwhile.
            .env("LC_ALL", "C")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| not_started(&error))?;
        let stdin = child.stdin.take();
        let output = std::thread::scope(|scope| {
            // It answers while it is still being asked.
            scope.spawn(move || {
                if let Some(mut stdin) = stdin {
                    let _ = stdin.write_all(input.as_bytes());
                }
            });
            child.wait_with_output()
        });
        Ok(output.map_err(|error| not_started(&error))?)
    }
}

fn not_started(error: &std::io::Error) -> Diagnostic {
    if error.kind() == std::io::ErrorKind::NotFound {
        return Diagnostic::error(
            "git-not-found",
            "there is no program `git` here, so nothing is known of other branches",
        )
        .help("install git, in a container's image too: apt-get install git");
    }
    Diagnostic::error("git-failed", format!("git cannot be run: {error}"))
        .help("make the program `git` in PATH one that runs")
}

fn failed(args: &[&str], output: &Output) -> Diagnostic {
    let what = args.first().copied().unwrap_or_default();
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    let diagnostic = Diagnostic::error("git-failed", format!("`git {what}` failed"));
    let diagnostic = if said.is_empty() {
        diagnostic
    } else {
        diagnostic.note(said)
    };
    diagnostic.help("`git fsck` tells whether the repository is whole")
}
