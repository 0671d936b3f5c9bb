//! The project's own commands. `cargo xtask --help` lists them.

mod accuracy;
mod api;
mod bench;
mod check;
mod contract;
mod dist;
mod fuzz;
mod generate;
mod languages;
mod pages;
mod pipelines;
mod project;
mod repeat;
mod site;
mod soak;
mod suite;
mod test;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use project::Project;

#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Subcommand)]
enum Command {
    /// Run the tests of every language, and compare the public APIs with their snapshots
    Test {
        /// Run only these; by default all
        #[arg(value_enum, conflicts_with = "repeat")]
        parts: Vec<test::Part>,
        /// Build once, and run the tests this many times on a loaded machine; an interrupted run continues
        #[arg(long, value_name = "ROUNDS", value_parser = clap::value_parser!(u32).range(1..))]
        repeat: Option<u32>,
    },
    /// Check formatting, lints, documentation, purity of the core, dependencies, and generated files
    Check,
    /// Write the files that are generated from the code
    Generate {
        /// Fail if a file is stale, and write nothing; `cargo xtask test` compares the snapshots of the APIs
        #[arg(long)]
        check: bool,
        /// Write only the schemas, and the code and pages that are generated from them
        #[arg(long, conflicts_with = "check")]
        code: bool,
    },
    /// Measure the accuracy of waiting over thousands of rollouts in virtual time
    Accuracy {
        /// Arguments of the harness; `--help` lists them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Search for input that violates a property, starting from the seeds
    Fuzz {
        /// How long each target runs
        #[arg(long, default_value_t = 60)]
        seconds: u32,
        /// Defaults to all targets
        #[arg(value_enum)]
        target: Option<fuzz::Target>,
    },
    /// Send a million requests through faults, hold ten thousand waits, and watch memory and descriptors
    Soak {
        /// How many requests are sent
        #[arg(long)]
        requests: Option<u64>,
        /// How many waits are open at the same time
        #[arg(long)]
        waits: Option<u64>,
        /// The time limit of the whole run
        #[arg(long)]
        seconds: Option<u64>,
    },
    /// Build what is published: archives, wheels, npm packages, crates
    Dist(dist::Arguments),
    /// Build the site, check its links, and check its pages in a browser
    Site,
    /// Build the library for Kotlin, Ruby and Swift, and generate their bindings
    Uniffi,
    /// Measure the project side by side with its rivals
    Bench {
        /// What is measured
        #[arg(value_enum)]
        subject: bench::Subject,
    },
}

#[allow(clippy::print_stderr)]
fn main() -> ExitCode {
    let Arguments { command } = Arguments::parse();
    match run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", project::describe(&error));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    let project = Project::open()?;
    match command {
        Command::Test { parts, repeat: None } => test::run(&project, &parts),
        Command::Test { repeat: Some(rounds), .. } => repeat::run(&project, rounds),
        Command::Check => check::run(&project),
        Command::Generate { check: true, .. } => generate::check(&project),
        Command::Generate { code: true, .. } => generate::code(&project),
        Command::Generate { .. } => generate::write(&project),
        Command::Accuracy { arguments } => accuracy::run(&project.shell, &arguments),
        Command::Fuzz { seconds, target } => fuzz::run(&project, seconds, target),
        Command::Soak { requests, waits, seconds } => {
            soak::run(&project.shell, &[("--requests", requests), ("--waits", waits), ("--seconds", seconds)])
        }
        Command::Dist(arguments) => dist::run(&project, &arguments),
        Command::Site => site::run(&project),
        Command::Uniffi => languages::uniffi::prepare(&project),
        Command::Bench { subject } => bench::run(&project, subject),
    }
}
