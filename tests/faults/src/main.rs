//! Plays every fault, prints where as one line of JSON, and ends with its standard input.

use std::io::{Read, Write};

use clanforge_test_faults::Faults;

fn main() -> std::io::Result<()> {
    let faults = Faults::play()?;
    let json = serde_json::to_string(&faults.played)?;
    let mut stdout = std::io::stdout();
    writeln!(stdout, "{json}")?;
    stdout.flush()?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
