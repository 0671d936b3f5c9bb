//! `clanforge demo`

use std::time::Duration;

use clanforge::monitor::Policy;
use clanforge::{Client, Credentials, ImageRef};
use clanforge_simulator::command::find;
use clanforge_simulator::{Identity, Options, Simulator};
use clap::Args;

use crate::failure::Failure;
use crate::options::output::WaitFormat;
use crate::runtime::block_on;
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

/// The least time between two lines of plain progress, and the longest time without one.
const LINE_GAP: Duration = Duration::from_millis(250);
const HEARTBEAT: Duration = Duration::from_secs(5);

/// The maximum poll interval, in the time of the rollout: short enough to see it move.
const MAX_INTERVAL: Duration = Duration::from_secs(30);

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
    let scenario = find(&arguments.scenario).map_err(Failure::usage)?;
    let description = scenario.description.clone();
    let simulator = Simulator::start(Options::new(scenario).speed(arguments.speed))?;
    streams.write_message(&format!("{description}; {} times faster\n", arguments.speed));
    let Identity { access_key, secret_key, .. } = simulator.identity();
    let credentials = Credentials::basic(access_key, secret_key);
    let client = Client::builder().base_url(simulator.url()).credentials(credentials).build()?;
    let progress = match streams.can_redraw_stderr() {
        true => Progress::live(IMAGE),
        false => Progress::plain(LINE_GAP, HEARTBEAT),
    };
    let mut session = WaitSession::new(WaitFormat::Text, progress, None)?;
    block_on(async {
        // Before the rollout starts, as a deploy script does it.
        let baseline = client.baseline(IMAGE).await.ok();
        let call = client.wait(IMAGE).policy(policy(arguments.speed)).detail(true);
        let call = match baseline {
            Some(baseline) => call.baseline(baseline),
            None => call,
        };
        session.run(call, streams).await
    })
}

/// Returns the default policy, sped up as the rollout is, with a start grace that every scenario starts within.
fn policy(speed: f64) -> Policy {
    let faster = |duration: Duration| duration.div_f64(speed).max(Duration::from_millis(5));
    let mut policy = Policy::default();
    policy.timeout = policy.timeout.map(faster);
    policy.start_grace = Some(faster(Duration::from_secs(15 * 60)));
    policy.stall_timeout = faster(policy.stall_timeout);
    policy.settle = faster(policy.settle);
    policy.max_unreachable = faster(policy.max_unreachable);
    policy.min_interval = faster(policy.min_interval);
    policy.max_interval = faster(MAX_INTERVAL).max(policy.min_interval);
    policy
}
