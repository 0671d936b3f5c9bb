//! `clanforge demo`

use std::time::Duration;

use clanforge::blocking::Client;
use clanforge::{Credentials, Gate, ImageRef, ImageStatus, Verdict};
use clanforge_simulator::command::find;
use clanforge_simulator::{Identity, Options, Simulator};
use clap::Args;

use crate::exit::{Exit, Failure};
use crate::paint::Paint;
use crate::report::{counts_line, lagging_first};
use crate::streams::Streams;

#[derive(Args)]
pub(crate) struct DemoArguments {
    /// What to play: the name of a scenario that ships, or a scenario file
    #[arg(long, value_name = "NAME|FILE", default_value = "happy")]
    scenario: String,

    /// How many times faster than the clock the rollout runs
    #[arg(long, value_name = "N", default_value_t = 120.0)]
    speed: f64,
}

/// The image that the demo asks for; the simulator knows every one.
const IMAGE: ImageRef = ImageRef::new(1234, 5678);

/// How often the demo reads, by the clock.
const INTERVAL: Duration = Duration::from_millis(250);

/// How long a rollout may take to start, and how long it may take in all, in its own time.
const START_GRACE: Duration = Duration::from_secs(15 * 60);
const TIMEOUT: Duration = Duration::from_secs(60 * 60);

pub(crate) fn run(arguments: &DemoArguments, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let scenario = find(&arguments.scenario).map_err(Failure::usage)?;
    streams.message(&format!("{}, {} times faster\n", scenario.description, arguments.speed))?;
    let simulator = Simulator::start(Options::new(scenario).speed(arguments.speed))?;
    let Identity { access_key, secret_key, .. } = simulator.identity();
    let builder = clanforge::Client::builder().base_url(simulator.url());
    let client = Client::new(builder.credentials(Credentials::basic(access_key, secret_key)))?;
    let mut picture = Picture::default();
    let mut progress = Progress::default();
    loop {
        match client.image_status(IMAGE).detail(true).send() {
            Ok(status) => {
                let verdict = Gate::default().evaluate(&status);
                let phase = progress.observe(&status, &verdict, simulator.rollout_time());
                picture.show(streams, &simulator, &status, phase)?;
                if let Phase::Over(exit, sentence) = phase {
                    let sentence = sentence.unwrap_or_else(|| verdict.reason());
                    streams.data(&format!("{sentence}\n"))?;
                    return Ok(exit);
                }
            }
            Err(error) if simulator.rollout_time() > TIMEOUT => return Err(error.into()),
            Err(error) => picture.interrupt(streams, &format!("{error}\n"))?,
        }
        std::thread::sleep(INTERVAL);
    }
}

/// Where a rollout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The counts are those of the previous version.
    Stale,
    Installing,
    /// It ended so, with the verdict's sentence or this one.
    Over(Exit, Option<&'static str>),
}

/// What was seen so far: the machines before the start, and whether they were seen without the new version.
#[derive(Default)]
struct Progress {
    completed_before: Option<u64>,
    has_started: bool,
}

impl Progress {
    fn observe(&mut self, status: &ImageStatus, verdict: &Verdict, moment: Duration) -> Phase {
        let before = *self.completed_before.get_or_insert(status.completed_machines());
        self.has_started |= status.completed_machines() <= before / 2 && status.pending_machines() > 0;
        if !self.has_started {
            return match moment > START_GRACE {
                true => {
                    Phase::Over(Exit::NotStarted, Some("not started: the counts are those of the previous version"))
                }
                false => Phase::Stale,
            };
        }
        if verdict.is_ready() {
            Phase::Over(Exit::Ready, None)
        } else if status.pending_machines() == 0 {
            Phase::Over(Exit::of_verdict(verdict, status), None)
        } else if moment > TIMEOUT {
            Phase::Over(Exit::TimedOut, None)
        } else {
            Phase::Installing
        }
    }
}

/// What is on the screen: redrawn on a terminal, a line for each change elsewhere.
#[derive(Default)]
struct Picture {
    lines_drawn: usize,
    last: Option<ImageStatus>,
}

impl Picture {
    fn show(
        &mut self,
        streams: &mut Streams<'_>,
        simulator: &Simulator,
        status: &ImageStatus,
        phase: Phase,
    ) -> Result<(), Failure> {
        let minutes = simulator.rollout_time().as_secs() / 60;
        let seconds = simulator.rollout_time().as_secs() % 60;
        let note = if phase == Phase::Stale { "  (of the previous version: the rollout has not started)" } else { "" };
        let line = format!("{minutes:>3}:{seconds:02}  {}{note}", counts_line(status));
        let has_changed = self.last.as_ref() != Some(status);
        self.last = Some(status.clone());
        if streams.draws() {
            let lines: Vec<_> = [line].into_iter().chain(bars(status, streams.message_paint())).collect();
            let text = format!("{}{}\n", self.erased(), lines.join("\n"));
            self.lines_drawn = lines.len();
            streams.message(&text)?;
        } else if has_changed {
            streams.message(&format!("{line}\n"))?;
        }
        Ok(())
    }

    fn interrupt(&mut self, streams: &mut Streams<'_>, text: &str) -> Result<(), Failure> {
        let text = format!("{}{text}", self.erased());
        self.lines_drawn = 0;
        Ok(streams.message(&text)?)
    }

    /// Returns what takes the cursor back to the first line that was drawn, and clears from there.
    fn erased(&self) -> String {
        match self.lines_drawn {
            0 => String::new(),
            lines => format!("\u{1b}[{lines}A\u{1b}[J"),
        }
    }
}

/// Returns a bar for each region, the region that lags most first.
fn bars(status: &ImageStatus, paint: Paint) -> Vec<String> {
    let rows = lagging_first(status).unwrap_or_default();
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
    let bar = |completed: u64, total: u64| {
        let filled = usize::try_from((completed * 30).checked_div(total).unwrap_or(0)).unwrap_or(30);
        format!("{}{}", paint.good(&"█".repeat(filled)), "░".repeat(30 - filled))
    };
    let line = |row: &clanforge::RegionRow<'_>| {
        let (completed, total) = (row.counts.completed_machines(), row.counts.total_machines());
        format!("  {:<width$}  {}  {completed}/{total}", row.name, bar(completed, total))
    };
    rows.iter().map(line).collect()
}
