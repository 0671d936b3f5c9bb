//! `clanforge simulate`

use clanforge_simulator::Simulator;
use clanforge_simulator::command::{SimulateArgs, introduction, list};

use crate::exit::{Exit, Failure};
use crate::streams::Streams;

pub(crate) fn run(arguments: &SimulateArgs, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    if arguments.list {
        streams.data(&list())?;
        return Ok(Exit::Ready);
    }
    let options = arguments.options().map_err(Failure::usage)?;
    let scenario = options.scenario().clone();
    let simulator = Simulator::start(options)?;
    streams.data(&format!("{}\n", simulator.url()))?;
    streams.message(&introduction(&simulator, &scenario))?;
    loop {
        // An interrupt ends the process, and the simulator with it.
        std::thread::park();
    }
}
