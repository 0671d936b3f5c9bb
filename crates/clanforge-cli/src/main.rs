//! The `clanforge` command.

fn main() -> std::process::ExitCode {
    clanforge_cli::run(std::env::args_os(), &mut clanforge_cli::Streams::standard()).into()
}
