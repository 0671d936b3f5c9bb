//! `clanforge simulate`

use clanforge_simulator::command::{SimulateArgs, list, start};

use crate::exit::{Exit, Failure};
use crate::terminal::streams::Streams;

pub(crate) fn run(arguments: &SimulateArgs, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    if arguments.list {
        streams.data(&list())?;
        return Ok(Exit::Ready);
    }
    let (simulator, introduction) = start(arguments)?;
    streams.data(&format!("{}\n", simulator.url()))?;
    streams.message(&introduction)?;
    loop {
        // An interrupt ends the process, and the simulator with it.
        std::thread::park();
    }
}
