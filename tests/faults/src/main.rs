//! Runs every fault, or with the argument `echoes` the servers that repeat credentials: prints their addresses as one line
//! of JSON, and ends when standard input ends.

use std::io::{Read, Write};

use clanforge_test_faults::{Echoes, Faults};

fn main() -> std::io::Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("echoes") => {
            let echoes = Echoes::start()?;
            until_end(&serde_json::to_string(&echoes)?)
        }
        _ => {
            let faults = Faults::start()?;
            until_end(&serde_json::to_string(&faults.running)?)
        }
    }
}

fn until_end(line: &str) -> std::io::Result<()> {
    let mut stdout = std::io::stdout();
    writeln!(stdout, "{line}")?;
    stdout.flush()?;
    std::io::stdin().read_to_end(&mut Vec::new()).map(drop)
}
