//! The simulator as a standalone program, for those who do not have the `clanforge` command.

use std::io::Write;
use std::process::ExitCode;

use clanforge_simulator::StartError;
use clanforge_simulator::command::{SimulateArgs, list, start};
use clap::Parser;

/// Simulate the Clanforge image status over real HTTP, to test deploy scripts and clients against
#[derive(Parser)]
#[command(name = "clanforge-simulator", version)]
struct Command {
    #[command(flatten)]
    simulate: SimulateArgs,
}

fn main() -> ExitCode {
    let Command { simulate } = Command::parse();
    match run(&simulate, &mut std::io::stdout(), &mut std::io::stderr()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A closed standard error leaves no place to report to.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            error.kind().exit_code().into()
        }
    }
}

fn run(simulate: &SimulateArgs, stdout: &mut impl Write, stderr: &mut impl Write) -> Result<(), StartError> {
    if simulate.list {
        return Ok(stdout.write_all(list().as_bytes())?);
    }
    let (simulator, introduction) = start(simulate)?;
    writeln!(stdout, "{}", simulator.url())?;
    stdout.flush()?;
    stderr.write_all(introduction.as_bytes())?;
    loop {
        // A signal ends the process, and the simulator with it.
        std::thread::park();
    }
}
