//! Starts the servers, prints their addresses as one line of JSON, or `null` if they are not installed, and ends when
//! standard input ends.

use std::io::{Read, Write};

use clanforge_test_servers::Servers;

fn main() -> anyhow::Result<()> {
    let servers = Servers::start()?;
    let addresses = serde_json::to_string(&servers.as_ref().map(|servers| &servers.addresses))?;
    let mut stdout = std::io::stdout();
    writeln!(stdout, "{addresses}")?;
    stdout.flush()?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
