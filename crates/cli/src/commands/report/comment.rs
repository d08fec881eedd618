//! The comment of a pull request, as Markdown.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use driftless_catalog::{Catalog, Plan, SecurityChange, plan_as_decided, security_changes};
use driftless_diagnostic::{Diagnostic, Severity};
use driftless_migrations::drizzle;
use driftless_migrations::folder::Folder;
use driftless_migrations::ledger::MigrationFile;
use driftless_page::{Diagram, mermaid};
use driftless_report::count;

use crate::args::Report;
use crate::branches::Branches;
use crate::database::block_on;
use crate::exit::{Exit, Result};
use crate::lint;
use crate::project;
use crate::settings::Settings;
use crate::sides;
use crate::tried;
use crate::ui::Ui;

/// GitHub takes 65,536 characters; some of them are more than one byte.
const LONGEST: usize = 60_000;

pub(super) fn run(args: &Report, settings: &Settings, ui: &mut Ui) -> Result<Exit> {
    let folder = project::folder(settings)?;
    let files = sides::history(&folder, None)?;
    let known = match &args.base {
        Some(base) => tags(Branches::read(base, settings)?.base().theirs),
        None => BTreeSet::new(),
    };
    let first = files
        .iter()
        .position(|file| !known.contains(&file.tag))
        .unwrap_or(files.len());
    let text = if first == files.len() {
        "### Driftless\n\nNo migration is added, and nothing changes in the database.\n".to_owned()
    } else {
        let told = Told::gathered(args, settings, &folder, &files, first, ui)?;
        cut(&told.text())
    };
    ui.raw(text.as_bytes());
    Ok(Exit::Ok)
}

fn tags(folder: &Folder) -> BTreeSet<String> {
    let all = folder.migrations.iter();
    all.map(|one| one.tag().to_owned()).collect()
}

/// What the comment says.
struct Told<'a> {
    files: &'a [MigrationFile],
    plan: Plan,
    security: Vec<SecurityChange>,
    findings: Vec<Diagnostic>,
    /// Tables that change, with those beside them.
    diagram: Diagram,
    /// Whether Postgres was asked, so that what is written by hand counts.
    replayed: bool,
}

impl<'a> Told<'a> {
    fn gathered(
        args: &Report,
        settings: &Settings,
        folder: &Folder,
        files: &'a [MigrationFile],
        first: usize,
        ui: &mut Ui,
    ) -> Result<Self> {
        let scratch = lint::at_hand(&args.looked.scratch, settings, false, ui)?;
        let levels = lint::levels(settings)?;
        let (before, after, tried, replayed) = match &scratch {
            Some(scratch) => {
                let before = block_on(sides::replayed(&files[..first], settings, scratch, ui))?;
                let after = block_on(sides::replayed(files, settings, scratch, ui))?;
                let (earlier, new) = files.split_at(first);
                let tried = block_on(tried::in_scratch(earlier, new, settings, scratch, ui))?;
                (before.catalog, after.catalog, tried, true)
            }
            None => (
                snapshot_before(folder, first)?,
                snapshot_before(folder, folder.migrations.len())?,
                tried::by_snapshots(folder, files, first)?,
                false,
            ),
        };
        let plan = plan_as_decided(&before, &after, &[])?;
        let changed: BTreeSet<String> = plan
            .steps
            .iter()
            .map(|step| after.root_of(&step.object).path())
            .collect();
        let names: Vec<String> = changed.into_iter().collect();
        Ok(Self {
            files: &files[first..],
            security: security_changes(&before, &after),
            findings: lint::judge(&tried, &levels).findings,
            diagram: Diagram::of_catalog(&after)?.around(&names, 1),
            plan,
            replayed,
        })
    }

