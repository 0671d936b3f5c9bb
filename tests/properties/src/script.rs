//! Waits encoded in a few bytes, so that any bytes are a wait.
//!
//! | Bytes | Meaning |
//! | --- | --- |
//! | 13 | the policy, see [`Script::policy`] |
//! | 3 | the baseline's pending, failed and completed machines, if the policy's flags ask for one |
//! | 5 each | readings: poll interval, kind, and three counts or how long the service asks to wait |

use std::time::Duration;

use clanforge_core::monitor::{Policy, ReadFailure, Reading};
use clanforge_core::{ErrorKind, FleetStatus, Gate, ImageStatus, Limit, MachineCounts, Per, Percentage, RegionStatus};

use crate::waiting;

/// The most readings of a wait: fuzzing does not find what takes more.
const MOST_READINGS: usize = 60;

/// Runs the wait that these bytes encode, and returns how it ended.
pub fn script(bytes: &[u8]) -> &'static str {
    let mut script = Script(bytes);
    let (policy, has_baseline) = script.policy();
    let baseline = has_baseline.then(|| {
        let counts = [script.byte(), script.byte(), script.byte()];
        status(counts, policy.gate.needs_detail())
    });
    let readings: Vec<_> = std::iter::from_fn(|| script.reading()).take(MOST_READINGS).collect();
    waiting(&policy, baseline.as_ref(), readings)
}

/// The bytes that are left.
struct Script<'a>(&'a [u8]);

impl Script<'_> {
    /// Reads flags, gate and times, and returns the policy and whether it has a baseline.
    fn policy(&mut self) -> (Policy, bool) {
        let flags = self.byte();
        let has = |flag: u8| flags & (1 << flag) != 0;
        let per = [Per::Total, Per::Fleet, Per::Region, Per::Total][usize::from(flags >> 6)];
        let mut policy = Policy::default();
        (policy.require_fresh, policy.fail_fast) = (has(1), has(3));
        policy.confirmations = u32::from(self.byte() % 4) + 1;
        policy.gate = Gate::default().per(per).max_pending(self.limit()).max_failed(self.limit());
        policy.gate = policy.gate.min_completed(u64::from(self.byte()));
        policy.evidence = Percentage::new(u32::from(self.byte() % 100) + 1).expect("at most 100");
        policy.timeout = Some(self.seconds(30)).filter(|_| has(4));
        policy.start_grace = Some(self.seconds(5)).filter(|_| has(5));
        policy.stall_timeout = self.seconds(10);
        policy.max_unreachable = self.seconds(4);
        policy.min_interval = self.seconds(1);
        policy.max_interval = policy.min_interval + self.seconds(1);
        if self.byte() & 1 != 0 {
            policy.gate = policy.gate.region("Europe");
        }
        (policy, has(0))
    }

    /// Reads the next poll interval and reading; `None` at the end.
    fn reading(&mut self) -> Option<(Duration, Reading)> {
        let [pause, kind, first, second, third, rest @ ..] = self.0 else { return None };
        self.0 = rest;
        // In seconds up to three minutes, then in steps of 200 seconds.
        let pause = match *pause {
            seconds @ 0..200 => Duration::from_secs(seconds.into()),
            steps => Duration::from_secs(u64::from(steps - 199) * 200),
        };
        let reading = match *kind {
            0..100 => Reading::Status(status([*first, *second, *third], false)),
            100..200 => Reading::Status(status([*first, *second, *third], true)),
            error => Reading::Failed(ReadFailure {
                kind: ErrorKind::ALL[usize::from(error) % ErrorKind::ALL.len()],
                message: "it failed".to_owned(),
                status: None,
                retry_after: (*first > 0).then(|| Duration::from_secs(u64::from(*first) * u64::from(*second))),
                service_message: (second % 2 == 0).then(|| "it failed".to_owned()),
            }),
        };
        Some((pause, reading))
    }

    /// Reads a limit: a count, or a share.
    fn limit(&mut self) -> Limit {
        match self.byte() {
            machines @ 0..128 => Limit::Count(machines.into()),
            share => Limit::percent(u32::from(share - 128).min(100)).expect("at most 100"),
        }
    }

    /// Reads a time of at least a second.
    fn seconds(&mut self, unit: u64) -> Duration {
        Duration::from_secs(u64::from(self.byte()) * unit + 1)
    }

    /// Reads a byte, or 0 if none is left.
    fn byte(&mut self) -> u8 {
        match self.0 {
            [first, rest @ ..] => {
                self.0 = rest;
                *first
            }
            [] => 0,
        }
    }
}

/// Returns a status of these pending, failed and completed machines: with detail, a third of them in Asia and the rest
/// in Europe.
fn status(machines: [u8; 3], detail: bool) -> ImageStatus {
    let counts = |machines: [u8; 3]| {
        let [pending, failed, completed] = machines.map(u64::from);
        MachineCounts::new(pending, failed, completed).expect("small counts fit")
    };
    if !detail {
        return ImageStatus::new(counts(machines));
    }
    let in_asia = machines.map(|machines| machines / 3);
    let in_europe = [0, 1, 2].map(|index| machines[index] - in_asia[index]);
    let regions = vec![
        RegionStatus::new("region-1", "Europe", counts(in_europe)),
        RegionStatus::new("region-2", "Asia", counts(in_asia)),
    ];
    let fleet = FleetStatus::new("fleet-1", counts(machines), regions).expect("its ids differ");
    ImageStatus::with_fleets(counts(machines), vec![fleet]).expect("its ids differ")
}
