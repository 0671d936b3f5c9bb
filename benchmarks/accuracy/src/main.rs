//! Simulates thousands of rollouts in virtual time, lets clanforge and the alternatives wait for each, and counts false
//! positives, false negatives, lag and readings. The model knows which version the counts belong to; no response says
//! it.
//!
//! Run it with `cargo xtask accuracy`. The same seed gives the same numbers on every machine.

#![allow(clippy::print_stdout)] // The report is printed.

mod estimates;
mod family;
mod numbers;
mod score;
mod waiter;
mod world;

use family::Family;
use score::Score;
use waiter::Waiter;

/// How many rollouts of each family are simulated.
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
                // The same rollout twice: one to read, and one to find out when it will have been ready.
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
        "{wrong} outcomes are false: with a baseline none may be, without one only those that say \"assumed\""
    );
    Ok(())
}
