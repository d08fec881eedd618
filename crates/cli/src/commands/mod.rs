//! One command, one file.

mod baseline;
mod check;
mod completions;
#[cfg(unix)]
mod dev;
mod diff;
#[cfg(feature = "embedded")]
mod embedded;
mod erd;
mod exec;
mod explain;
mod generate;
mod init;
mod lint;
mod man;
mod migrate;
mod plan;
mod pull;
mod push;
mod rebase;
mod record;
mod repair;
mod report;
mod reset;
mod revert;
mod rls;
mod scratch;
mod seed;
mod snapshot;
mod squash;
mod status;
mod studio;

#[cfg(all(unix, feature = "embedded"))]
pub(crate) use embedded::SUBCOMMAND as EMBEDDED;

use std::ffi::OsString;
use std::time::Duration;

use clap::{CommandFactory, Parser};
use driftless_diagnostic::Diagnostic;

use crate::args::{Args, Command, Format, Global};
use crate::exit::Exit;
use crate::ui::Ui;

/// Reads the command line and does what it says.
pub(crate) fn run(arguments: impl Iterator<Item = OsString>) -> Exit {
    let arguments: Vec<OsString> = arguments.collect();
    #[cfg(feature = "embedded")]
    if let [_, first, rest @ ..] = arguments.as_slice()
        && first == embedded::SUBCOMMAND
    {
        return embedded::run(rest);
    }
    let args = match Args::try_parse_from(&arguments) {
        Ok(args) => args,
        // Help and version come this way too; a closed pipe is no reason to complain.
        Err(error) if !error.use_stderr() => {
            let _ = error.print();
            return Exit::Ok;
        }
        Err(error) => return misused(&error, &arguments),
    };
    let (global, mut ui) = (&args.global, Ui::new(&args.global));
    if let Some(stop) = args.misplaced_format() {
        ui.tell_stop(&stop);
        return stop.exit;
    }
    let (name, result) = match &args.command {
        Command::Init(args) => ("init", init::run(args, global, &mut ui)),
        #[cfg(unix)]
        Command::Dev(args) => ("dev", dev::run(args, global, &mut ui)),
        Command::Generate(args) => ("generate", generate::run(args, global, &mut ui)),
        Command::Revert(args) => ("revert", revert::run(args, global, &mut ui)),
        Command::Migrate(args) => ("migrate", migrate::run(args, global, &mut ui)),
        Command::Plan(args) => ("plan", plan::run(args, global, &mut ui)),
        Command::Baseline(args) => ("baseline", baseline::run(args, global, &mut ui)),
        Command::Status(args) => ("status", status::run(args, global, &mut ui)),
        Command::Repair(args) => ("repair", repair::run(args, global, &mut ui)),
        Command::Check(args) => ("check", check::run(args, global, &mut ui)),
        Command::Lint(args) => ("lint", lint::run(args, global, &mut ui)),
        Command::Explain(args) => ("explain", explain::run(args, &mut ui)),
        Command::Rebase(args) => ("rebase", rebase::run(args, global, &mut ui)),
        Command::Squash(args) => ("squash", squash::run(args, global, &mut ui)),
        Command::Rls(args) => ("rls", rls::run(args, global, &mut ui)),
        Command::Record(args) => ("record", record::run(args, global, &mut ui)),
        Command::Exec(args) => ("exec", exec::run(args, global, &mut ui)),
        Command::Seed(args) => ("seed", seed::run(args, global, &mut ui)),
        Command::Reset(args) => ("reset", reset::run(args, global, &mut ui)),
        Command::Diff(args) => ("diff", diff::run(args, global, &mut ui)),
        Command::Push(args) => ("push", push::run(args, global, &mut ui)),
        Command::Pull(args) => ("pull", pull::run(args, global, &mut ui)),
        Command::Snapshot(args) => ("snapshot", snapshot::run(args, global, &mut ui)),
        Command::Scratch(args) => ("scratch", scratch::run(args, global, &mut ui)),
        Command::Erd(args) => ("erd", erd::run(args, global, &mut ui)),
        Command::Report(args) => ("report", report::run(args, global, &mut ui)),
        Command::Studio(args) => ("studio", studio::run(args, global, &mut ui)),
        Command::Man(args) => ("man", man::run(args, &mut ui)),
        Command::Completions(args) => return completions::run(args, &mut ui),
    };
    let exit = result.unwrap_or_else(|stop| {
        ui.tell_stop(&stop);
        stop.exit
    });
    ui.finish(name, exit);
    exit
}

/// A command line that makes no sense, also said to programs that asked for JSON.
fn misused(error: &clap::Error, arguments: &[OsString]) -> Exit {
    let _ = error.print();
    let asks = |pair: &[OsString]| pair[0] == "--format" && pair[1] == "json";
    if arguments.windows(2).any(asks) || arguments.iter().any(|one| one == "--format=json") {
        let mut ui = Ui::new(&Global {
            format: Format::Json,
            ..Global::default()
        });
        let text = error.to_string();
        let first = text.lines().next().unwrap_or_default();
        let message = first.strip_prefix("error: ").unwrap_or(first);
        ui.tell(&Diagnostic::error("usage", message));
        let command = arguments.iter().skip(1).find_map(|one| {
            let known = Args::command();
            let word = one.to_str()?;
            known.find_subcommand(word).map(|_| word.to_owned())
        });
        ui.finish(command.as_deref().unwrap_or_default(), Exit::Usage);
    }
    Exit::Usage
}

/// `0.25 s`, `12 s`, `3 min 4 s`.
fn time(took: Duration) -> String {
    let seconds = took.as_secs();
    match seconds {
        0..10 => format!("{:.2} s", took.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// `both migrations are`, `all 7 migrations are`.
fn all(number: usize, noun: &str) -> String {
    match number {
        1 => format!("the only {noun} is"),
        2 => format!("both {noun}s are"),
        _ => format!("all {} are", driftless_report::count(number, noun)),
    }
}
