//! Plays thousands of rollouts in virtual time, lets clanforge and its rivals wait for each, and counts what they get
//! wrong: the model knows which version the counts speak of, which no response tells.
//!
//! Run it by `cargo xtask accuracy`. The same seed gives the same numbers on every machine.

#![allow(clippy::print_stdout)] // What is counted is printed.

mod estimates;
mod family;
mod score;
mod wait;
mod world;

use family::Family;
use score::Score;
use wait::Waiter;

/// How many rollouts of each family are played.
const ROLLOUTS: u64 = 250;

fn main() -> anyhow::Result<()> {
    let rollouts = std::env::args().nth(1).map_or(Ok(ROLLOUTS), |text| text.parse())?;
    println!("{rollouts} rollouts of each of {} families\n", Family::ALL.len());
    println!("{}", Score::HEADING);
    let mut wrong = 0;
    let mut costs = score::Costs::default();
    let mut estimates = estimates::Estimates::default();
    for family in Family::ALL {
        for waiter in Waiter::ALL {
            let mut score = Score::default();
            for seed in 0..rollouts {
                // The same rollout twice: one to be read, and one to know when it will have been ready.
                let worlds = (family.world(seed)?, family.world(seed)?);
                score.add(&waiter.wait(worlds, seed, &mut estimates)?);
            }
            println!("{}", score.row(family.name(), waiter.name()));
            costs.add(family, waiter, &score);
            wrong += score.forbidden(waiter);
        }
        println!();
    }
    println!("{}", costs.report());
    println!("{}", estimates.report());
    anyhow::ensure!(
        wrong == 0,
        "{wrong} outcomes must not happen: with a baseline nothing is false, without one only what is said to be assumed"
    );
    Ok(())
}
