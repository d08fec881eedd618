//! What a plan needs to be told: renames and allowed hazards, from flags, from memory, from somebody
//! at the terminal.

use std::collections::BTreeSet;

use driftless_catalog::{Decision, Hazard, HazardKind, Plan, Question};
use driftless_diagnostic::{Diagnostic, Failure};
use driftless_migrations::folder::Folder;
use driftless_report::{count, json};

use crate::args::{self, Generate};
use crate::exit::{Result, Stop};
use crate::ui::Ui;

/// Every answer so far.
pub(in crate::commands) struct Answers<'a> {
    /// Flags first, then what is remembered, then what was answered.
    pub(in crate::commands) decisions: Vec<Decision>,
    flags: usize,
    remembered: Vec<(String, Decision)>,
    allowed: &'a [HazardKind],
    /// Single hazards that were allowed when the same was written before.
    allowed_before: Vec<(HazardKind, String)>,
    purpose: Purpose,
}

/// What the plan is made for.
#[derive(Debug, Clone, Copy)]
pub(in crate::commands) struct Purpose {
    /// The command that has the flags.
    command: &'static str,
    /// What is done with the plan in the end: `Write`.
    verb: &'static str,
    /// That it was not done.
    undone: &'static str,
    /// The same where there is no plan yet.
    nothing: &'static str,
}

impl Purpose {
    /// A command that writes a migration.
    pub(in crate::commands) const fn writes(command: &'static str) -> Self {
        Self {
            command,
            verb: "Write",
            undone: "the migration was not written",
            nothing: "nothing was written",
        }
    }

    /// A command that runs the plan.
    pub(in crate::commands) const fn runs(command: &'static str) -> Self {
        Self {
            command,
            verb: "Run",
            undone: "the plan was not run",
            nothing: "nothing was changed",
        }
    }
}

/// The flags that answer.
pub(in crate::commands) struct Flags<'a> {
    pub(in crate::commands) rename: &'a [Decision],
    pub(in crate::commands) create: &'a [String],
    pub(in crate::commands) allow: &'a [HazardKind],
    /// What they are for.
    pub(in crate::commands) purpose: Purpose,
}

impl<'a> Flags<'a> {
    pub(in crate::commands) fn of(answers: &'a args::Answers, purpose: Purpose) -> Self {
        Self {
            rename: &answers.rename,
            create: &answers.create,
            allow: &answers.allow,
            purpose,
        }
    }
}

impl<'a> Answers<'a> {
    pub(super) fn of_generate(args: &'a Generate, folder: &Folder) -> Self {
        let flags = Flags::of(&args.answers, Purpose::writes("generate"));
        Self::new(&flags, remembered(folder))
    }

    /// The flags, and after them what is remembered of migrations, each with its tag.
    pub(in crate::commands) fn new(flags: &Flags<'a>, remembered: Vec<(String, Decision)>) -> Self {
        let (allowed, purpose) = (flags.allow, flags.purpose);
        let mut decisions = flags.rename.to_vec();
        decisions.extend(flags.create.iter().cloned().map(Decision::Create));
        let flags = decisions.len();
        let remembered: Vec<_> = remembered
            .into_iter()
            .filter(|(_, old)| !decisions.iter().any(|flag| about_the_same(flag, old)))
            .collect();
        decisions.extend(remembered.iter().map(|(_, decision)| decision.clone()));
        Self {
            decisions,
            flags,
            remembered,
            allowed,
            allowed_before: Vec::new(),
            purpose,
        }
    }

    /// Takes over hazards, by their sentences, that somebody has allowed already.
    pub(in crate::commands) fn allowed_before(&mut self, hazards: Vec<(HazardKind, String)>) {
        self.allowed_before = hazards;
    }

    /// Asks the first question, or ends the command with all of them.
    pub(in crate::commands) fn ask(&mut self, questions: &[Question], ui: &mut Ui) -> Result<()> {
        let all: Vec<json::Question> = questions.iter().map(Into::into).collect();
        ui.field("questions", all);
        let Some(first) = questions.first().filter(|_| ui.can_ask()) else {
            return Err(Stop::needs_answer(undecided(questions, self.purpose)));
        };
        let created = first.created.path();
        let options = driftless_report::flags(first);
        let items: Vec<_> = options.iter().map(|(_, meaning)| meaning.clone()).collect();
        let prompt = format!("The new {} {created}", first.noun);
        let Some(chosen) = ui.choose(&prompt, &items)? else {
            return Err(Stop::needs_answer(undecided(questions, self.purpose)));
        };
        self.decisions.push(match first.candidates.get(chosen) {
            Some(candidate) => Decision::Rename(candidate.dropped.path(), created),
            None => Decision::Create(created),
        });
        Ok(())
    }

    /// A flag that fits nothing is a slip of the pen, and may have been meant for something else.
    pub(in crate::commands) fn all_used(&self, unused: &[Decision]) -> Result<()> {
        let flags = &self.decisions[..self.flags];
        let superfluous: Vec<String> = flags
            .iter()
            .filter(|flag| unused.contains(flag))
            .map(flag)
            .collect();
        if superfluous.is_empty() {
            return Ok(());
        }
        let fits = match superfluous.len() {
            1 => "fits",
            _ => "fit",
        };
        Err(Stop::usage(
            Diagnostic::error(
                "unused-answer",
                format!("{} {fits} nothing that changed", superfluous.join(" and ")),
            )
            .note(self.purpose.nothing)
            .help(format!(
                "leave it out, or correct the names; `driftless {} --dry-run` shows what changed",
                self.purpose.command
            )),
        ))
    }

