//! `clanforge completions`

use clap::Args;
use clap_complete::Shell;

use crate::failure::Failure;
use crate::terminal::streams::Streams;
use clanforge::ExitCode;

pub(super) const EXAMPLES: &str = "Examples:
  clanforge completions bash > ~/.local/share/bash-completion/completions/clanforge
  clanforge completions zsh > ~/.zfunc/_clanforge
  clanforge completions fish > ~/.config/fish/completions/clanforge.fish";

#[derive(Args)]
pub(crate) struct Arguments {
    /// Shell to complete for
    shell: Shell,
}

pub(super) fn run(
    arguments: &Arguments,
    mut command: clap::Command,
    streams: &mut Streams<'_>,
) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "clanforge", &mut script);
    streams.write_data(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::Ready)
}
