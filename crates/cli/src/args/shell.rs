//! Arguments of what a shell gets: completions, pages for `man`.

use camino::Utf8PathBuf;
use clap::Args as ClapArgs;
use clap_complete::Shell;

use crate::exit;

/// Print completions for a shell
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless completions bash > ~/.local/share/bash-completion/completions/driftless
  driftless completions zsh > ~/.zfunc/_driftless
  driftless completions fish > ~/.config/fish/completions/driftless.fish

{}", exit::CODES))]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: Shell,
}

/// Write pages for `man`
///
/// One for `driftless` and one for each command, such as `driftless-migrate.1`. Without a folder, the
/// first is printed.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless man | man -l -
  driftless man --output ~/.local/share/man/man1

{}", exit::CODES))]
pub(crate) struct Man {
    /// The folder to write to; it is made if it is not there
    #[arg(long, value_name = "DIR")]
    pub(crate) output: Option<Utf8PathBuf>,
}
