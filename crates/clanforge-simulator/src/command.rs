//! The `simulate` command: a simulator until it is interrupted.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use clap::Args;

use crate::scenario::{InvalidScenario, Scenario};
use crate::simulator::{Identity, Options, Simulator, StartError};

/// Plays the service on a loopback port until it is interrupted.
#[derive(Clone, Debug, Args)]
pub struct SimulateArgs {
    /// What to play: the name of a scenario that ships, or a scenario file
    #[arg(long, value_name = "NAME|FILE", default_value = "happy")]
    pub scenario: String,

    /// How many times faster than the clock the rollout runs
    #[arg(long, value_name = "N", default_value_t = 1.0)]
    pub speed: f64,

    /// The port on 127.0.0.1; 0 lets the system choose one
    #[arg(long, value_name = "P", default_value_t = 0)]
    pub port: u16,

    /// The only account service ID that is known [default: every one]
    #[arg(long, value_name = "N")]
    pub asid: Option<u64>,

    /// The only image ID that is known [default: every one]
    #[arg(long, value_name = "N")]
    pub image: Option<u64>,

    /// List the scenarios that ship, and play none
    #[arg(long)]
    pub list: bool,
}

impl SimulateArgs {
    /// Returns the options that the arguments stand for.
    ///
    /// # Errors
    /// [`InvalidScenario`] that names the scenario where it can neither be found nor played.
    pub fn options(&self) -> Result<Options, InvalidScenario> {
        let identity = Identity { account_service_id: self.asid, image_id: self.image, ..Identity::default() };
        Ok(Options::new(find(&self.scenario)?).speed(self.speed).port(self.port).identity(identity))
    }
}

/// Starts the simulator that the arguments stand for, and returns with it what a person needs to know to use it.
///
/// # Errors
/// [`StartError`] where the scenario or the speed cannot be played or the port cannot be had.
pub fn start(arguments: &SimulateArgs) -> Result<(Simulator, String), StartError> {
    let options = arguments.options()?;
    let scenario = options.scenario().clone();
    let simulator = Simulator::start(options)?;
    let introduction = introduction(&simulator, &scenario);
    Ok((simulator, introduction))
}

/// Returns a scenario by the name of one that ships or by its file: a name has neither a slash nor a dot.
///
/// # Errors
/// [`InvalidScenario`] that names the scenario where it can neither be found nor played.
pub fn find(name_or_file: &str) -> Result<Scenario, InvalidScenario> {
    if !name_or_file.contains(['/', '\\', '.']) {
        return Scenario::builtin(name_or_file);
    }
    let text = fs::read_to_string(Path::new(name_or_file))
        .map_err(|error| InvalidScenario(format!("{name_or_file} cannot be read: {error}")))?;
    text.parse().map_err(|InvalidScenario(problem)| InvalidScenario(format!("{name_or_file}: {problem}")))
}

/// Returns the scenarios that ship, a line each: name and description.
pub fn list() -> String {
    Scenario::builtin_names().fold(String::new(), |mut list, name| {
        let description = Scenario::builtin(name).map(|scenario| scenario.description).unwrap_or_default();
        // Writing to a text does not fail.
        let _ = writeln!(list, "{name:<16} {description}");
        list
    })
}

/// Returns what a person needs to know to use a simulator: the environment of a client and a request by hand.
fn introduction(simulator: &Simulator, scenario: &Scenario) -> String {
    let url = simulator.url();
    let Identity { access_key, secret_key, account_service_id, image_id, .. } = simulator.identity();
    let (account_service_id, image_id) = (account_service_id.unwrap_or(1234), image_id.unwrap_or(5678));
    format!(
        "{description}\n\n\
         The rollout's clock starts with the first request. Point a client at it:\n\n  \
           export CLANFORGE_BASE_URL={url}\n  \
           export CLANFORGE_ACCESS_KEY={access_key}\n  \
           export CLANFORGE_SECRET_KEY={secret_key}\n  \
           clanforge status --asid {account_service_id} --image {image_id} --detail\n\n\
         or look by hand:\n\n  \
           curl -u {access_key}:{secret_key} '{url}/cfp/v2/project/{account_service_id}/image/{image_id}/status?detail=true'\n",
        description = scenario.description,
    )
}
