//! Properties of scenario files, and of their rollouts.

use std::time::Duration;

use clanforge_simulator::{Rollout, Scenario, When};

use crate::status;

/// The most machines of a scenario that is simulated here: a million would take too long.
const MOST_MACHINES: u64 = 300;

/// The most moments at which a rollout is checked.
const MOST_MOMENTS: usize = 60;

/// Checks that a file is a scenario that can be simulated, or is rejected with a reason.
pub fn scenario(file: &[u8]) -> &'static str {
    let Ok(text) = str::from_utf8(file) else { return "not text" };
    let scenario = match text.parse::<Scenario>() {
        Ok(scenario) => scenario,
        Err(error) => {
            let text = error.to_string();
            assert!(text.strip_prefix("invalid scenario: ").is_some_and(|reason| !reason.trim().is_empty()), "{text}");
            return "error";
        }
    };
    assert_eq!(scenario.validate(), Ok(()), "a decoded scenario is valid");
    for fault in &scenario.faults {
        // No moment may overflow.
        fault.applies(When { rollout: Duration::MAX, request: u64::MAX });
    }
    let regions = || scenario.fleets.iter().flat_map(|fleet| &fleet.regions);
    let scaled = regions().flat_map(|region| &region.scaling).map(|step| step.machines);
    let machines = regions().map(|region| region.machines).chain(scaled).fold(0, u64::saturating_add);
    if scenario.rollout.is_none() {
        assert!(!scenario.responses.is_empty(), "a scenario without a rollout has responses");
        return "responses";
    }
    if machines > MOST_MACHINES {
        return "large rollout";
    }
    assert_eq!(simulate(&scenario), simulate(&scenario), "the same seed gives the same rollout");
    "rollout"
}

/// Simulates a rollout, and returns the status at each of its first moments.
fn simulate(scenario: &Scenario) -> Vec<String> {
    let mut rollout = Rollout::new(scenario).expect("it is valid").expect("it has a rollout");
    let mut now = Duration::ZERO;
    let mut seen = Vec::new();
    for _ in 0..MOST_MOMENTS {
        let reading = rollout.status(true);
        status(&reading);
        assert_eq!(reading.mismatches(), Some(Vec::new()), "the totals are the sums of their parts");
        assert_eq!(rollout.status(false).counts(), reading.counts(), "detail changes no total");
        seen.push(format!("{now:?}: {reading:?}"));
        let Some(next) = rollout.next_change() else { break };
        assert!(next >= now, "time advances");
        now = next.max(now + Duration::from_secs(1));
        rollout.advance(now);
    }
    seen
}
