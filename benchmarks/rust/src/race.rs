//! Rivals that take turns.

use std::time::{Duration, Instant};

/// Something that is measured side by side with others.
pub(crate) struct Rival<'a> {
    name: &'static str,
    run: Box<dyn FnMut() -> anyhow::Result<()> + 'a>,
    rounds: Vec<Duration>,
}

impl<'a> Rival<'a> {
    pub(crate) fn new(name: &'static str, run: impl FnMut() -> anyhow::Result<()> + 'a) -> Self {
        Self { name, run: Box::new(run), rounds: Vec::new() }
    }

    fn round(&mut self, runs: u32) -> anyhow::Result<()> {
        let started = Instant::now();
        for _ in 0..runs {
            (self.run)()?;
        }
        self.rounds.push(started.elapsed() / runs);
        Ok(())
    }

    fn median(&mut self) -> Duration {
        self.rounds.sort();
        self.rounds[self.rounds.len() / 2]
    }
}

/// Runs rivals in turn for the given numbers of rounds and runs, and prints the median of each, with the ratio of ours, the
/// first, to it.
pub(crate) fn race(title: &str, rounds: usize, runs: u32, mut rivals: Vec<Rival<'_>>) -> anyhow::Result<()> {
    for rival in &mut rivals {
        rival.round(runs.min(50))?;
        rival.rounds.clear();
    }
    for round in 0..rounds {
        let first = round % rivals.len();
        for turn in 0..rivals.len() {
            let index = (first + turn) % rivals.len();
            rivals[index].round(runs)?;
        }
    }
    println!("\n{title}");
    let ours = rivals[0].median();
    for rival in &mut rivals {
        let median = rival.median();
        let ratio = ours.as_secs_f64() / median.as_secs_f64();
        println!("  {:<44} {:>10.1} µs   ours / it = {ratio:.2}", rival.name, median.as_secs_f64() * 1e6);
    }
    Ok(())
}
