//! `clanforge simulate`, whose arguments are those of the simulator's own program

use clanforge_simulator::command::{SimulateArgs, list, start};

use crate::failure::Failure;
use crate::terminal::streams::Streams;
use clanforge::ExitCode;

pub(super) const EXAMPLES: &str = "Examples:
  clanforge simulate --list
  clanforge simulate --scenario stragglers --speed 60
  clanforge simulate --scenario ./my-outage.toml --port 8080

Prints the URL as the only line on standard output, and the variables for a client on standard
error: with CLANFORGE_SIMULATION, a wait skips time instead of sleeping. The first request that
returns a status stands for the baseline; the rollout starts with the request after it.";

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
