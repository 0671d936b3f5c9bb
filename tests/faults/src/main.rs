//! Plays every fault, or with the argument `echoes` the services that repeat what they were sent, prints where as one line of
//! JSON, and ends with its standard input.

use std::io::{Read, Write};

use clanforge_test_faults::{Echoes, Faults};

fn main() -> std::io::Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("echoes") => {
            let echoes = Echoes::start()?;
            until_end(&serde_json::to_string(&echoes)?)
        }
        _ => {
            let faults = Faults::play()?;
            until_end(&serde_json::to_string(&faults.played)?)
        }
    }
}

fn until_end(line: &str) -> std::io::Result<()> {
    let mut stdout = std::io::stdout();
    writeln!(stdout, "{line}")?;
    stdout.flush()?;
    std::io::stdin().read_to_end(&mut Vec::new()).map(drop)
}