    /// Says which old decisions were taken over.
    pub(in crate::commands) fn tell_remembered(&self, plan: &Plan, how: &str, ui: &mut Ui) {
        for (tag, decision) in &self.remembered {
            if !plan.unused.contains(decision) {
                ui.status(&format!("{} as decided for {tag}{how}", flag(decision)));
            }
        }
    }

    /// Asks once a kind of hazard, or ends the command with all of them.
    pub(in crate::commands) fn allow_hazards(&self, plan: &Plan, ui: &mut Ui) -> Result<()> {
        let mut allowed = self.allowed.to_vec();
        allowed.extend(self.all_allowed_before(plan));
        let sheet = ui.sheet();
        let refused = plan.refused(&allowed);
        let all = driftless_report::hazards(plan, &allowed, sheet);
        // Without anybody to ask, the finding that ends the command says what is refused.
        if !all.is_empty() && (refused.is_empty() || ui.can_ask()) {
            ui.out(&format!("\n{all}"));
        }
        for kind in &refused {
            let verb = self.purpose.verb;
            let prompt = format!("{verb} it all the same ({})?", kind.as_str());
            let yes = ui.confirm(&prompt)?;
            if yes != Some(true) {
                return Err(Stop::needs_answer(not_allowed(
                    plan,
                    &plan.refused(&allowed),
                    self.purpose.undone,
                )));
            }
            allowed.push(*kind);
        }
        Ok(())
    }
}

impl Answers<'_> {
    /// Kinds of hazards of which a plan has none that was not allowed before.
    fn all_allowed_before(&self, plan: &Plan) -> Vec<HazardKind> {
        let known = |hazard: &Hazard| {
            let mut before = self.allowed_before.iter();
            before.any(|(kind, message)| *kind == hazard.kind && *message == hazard.message)
        };
        let hazards = || plan.steps.iter().flat_map(|step| &step.hazards);
        let kinds = self.allowed_before.iter().map(|(kind, _)| *kind);
        kinds
            .filter(|kind| hazards().filter(|one| one.kind == *kind).all(known))
            .collect()
    }
}

/// Decisions of migrations that were taken out of the journal, to be made again.
fn remembered(folder: &Folder) -> Vec<(String, Decision)> {
    folder
        .record
        .lines
        .iter()
        .filter(|line| folder.find(&line.tag).is_none())
        .flat_map(|line| {
            let decisions = &line.facts.decisions;
            let renames = decisions
                .renames
                .iter()
                .filter_map(|text| Decision::parse_rename(text));
            let creates = decisions.creates.iter().cloned().map(Decision::Create);
            renames
                .chain(creates)
                .map(|decision| (line.tag.clone(), decision))
        })
        .collect()
}

/// Whether two answers are about the same new object, so that only the newer one counts.
fn about_the_same(a: &Decision, b: &Decision) -> bool {
    let created = |decision: &Decision| match decision {
        Decision::Rename(_, new) | Decision::Create(new) => {
            new.strip_prefix("public.").unwrap_or(new).to_owned()
        }
    };
    created(a) == created(b)
}

fn flag(decision: &Decision) -> String {
    match decision {
        Decision::Rename(old, new) => format!("--rename {old}={new}"),
        Decision::Create(new) => format!("--create {new}"),
    }
}

fn undecided(questions: &[Question], purpose: Purpose) -> Failure {
    let names: Vec<String> = questions
        .iter()
        .map(|question| format!("{} {}", question.noun, question.created.path()))
        .collect();
    let subject = match names.len() {
        1 => format!("whether {} is new or renamed is not decided", names[0]),
        n => format!(
            "which of {} are new and which renamed is not decided",
            count(n, "object")
        ),
    };
    let mut diagnostic = Diagnostic::error("rename-undecided", subject).note(purpose.nothing);
    for question in questions {
        diagnostic = diagnostic.help(format!(
            "for {} {} add one of:\n{}",
            question.noun,
            question.created.path(),
            driftless_report::choices(question)
        ));
    }
    diagnostic.into()
}

fn not_allowed(plan: &Plan, refused: &BTreeSet<HazardKind>, undone: &str) -> Failure {
    let flags: Vec<_> = refused
        .iter()
        .map(|kind| format!("--allow {}", kind.as_str()))
        .collect();
    let mut diagnostic = Diagnostic::error(
        "hazard-not-allowed",
        format!(
            "{undone}: it has {} that nobody has allowed",
            count(refused.len(), "hazard")
        ),
    );
    let mut sentences = BTreeSet::new();
    for hazard in plan.steps.iter().flat_map(|step| &step.hazards) {
        if refused.contains(&hazard.kind) && sentences.insert(&hazard.message) {
            diagnostic = diagnostic.note(format!("{}: {}", hazard.kind.as_str(), hazard.message));
        }
    }
    diagnostic
        .help(format!("if that is what you want, add {}", flags.join(" ")))
        .into()
}
