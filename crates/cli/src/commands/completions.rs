//! `driftless completions`: a script for a shell.

use clap::CommandFactory;

use crate::args::{Args, Completions};
use crate::exit::Exit;
use crate::ui::Ui;

pub(crate) fn run(args: &Completions, ui: &mut Ui) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "driftless", &mut script);
    ui.raw(&script);
    Exit::Ok
}
