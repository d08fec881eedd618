//! The only way out: results on stdout, everything else on stderr, JSON instead of both.
//!
//! Text carries styles; the streams strip them where there is no terminal or `NO_COLOR` is set.

mod place;
mod progress;

use std::io::{IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use dialoguer::console::Term;
use driftless_diagnostic::{Diagnostic, Severity};
use driftless_report::{Label, Sheet, json};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::args::{Color, Format, Global};
use crate::exit::{Exit, Result, Stop};

use place::Place;
pub(crate) use progress::Progress;

/// Everything a command says and asks.
pub(crate) struct Ui {
    format: Format,
    quiet: bool,
    out: AutoStream<std::io::Stdout>,
    err: AutoStream<std::io::Stderr>,
    interactive: bool,
    width: usize,
    sheet: Sheet,
    fields: Map<String, Value>,
    /// One JSON text a line, while things happen, instead of one in the end.
    lines: bool,
    told: Vec<Diagnostic>,
    fail_on: Severity,
    place: Place,
}

impl Ui {
    pub(crate) fn new(global: &Global) -> Self {
        let choice = match global.color {
            Color::Auto => None,
            Color::Always => Some(ColorChoice::Always),
            Color::Never => Some(ColorChoice::Never),
        };
        let (out, err) = (std::io::stdout(), std::io::stderr());
        let terminal = err.is_terminal();
        let width = match Term::stderr().size_checked() {
            Some((_, columns)) if terminal => usize::from(columns).clamp(60, 160),
            _ => 140,
        };
        Self {
            format: global.format,
            quiet: global.quiet,
            interactive: global.format == Format::Human
                && terminal
                && std::io::stdin().is_terminal(),
            width,
            sheet: Sheet::STYLED,
            out: AutoStream::new(
                out,
                choice.unwrap_or_else(|| AutoStream::choice(&std::io::stdout())),
            ),
            err: AutoStream::new(
                err,
                choice.unwrap_or_else(|| AutoStream::choice(&std::io::stderr())),
            ),
            fields: Map::new(),
            lines: false,
            told: Vec::new(),
            fail_on: Severity::Error,
            place: Place::of(global),
        }
    }

    /// What text looks like; the streams take it off where nobody wants it.
    pub(crate) fn sheet(&self) -> Sheet {
        self.sheet
    }

    /// Whether stdout holds one document, and nothing else is said.
    pub(crate) fn is_document(&self) -> bool {
        matches!(self.format, Format::Json | Format::Sarif | Format::Junit)
    }

    /// The least severity that counts as a failure; errors unless said otherwise.
    pub(crate) fn fail_on(&mut self, severity: Severity) {
        self.fail_on = severity;
    }

    /// The result, for people; ends its own line.
    pub(crate) fn out(&mut self, text: &str) {
        if !self.is_document() {
            let end = if text.is_empty() || text.ends_with('\n') {
                ""
            } else {
                "\n"
            };
            // Whoever closed the pipe has read enough; the work itself goes on.
            let _ = write!(self.out, "{text}{end}").and_then(|()| self.out.flush());
        }
    }

    /// Bytes for another program, as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        let _ = self.out.write_all(bytes).and_then(|()| self.out.flush());
    }

    /// Whether stdout is for programs alone.
    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// What is going on.
    pub(crate) fn status(&mut self, text: &str) {
        if !self.is_document() && !self.quiet {
            let _ = writeln!(self.err, "{text}");
        }
    }

    /// What to do next, when all went well.
    pub(crate) fn hint(&mut self, text: &str) {
        let label = self.sheet().paint(Label::Help, "hint");
        self.status(&format!("{label}: {text}"));
    }

    /// A finding, whatever its severity.
    pub(crate) fn tell(&mut self, found: &Diagnostic) {
        self.told.push(found.clone());
        let text = match self.format {
            Format::Json | Format::Sarif | Format::Junit => return,
            Format::Github => {
                return self.out(&driftless_report::github(found, &self.place.prefix));
            }
            _ if self.quiet && found.severity == Severity::Info => return,
            Format::Concise => driftless_report::concise(found),
            _ => driftless_report::diagnostic(found, self.sheet(), self.width) + "\n",
        };
        let _ = writeln!(self.err, "{text}");
    }

    /// Several findings.
    pub(crate) fn tell_all<'a>(&mut self, found: impl IntoIterator<Item = &'a Diagnostic>) {
        for diagnostic in found {
            self.tell(diagnostic);
        }
    }

    /// Why a command ends. What is to be answered needs its help texts in every format.
    pub(crate) fn tell_stop(&mut self, stop: &Stop) {
        if self.format == Format::Concise && stop.exit == Exit::NeedsAnswer {
            self.format = Format::Human;
        }
        self.tell_all(stop.failure.diagnostics());
    }

    /// Part of the result, for programs.
    pub(crate) fn field(&mut self, name: &str, value: impl Serialize) {
        if self.format == Format::Json {
            let value = serde_json::to_value(value)
                .unwrap_or_else(|error| Value::String(format!("not printable: {error}")));
            self.fields.insert(name.to_owned(), value);
        }
    }

    /// From now on each event is a line of JSON, and so is the result.
    pub(crate) fn tell_events(&mut self) {
        self.lines = true;
    }

    /// What happens, for programs that watch.
    pub(crate) fn event(&mut self, event: impl FnOnce() -> Value) {
        if self.format == Format::Json && self.lines {
            let _ = writeln!(self.out, "{}", event()).and_then(|()| self.out.flush());
        }
    }

    /// Shows what is going on in one line that changes.
    pub(crate) fn progress(&self) -> Progress {
        let hidden = self.quiet || self.is_document() || !self.err.is_terminal();
        Progress::new(hidden)
    }

    /// Whether somebody is there to be asked.
    pub(crate) fn can_ask(&self) -> bool {
        self.interactive
    }

    /// Asks nothing meanwhile.
    pub(crate) fn unasked<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.interactive, false);
        let done = work(self);
        self.interactive = before;
        done
    }

    /// One of several, none of them by default; `None` when nobody chooses. Every question has
    /// flags that answer it beforehand.
    pub(crate) fn choose(&mut self, prompt: &str, items: &[String]) -> Result<Option<usize>> {
        if !self.can_ask() {
            return Ok(None);
        }
        dialoguer::Select::new()
            .with_prompt(prompt)
            .items(items)
            .report(true)
            .interact_on_opt(&Term::stderr())
            .map_err(not_answered)
    }

    /// Yes or no, neither of them by default; `None` when nobody answers.
    pub(crate) fn confirm(&mut self, prompt: &str) -> Result<Option<bool>> {
        if !self.can_ask() {
            return Ok(None);
        }
        dialoguer::Confirm::new()
            .with_prompt(prompt)
            .interact_on_opt(&Term::stderr())
            .map_err(not_answered)
    }

    /// A line of text; `None` when nobody answers.
    pub(crate) fn typed(&mut self, prompt: &str) -> Result<Option<String>> {
        if !self.can_ask() {
            return Ok(None);
        }
        dialoguer::Input::new()
            .with_prompt(prompt)
            .allow_empty(true)
            .interact_text_on(&Term::stderr())
            .map(Some)
            .map_err(not_answered)
    }

    /// The last word: for programs, everything at once.
    pub(crate) fn finish(&mut self, command: &str, exit: Exit) {
        let text = match self.format {
            Format::Json => self.json(command, exit),
            Format::Sarif => driftless_report::sarif(&self.told, &self.place.tool(exit)),
            Format::Junit => {
                driftless_report::junit(command, &self.told, self.fail_on, &self.place.prefix)
            }
            _ => return,
        };
        let _ = writeln!(self.out, "{text}").and_then(|()| self.out.flush());
    }

    fn json(&mut self, command: &str, exit: Exit) -> String {
        let mut all = Map::new();
        if self.lines {
            all.insert("event".to_owned(), "finished".into());
        }
        all.insert("command".to_owned(), command.into());
        all.insert("outcome".to_owned(), exit.word().into());
        all.insert("exit_code".to_owned(), exit.code().into());
        all.append(&mut self.fields);
        let told = serde_json::to_value(json::diagnostics(&self.told)).unwrap_or_default();
        all.insert("diagnostics".to_owned(), told);
        let all = Value::Object(all);
        if self.lines {
            all.to_string()
        } else {
            serde_json::to_string_pretty(&all).unwrap_or_default()
        }
    }
}

fn not_answered(error: dialoguer::Error) -> Stop {
    let dialoguer::Error::IO(error) = error;
    Stop::interrupted(Diagnostic::error(
        "interrupted",
        match error.kind() {
            std::io::ErrorKind::Interrupted => "interrupted; nothing was written".to_owned(),
            _ => format!("the question could not be asked: {error}"),
        },
    ))
}
