//! What `lint`, `check` and `generate` have in common: the levels, and what is told in the end.

use driftless_diagnostic::{Diagnostic, Failure, Severity};
use driftless_lint::{Level, Levels, Linted, Script, lint, nearest};
use driftless_report::count;

use crate::args;
use crate::exit::Result;
use crate::scratch::{Choice, Engine};
use crate::settings::Settings;
use crate::tried::Tried;
use crate::ui::Ui;

/// The levels of `[lint]` in driftless.toml.
pub(crate) fn levels(settings: &Settings) -> driftless_diagnostic::Result<Levels> {
    let mut levels = Levels::default();
    let Some(toml) = &settings.toml else {
        return Ok(levels);
    };
    let mut problems = Vec::new();
    for (name, word) in &toml.lint {
        let Some(level) = Level::parse(&word.value) else {
            let message = format!(
                "`lint.{}` must be \"off\", \"info\", \"warning\" or \"error\", it is \"{}\"",
                name.value, word.value
            );
            problems.push(toml.at(Diagnostic::error("config-type", message), word));
            continue;
        };
        if !levels.choose(&name.value, level) {
            problems.push(toml.at(unknown(&name.value), name));
        }
    }
    if problems.is_empty() {
        Ok(levels)
    } else {
        Err(Failure::new(problems))
    }
}

fn unknown(name: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error("unknown-rule", format!("no lint rule is called `{name}`"));
    match nearest(name) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help("`driftless explain` lists the rules"),
    }
}

/// Asks every rule.
pub(crate) fn judge(tried: &[Tried], levels: &Levels) -> Linted {
    let scripts: Vec<Script<'_>> = tried.iter().map(Tried::script).collect();
    lint(&scripts, levels)
}

/// A scratch that is quick to start, or the one that was asked for; elsewhere it is told why nothing
/// is measured.
pub(crate) fn at_hand(
    args: &args::Scratch,
    settings: &Settings,
    wanted: bool,
    ui: &mut Ui,
) -> Result<Option<Choice>> {
    if !wanted && settings.no_prove() {
        return Ok(None);
    }
    let scratch = match Choice::new(settings, args, None) {
        Ok(scratch) => scratch,
        Err(stop) if wanted => return Err(stop),
        Err(stop) => {
            ui.status(&not_measured(&stop.failure));
            return Ok(None);
        }
    };
    let asked = wanted || args.scratch != args::ScratchEngine::Auto;
    if matches!(scratch.engine, Engine::Embedded) && !asked {
        ui.status(&format!(
            "not measured: {}; --measure uses the embedded one",
            scratch.why
        ));
        return Ok(None);
    }
    Ok(Some(scratch))
}

/// Why nothing was measured.
pub(crate) fn not_measured(failure: &Failure) -> String {
    let first = failure.diagnostics().first();
    let why = first.map_or("", |first| first.message.as_str());
    format!("not measured: {why}")
}

/// `2 errors, 1 warning`, without the kinds that there are none of.
pub(crate) fn summary(linted: &Linted) -> String {
    let number = |severity| {
        let all = linted.findings.iter();
        all.filter(|one| one.severity == severity).count()
    };
    let mut parts = Vec::new();
    for (severity, noun) in [(Severity::Error, "error"), (Severity::Warning, "warning")] {
        if number(severity) > 0 {
            parts.push(count(number(severity), noun));
        }
    }
    match number(Severity::Info) {
        0 => {}
        1 => parts.push("1 piece of information".to_owned()),
        more => parts.push(format!("{more} pieces of information")),
    }
    if linted.waived > 0 {
        parts.push(format!("{} waived", linted.waived));
    }
    if parts.is_empty() {
        parts.push("nothing to object to".to_owned());
    }
    parts.join(", ")
}