    fn text(&self) -> String {
        let mut text = format!(
            "### Driftless: {}\n\n",
            count(self.files.len(), "new migration")
        );
        self.changes(&mut text);
        self.security(&mut text);
        self.findings(&mut text);
        for file in self.files {
            let fence = fence(file.source.text());
            let _ = write!(
                text,
                "<details><summary><code>{}</code></summary>\n\n{fence}sql\n{}\n{fence}\n\n</details>\n\n",
                file.tag,
                file.source.text().trim_end()
            );
        }
        if !self.diagram.tables.is_empty() && self.diagram.tables.len() <= 40 {
            let _ = write!(
                text,
                "<details><summary>The tables that change, and those beside them</summary>\n\n\
                 ```mermaid\n{}```\n\n</details>\n",
                mermaid(&self.diagram)
            );
        }
        text
    }

    fn changes(&self, text: &mut String) {
        if self.plan.is_empty() {
            text.push_str(if self.replayed {
                "The schema stays as it is: they change rows, or nothing.\n\n"
            } else {
                "Snapshots show no change; what is written by hand was not run here.\n\n"
            });
            return;
        }
        text.push_str("```diff\n");
        let plan = driftless_report::plan(&self.plan, driftless_report::Sheet::PLAIN);
        for line in plan.lines() {
            // As `diff` wants it, the sign first.
            let trimmed = line.trim_start();
            let indent = line.len() - trimmed.len();
            match trimmed.split_at_checked(1) {
                Some((sign @ ("+" | "-"), rest)) => {
                    let _ = writeln!(text, "{sign}{:indent$}{}", "", rest.trim_start());
                }
                Some(("~" | ">", rest)) => {
                    let _ = writeln!(text, "!{:indent$}{}", "", rest.trim_start());
                }
                _ => {
                    let _ = writeln!(text, " {line}");
                }
            }
        }
        text.push_str("```\n\n");
        let mut hazards: Vec<&str> = Vec::new();
        for hazard in self.plan.steps.iter().flat_map(|step| &step.hazards) {
            if !hazards.contains(&hazard.message.as_str()) {
                hazards.push(&hazard.message);
            }
        }
        for hazard in hazards {
            let _ = writeln!(text, "- :warning: {hazard}");
        }
        text.push('\n');
    }

    fn security(&self, text: &mut String) {
        if self.security.is_empty() {
            return;
        }
        text.push_str("**Who may do what**\n\n");
        for change in &self.security {
            let word = if change.gained { "now" } else { "no longer" };
            let _ = writeln!(text, "- {word}: {}", change.what);
        }
        text.push('\n');
    }

    fn findings(&self, text: &mut String) {
        if self.findings.is_empty() {
            text.push_str("The linter has nothing to object to.\n\n");
            return;
        }
        text.push_str("**The linter**\n\n");
        for one in &self.findings {
            let mark = match one.severity {
                Severity::Error => ":x:",
                Severity::Warning => ":warning:",
                Severity::Info => ":information_source:",
            };
            let place = one.labels.first().map_or_else(String::new, |label| {
                let line = label.source.position(label.start).line;
                format!(" (`{}:{line}`)", label.source.path())
            });
            let _ = writeln!(text, "- {mark} `{}`: {}{place}", one.code, one.message);
        }
        text.push('\n');
    }
}

/// The newest snapshot before a migration.
fn snapshot_before(folder: &Folder, number: usize) -> Result<Catalog> {
    let earlier = &folder.migrations[..number];
    let snapshot = earlier.iter().rev().find_map(|one| one.snapshot.as_ref());
    Ok(match snapshot {
        Some(snapshot) => drizzle::catalog(snapshot.read()?)?,
        None => drizzle::catalog(&driftless_migrations::snapshot::Snapshot::empty())?,
    })
}

/// Longer than any run of backticks within.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

/// As much as a comment may hold, to the end of a line.
fn cut(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let mut end = LONGEST;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let end = text[..end].rfind('\n').unwrap_or(end);
    let mut cut = text[..end].to_owned();
    // Whatever was open is closed.
    if cut.matches("```").count() % 2 == 1 {
        cut += "\n```";
    }
    if cut.matches("<details>").count() > cut.matches("</details>").count() {
        cut += "\n\n</details>";
    }
    cut + "\n\nThe rest is too long for a comment: `driftless report --html FILE` shows all of it.\n"
}
