//! `clanforge demo`

use std::time::Duration;

use clanforge::monitor::Policy;
use clanforge::{Client, Credentials, ImageRef};
use clanforge_simulator::command::find;
use clanforge_simulator::{Identity, Options, Simulator};
use clap::Args;

use crate::commands::WaitFormat;
use crate::commands::wait::{Ended, Waiting};
use crate::exit::{Exit, Failure};
use crate::options::connection::runtime;
use crate::terminal::progress::Progress;
use crate::terminal::signals::Signals;
use crate::terminal::streams::Streams;

#[derive(Args)]
pub(crate) struct DemoArguments {
    /// What to play: the name of a scenario that ships, or a scenario file
    #[arg(long, value_name = "NAME|FILE", default_value = "happy")]
    scenario: String,

    /// How many times faster than the clock the rollout runs, and is waited for
    #[arg(long, value_name = "N", default_value_t = 120.0)]
    speed: f64,
}

/// The image that the demo waits for; the simulator knows every one.
const IMAGE: ImageRef = ImageRef::new(1234, 5678);

/// In logs, a line at most this often, and one this often where nothing changes.
const LINE_GAP: Duration = Duration::from_millis(250);
const HEARTBEAT: Duration = Duration::from_secs(5);

/// The longest pause between readings, in the rollout's time: often enough to see it move.
const LONGEST_INTERVAL: Duration = Duration::from_secs(30);

pub(crate) fn run(arguments: &DemoArguments, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let scenario = find(&arguments.scenario).map_err(Failure::usage)?;
    let description = scenario.description.clone();
    let simulator = Simulator::start(Options::new(scenario).speed(arguments.speed))?;
    streams.message(&format!("{description}; {} times faster\n", arguments.speed))?;
    let Identity { access_key, secret_key, .. } = simulator.identity();
    let credentials = Credentials::basic(access_key, secret_key);
    let client = Client::builder().base_url(simulator.url()).credentials(credentials).build()?;
    let progress = match streams.draws() {
        true => Progress::drawn(IMAGE),
        false => Progress::lines(LINE_GAP, HEARTBEAT),
    };
    let mut waiting = Waiting { format: WaitFormat::Text, progress, recorder: None, has_started: false };
    let mut signals = Signals::listen()?;
    let ended = runtime()?.block_on(async {
        // Before the rollout has started, as a deploy script does it.
        let baseline = client.baseline(IMAGE).await.ok();
        let call = client.wait(IMAGE).policy(policy(arguments.speed)).detail(true);
        waiting
            .wait(
                match baseline {
                    Some(baseline) => call.baseline(baseline),
                    None => call,
                },
                &mut signals,
                streams,
            )
            .await
    })?;
    Ok(match ended {
        Ended::Outcome(outcome) => Exit::of_outcome(outcome.kind),
        Ended::Stopped(exit) => exit,
    })
}

/// Returns the default policy, as many times faster, with a grace that every scenario starts within.
fn policy(speed: f64) -> Policy {
    let faster = |duration: Duration| duration.div_f64(speed).max(Duration::from_millis(5));
    let mut policy = Policy::default();
    policy.timeout = policy.timeout.map(faster);
    policy.start_grace = Some(faster(Duration::from_secs(15 * 60)));
    policy.stall_timeout = faster(policy.stall_timeout);
    policy.max_unreachable = faster(policy.max_unreachable);
    policy.min_interval = faster(policy.min_interval);
    policy.max_interval = faster(LONGEST_INTERVAL).max(policy.min_interval);
    policy
}
