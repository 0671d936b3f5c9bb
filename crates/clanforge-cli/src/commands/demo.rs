//! `clanforge demo`

use std::time::Duration;

use clanforge::monitor::Policy;
use clanforge::{Client, ImageRef};
use clanforge_simulator::command::find;
use clanforge_simulator::{Options, Simulator};
use clap::Args;

use crate::failure::Failure;
use crate::options::output::WaitFormat;
use crate::runtime::block_on;
use crate::terminal::ci::Ci;
use crate::terminal::progress::Progress;
use crate::terminal::streams::Streams;
use crate::wait_session::WaitSession;
use clanforge::ExitCode;

pub(super) const EXAMPLES: &str = "Examples:
  clanforge demo
  clanforge demo --scenario failures-stay";

#[derive(Args)]
pub(crate) struct Arguments {
    /// Scenario to simulate: a built-in name (see `clanforge simulate --list`) or a scenario file
    #[arg(long, value_name = "NAME|FILE", default_value = "happy")]
    scenario: String,

    /// How many times faster than real time the rollout runs
    #[arg(long, value_name = "N", default_value_t = 120.0)]
    speed: f64,
}

/// Any image: the simulator serves every one.
const IMAGE: ImageRef = ImageRef::new(1234, 5678);

/// The least time between two lines of plain progress, and the longest time without one, in the time of the rollout.
const LINE_GAP: Duration = Duration::from_secs(30);
const HEARTBEAT: Duration = Duration::from_secs(10 * 60);

const START_GRACE: Duration = Duration::from_secs(15 * 60);

/// The maximum poll interval: short enough to see the rollout move.
const MAX_INTERVAL: Duration = Duration::from_secs(30);

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
    let scenario = find(&arguments.scenario).map_err(Failure::usage)?;
    let description = scenario.description.clone();
    let simulator = Simulator::start(Options::new(scenario).speed(arguments.speed))?;
    streams.write_message(&format!("{description}; {} times faster\n", arguments.speed));
    let client = Client::builder().from_variables(simulator.environment()).build()?;
    let progress = match streams.can_redraw_stderr() {
        true => Progress::live(&[IMAGE]),
        false => Progress::plain(&[IMAGE], LINE_GAP, HEARTBEAT),
    };
    let mut ci = Ci::default();
    let mut session = WaitSession::new(WaitFormat::Text, progress, &mut ci)?;
    block_on(async {
        // Before the rollout starts, as a deploy script does it.
        let baseline = client.baseline(IMAGE).await.ok();
        let call = client.wait_all([IMAGE]).policy(policy()).detail(true).baselines(baseline);
        session.run(call, streams).await
    })
}

/// Returns the default policy with a start grace that every scenario starts within.
fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.start_grace = Some(START_GRACE);
    policy.max_interval = MAX_INTERVAL;
    policy
}
