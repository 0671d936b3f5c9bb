//! `clanforge simulate`, whose arguments are those of the simulator's own program

use clanforge_simulator::command::{SimulateArgs, list, start};

use crate::failure::Failure;
use crate::terminal::streams::Streams;
use clanforge::ExitCode;

pub(super) const EXAMPLES: &str = "Examples:
  clanforge simulate --list
  clanforge simulate --scenario stragglers --speed 60
  clanforge simulate --scenario ./my-outage.toml --port 8080

Prints the URL as the only line on standard output. The rollout starts with the first request after
the baseline. With the variable CLANFORGE_SIMULATION, which the command prints, a wait skips time
instead of sleeping.";

pub(super) fn run(arguments: &SimulateArgs, streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
    if arguments.list {
        streams.write_data(&list())?;
        return Ok(ExitCode::Ready);
    }
    let (simulator, introduction) = start(arguments)?;
    streams.write_data(&format!("{}\n", simulator.url()))?;
    streams.write_message(&introduction);
    loop {
        // An interrupt ends the process, and the simulator with it.
        std::thread::park();
    }
}
