//! `driftless man`: pages for `man`.

use clap::CommandFactory;
use driftless_diagnostic::Diagnostic;
use driftless_report::count;

use crate::args::{Args, Man};
use crate::exit::{Exit, Result};
use crate::ui::Ui;

pub(crate) fn run(args: &Man, ui: &mut Ui) -> Result<Exit> {
    let failed = |error: std::io::Error| {
        Diagnostic::error(
            "unwritable-file",
            format!("the pages cannot be written: {error}"),
        )
        .help("name a folder that can be written to: driftless man --output DIR")
    };
    let Some(folder) = &args.output else {
        let mut page = Vec::new();
        let man = clap_mangen::Man::new(Args::command());
        man.render(&mut page).map_err(failed)?;
        ui.raw(&page);
        return Ok(Exit::Ok);
    };
    fs_err::create_dir_all(folder).map_err(failed)?;
    clap_mangen::generate_to(Args::command(), folder).map_err(failed)?;
    let pages = fs_err::read_dir(folder).map_err(failed)?.count();
    ui.out(&format!("wrote {} to {folder}", count(pages, "page")));
    Ok(Exit::Ok)
}
