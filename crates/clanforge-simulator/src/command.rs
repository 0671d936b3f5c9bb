//! The `simulate` command: a simulator until it is interrupted.

use std::fmt::Write as _;
use std::path::Path;

use clap::Args;

use crate::identity::Identity;
use crate::scenario::{InvalidScenario, Scenario};
use crate::simulator::{Options, Simulator, StartError};
use crate::text_file;

/// Arguments of `simulate`, which serves a simulated service on a loopback port until it is interrupted.
#[derive(Clone, Debug, Args)]
pub struct SimulateArgs {
    /// Built-in scenario, or scenario file
    #[arg(long, value_name = "NAME|FILE", default_value = "happy")]
    pub scenario: String,

    /// How many times faster than real time the clock runs, to watch a wait [default: 1, until a wait skips time]
    #[arg(long, value_name = "N")]
    pub speed: Option<f64>,

    /// Port on 127.0.0.1; 0 for a free port
    #[arg(long, value_name = "P", default_value_t = 0)]
    pub port: u16,

    /// Only account service ID to serve; others get HTTP 403 [default: any]
    #[arg(long, value_name = "N")]
    pub asid: Option<u64>,

    /// Only image ID to serve; others get HTTP 404 [default: any]
    #[arg(long, value_name = "N")]
    pub image: Option<u64>,

    /// List the built-in scenarios and exit
    #[arg(long)]
    pub list: bool,
}

impl SimulateArgs {
    /// Returns the options that the arguments stand for.
    ///
    /// # Errors
    /// [`InvalidScenario`] that names the scenario, if it is not found or invalid.
    pub fn options(&self) -> Result<Options, InvalidScenario> {
        let identity = Identity { account_service_id: self.asid, image_id: self.image, ..Identity::default() };
        let options = Options::new(find(&self.scenario)?).port(self.port).identity(identity);
        Ok(self.speed.into_iter().fold(options, Options::speed))
    }
}

/// Starts the simulator that the arguments stand for; returns with it how to use it, as a text for people.
///
/// # Errors
/// [`StartError`] if the scenario or the speed is invalid or the port is taken.
pub fn start(arguments: &SimulateArgs) -> Result<(Simulator, String), StartError> {
    let options = arguments.options()?;
    let scenario = options.scenario().clone();
    let simulator = Simulator::start(options)?;
    let introduction = introduction(&simulator, &scenario);
    Ok((simulator, introduction))
}

/// Returns a built-in scenario by its name, or a scenario from its file: a name has neither a slash nor a dot.
///
/// # Errors
/// [`InvalidScenario`] that names the scenario, if it is not found or invalid.
pub fn find(name_or_file: &str) -> Result<Scenario, InvalidScenario> {
    if !name_or_file.contains(['/', '\\', '.']) {
        return Scenario::builtin(name_or_file);
    }
    let text = text_file::read(Path::new(name_or_file))
        .map_err(|error| InvalidScenario(format!("{name_or_file} cannot be read: {error}")))?;
    text.parse().map_err(|InvalidScenario(problem)| InvalidScenario(format!("{name_or_file}: {problem}")))
}

/// Returns the built-in scenarios, a line each: name and description.
pub fn list() -> String {
    Scenario::builtin_names().fold(String::new(), |mut list, name| {
        let description = Scenario::builtin(name).map(|scenario| scenario.description).unwrap_or_default();
        // Writing to a string does not fail.
        let _ = writeln!(list, "{name:<16} {description}");
        list
    })
}

/// Returns how to use a simulator: the environment of a client, and a request with curl.
fn introduction(simulator: &Simulator, scenario: &Scenario) -> String {
    let url = simulator.url();
    let Identity { access_key, secret_key, account_service_id, image_id, .. } = simulator.identity();
    let (account_service_id, image_id) = (account_service_id.unwrap_or(1234), image_id.unwrap_or(5678));
    format!(
        "{description}\n\n\
         The rollout starts with the first request after the baseline. Point a client at it:\n\n  \
           export CLANFORGE_SIMULATION={simulation}\n  \
           export CLANFORGE_BASE_URL={url}\n  \
           export CLANFORGE_ACCESS_KEY={access_key}\n  \
           export CLANFORGE_SECRET_KEY={secret_key}\n  \
           clanforge status --asid {account_service_id} --image {image_id} --detail\n\n\
         or send a request with curl:\n\n  \
           curl -u {access_key}:{secret_key} '{url}/cfp/v2/project/{account_service_id}/image/{image_id}/status?detail=true'\n",
        description = scenario.description,
        simulation = simulator.simulation_url(),
    )
}
