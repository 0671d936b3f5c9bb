//! The `simulate` command, which runs a simulator until it is interrupted.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use clanforge_core::recording::{self, Recording};
use clap::Args;

use crate::identity::Identity;
use crate::scenario::{InvalidScenario, Scenario};
use crate::simulator::{Options, Simulator, StartError};
use crate::text_file;

/// Arguments of `simulate`, which serves a simulated service on a loopback port until it is interrupted.
#[derive(Clone, Debug, Args)]
pub struct SimulateArgs {
    /// Built-in scenario, or scenario file; IMAGE=NAME or IMAGE=FILE for one image ID, repeatable
    #[arg(long, value_name = "NAME|FILE", default_value = "happy")]
    pub scenario: Vec<String>,

    /// Serve the waits that `wait --record` wrote to a file, instead of a scenario, each for its image ID
    #[arg(long, value_name = "FILE", conflicts_with = "scenario")]
    pub recording: Option<PathBuf>,

    /// How many times faster than real time the clock runs, to watch a wait; without it, waits skip time
    #[arg(long, value_name = "N")]
    pub speed: Option<f64>,

    /// Address to listen on; any address other than loopback requires --allow-remote
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub bind: IpAddr,

    /// Let other machines use the simulator, and control it
    #[arg(long)]
    pub allow_remote: bool,

    /// Port; 0 for a free port
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
    /// Returns the options of a simulator with these arguments, and the warnings about a recording.
    ///
    /// # Errors
    /// [`InvalidScenario`] that names the scenario, if it is not found or invalid.
    pub fn options(&self) -> Result<(Options, Vec<String>), InvalidScenario> {
        let identity = Identity { account_service_id: self.asid, image_id: self.image, ..Identity::default() };
        let (options, warnings) = match &self.recording {
            Some(file) => recorded(file)?,
            None => (scenarios(&self.scenario)?, Vec::new()),
        };
        let options = options.bind(self.bind, self.allow_remote).port(self.port).identity(identity);
        Ok((self.speed.into_iter().fold(options, Options::speed), warnings))
    }
}

/// Returns the options for scenarios, of which `IMAGE=SCENARIO` is for one image.
fn scenarios(texts: &[String]) -> Result<Options, InvalidScenario> {
    let (mut others, mut images) = (Scenario::builtin("happy")?, Vec::new());
    for text in texts {
        match text.split_once('=').and_then(|(image, scenario)| Some((image.parse().ok()?, scenario))) {
            Some((image_id, scenario)) => images.push((image_id, find(scenario)?)),
            None => others = find(text)?,
        }
    }
    Ok(images.into_iter().fold(Options::new(others), |options, (image_id, scenario)| options.image(image_id, scenario)))
}

/// Returns the options for the waits in a file, and a sentence about each of its lines that is incomplete. Images without a wait
/// have the scenario of the first.
///
/// # Errors
/// [`InvalidScenario`] that names the file, if it is not a recording.
pub fn recorded(file: &Path) -> Result<(Options, Vec<String>), InvalidScenario> {
    let name = file.display();
    let text = text_file::read(file).map_err(|error| InvalidScenario(format!("{name} cannot be read: {error}")))?;
    let Recording { waits, warnings } =
        recording::parse(&text).map_err(|error| InvalidScenario(format!("{name}: {error}")))?;
    let others =
        waits.first().cloned().map_or_else(|| Scenario::builtin("happy"), |wait| Ok(Scenario::of_recording(wait)))?;
    let images = waits.into_iter().map(|wait| (wait.header.image.image_id, Scenario::of_recording(wait)));
    let warnings = warnings.into_iter().map(|warning| format!("{name}: {warning}")).collect();
    let options = images.fold(Options::new(others), |options, (image_id, scenario)| options.image(image_id, scenario));
    Ok((options, warnings))
}

/// Starts a simulator with these arguments, and returns it with a text for people: the warnings about a recording, and
/// how to use the simulator.
///
/// # Errors
/// [`StartError`] if the scenario or the speed is invalid or the port is taken.
pub fn start(arguments: &SimulateArgs) -> Result<(Simulator, String), StartError> {
    let (options, warnings) = arguments.options()?;
    let scenario = options.scenario().clone();
    let simulator = Simulator::start(options)?;
    let warnings = warnings.iter().fold(String::new(), |lines, warning| format!("{lines}warning: {warning}\n"));
    let introduction = warnings + &introduction(&simulator, &scenario);
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
         Set these variables for a client; with CLANFORGE_SIMULATION, a wait skips time instead of sleeping:\n\n  \
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
