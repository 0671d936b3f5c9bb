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
mod several;
mod waiter;
mod world;

use clap::Parser;
use family::Family;
use score::Score;
use waiter::Waiter;

/// Measure the accuracy of waiting.
#[derive(Parser)]
struct Arguments {
    /// How many rollouts of each family are simulated with each seed
    #[arg(long, default_value_t = 250)]
    rollouts: u64,
    /// Seed that the rollouts are drawn from; repeatable
    #[arg(long = "seed", default_value = "0")]
    seeds: Vec<u32>,
    /// Simulate only the families whose name contains this text
    #[arg(long, default_value = "")]
    family: String,
}

fn main() -> anyhow::Result<()> {
    let Arguments { rollouts, seeds, family } = Arguments::parse();
    let families = Family::ALL.into_iter().filter(|each| each.name().contains(&family));
    println!("{rollouts} rollouts of each family with each of the seeds {seeds:?}\n");
    println!("{}", Score::HEADING);
    let mut wrong = 0;
    let mut costs = score::Costs::default();
    let mut estimates = estimates::Estimates::default();
    let mut several = several::Several::default();
    for family in families {
        for waiter in Waiter::ALL {
            let mut score = Score::default();
            for seed in seeds.iter().flat_map(|seed| (0..rollouts).map(|number| u64::from(*seed) << 32 | number)) {
                // The same rollout twice: one to read, and one to find out when it will have been ready.
                let worlds = (family.world(seed)?, family.world(seed)?);
                let ending = waiter.wait(worlds, seed, &mut estimates)?;
                if waiter == Waiter::WithBaseline && !family.is_combination() {
                    several.add(&ending);
                }
                score.add(&ending);
            }
            println!("{}", score.row(family.name(), waiter.name()));
            costs.add(family, waiter, &score);
            wrong += score.forbidden(family, waiter);
        }
        println!();
    }
    println!("{}", costs.report());
    println!("{}", estimates.report());
    println!("{}", several.report());
    wrong += several.false_ready();
    anyhow::ensure!(
        wrong == 0,
        "{wrong} outcomes are false: with a baseline none may be, and at most 1 % where two problems combine; without \
         one only those that say \"assumed\""
    );
    Ok(())
}
