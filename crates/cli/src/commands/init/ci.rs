//! What runs `driftless check` where changes are looked at.

use camino::{Utf8Path, Utf8PathBuf};

use crate::args::Ci;
use crate::exit::Result;
use crate::placed::Files;
use crate::ui::Ui;

const GITHUB: &str = include_str!("github.yml");
const GITLAB: &str = include_str!("gitlab.yml");

/// A file for one service.
pub(super) struct Chosen {
    ci: Ci,
    /// The repository's directory.
    root: Utf8PathBuf,
    /// The project's, as seen from there.
    project: String,
}

/// The flag, the service that the repository uses already, or what somebody chooses.
pub(super) fn chosen(flag: Option<Ci>, dir: &Utf8Path, ui: &mut Ui) -> Result<Option<Chosen>> {
    let root = dir.ancestors().find(|above| above.join(".git").exists());
    let root = root.unwrap_or(dir).to_owned();
    let ci = match flag {
        Some(ci) => ci,
        None if root.join(".github").is_dir() => Ci::Github,
        None if root.join(".gitlab-ci.yml").is_file() => Ci::Gitlab,
        None => {
            let services = ["GitHub", "GitLab", "none of them, or later"].map(String::from);
            match ui.choose("Where should `driftless check` run?", &services)? {
                Some(0) => Ci::Github,
                Some(1) => Ci::Gitlab,
                _ => Ci::None,
            }
        }
    };
    let project = match dir.strip_prefix(&root) {
        Ok(path) if !path.as_str().is_empty() => path.as_str().replace('\\', "/"),
        _ => ".".to_owned(),
    };
    Ok((ci != Ci::None).then_some(Chosen { ci, root, project }))
}

impl Chosen {
    fn path(&self) -> &'static str {
        match self.ci {
            Ci::Gitlab => ".gitlab/driftless.yml",
            Ci::Github | Ci::None => ".github/workflows/driftless.yml",
        }
    }

    /// Writes the file, unless it is there.
    pub(super) fn write(&self, written: &mut Vec<String>) -> Result<()> {
        if self.root.join(self.path()).exists() {
            return Ok(());
        }
        let text = match self.ci {
            Ci::Gitlab => GITLAB.replace("DIRECTORY", &shell(&self.project)),
            Ci::Github | Ci::None if self.project == "." => {
                GITHUB.replace("\n        with: { directory: DIRECTORY }", "")
            }
            Ci::Github | Ci::None => GITHUB.replace("DIRECTORY", &yaml(&self.project)),
        };
        let mut files = Files::new(&self.root);
        files.write(self.path(), &text);
        files.put()?;
        let up = match self.project.as_str() {
            "." => String::new(),
            path => "../".repeat(path.split('/').count()),
        };
        written.extend(files.done().into_iter().map(|path| up.clone() + &path));
        Ok(())
    }

    /// What is left to do by hand.
    pub(super) fn hint(&self, ui: &mut Ui) {
        if self.ci == Ci::Gitlab {
            ui.hint("name the file in .gitlab-ci.yml: `include: .gitlab/driftless.yml`");
        }
    }
}

fn yaml(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn shell(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    if text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
