//! A scenario file as a whole.

use std::collections::HashSet;
use std::str::FromStr;

use clanforge_core::recording::RecordedWait;
use serde::Deserialize;

use super::fault::Fault;
use super::invalid::InvalidScenario;
use super::plan::{FleetPlan, RegionPlan, ReplicasPlan, RolloutPlan};
use super::reply::Reply;

/// The most machines of a scenario, to bound memory.
const MAX_MACHINES: u64 = 1_000_000;

/// What a simulator serves: a simulated rollout or scripted responses, with faults in between.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What the scenario shows, in one sentence.
    pub description: String,
    /// How the rollout goes.
    pub rollout: Option<RolloutPlan>,
    /// The fleets at the start of the rollout.
    #[serde(default)]
    pub fleets: Vec<FleetPlan>,
    /// Responses that are served in turn; the last one repeats.
    #[serde(default)]
    pub responses: Vec<Reply>,
    /// Faults; the first that applies to a request replaces the reply to it.
    #[serde(default)]
    pub faults: Vec<Fault>,
    /// The replicas of the service; defaults to one that does not lag.
    pub replicas: Option<ReplicasPlan>,
    /// A recorded wait, whose readings are served as they were read. A scenario file has none.
    #[serde(skip)]
    pub recording: Option<RecordedWait>,
}

/// The built-in scenarios, by name.
const BUILTIN: [(&str, &str); 13] = [
    ("happy", include_str!("../../scenarios/happy.toml")),
    ("stale-start", include_str!("../../scenarios/stale-start.toml")),
    ("never-starts", include_str!("../../scenarios/never-starts.toml")),
    ("stragglers", include_str!("../../scenarios/stragglers.toml")),
    ("failures-stay", include_str!("../../scenarios/failures-stay.toml")),
    ("failures-vanish", include_str!("../../scenarios/failures-vanish.toml")),
    ("autoscaling", include_str!("../../scenarios/autoscaling.toml")),
    ("lagging-replicas", include_str!("../../scenarios/lagging-replicas.toml")),
    ("staged-regions", include_str!("../../scenarios/staged-regions.toml")),
    ("batches", include_str!("../../scenarios/batches.toml")),
    ("outage", include_str!("../../scenarios/outage.toml")),
    ("empty", include_str!("../../scenarios/empty.toml")),
    ("refusal", include_str!("../../scenarios/refusal.toml")),
];

impl Scenario {
    /// Returns the names of the built-in scenarios, the simplest first.
    pub fn builtin_names() -> impl Iterator<Item = &'static str> {
        BUILTIN.iter().map(|(name, _)| *name)
    }

    /// Returns a built-in scenario.
    ///
    /// # Errors
    /// [`InvalidScenario`] that lists the names, if none matches.
    pub fn builtin(name: &str) -> Result<Self, InvalidScenario> {
        match BUILTIN.iter().find(|(builtin, _)| *builtin == name) {
            Some((_, text)) => text.parse(),
            None => {
                let names: Vec<_> = Self::builtin_names().collect();
                Err(InvalidScenario(format!("no scenario is called `{name}`: choose one of {}", names.join(", "))))
            }
        }
    }

    /// Returns a scenario that serves these responses in turn and repeats the last.
    pub fn of_responses(responses: impl IntoIterator<Item = Reply>) -> Self {
        Self { responses: responses.into_iter().collect(), ..Self::empty("Scripted responses") }
    }

    /// Returns a scenario that serves the readings of a recorded wait, each as long after the start of the rollout as
    /// it was read after the beginning of the wait. Before the start it serves the baseline, or else the first reading.
    pub fn of_recording(wait: RecordedWait) -> Self {
        let image = wait.header.image;
        let description = format!("What a wait for {image} has recorded");
        Self { recording: Some(wait), ..Self::empty(&description) }
    }

    /// Returns the scenario that a value describes, as a scenario file does.
    ///
    /// # Errors
    /// [`InvalidScenario`] that says what is wrong.
    pub fn from_json(value: serde_json::Value) -> Result<Self, InvalidScenario> {
        let scenario: Self = serde_path_to_error::deserialize(value).map_err(|error| {
            let path = error.path().to_string();
            let problem = error.into_inner();
            InvalidScenario(if path == "." { problem.to_string() } else { format!("`{path}`: {problem}") })
        })?;
        scenario.validate()?;
        Ok(scenario)
    }

    fn empty(description: &str) -> Self {
        Self {
            description: description.to_owned(),
            rollout: None,
            fleets: Vec::new(),
            responses: Vec::new(),
            faults: Vec::new(),
            replicas: None,
            recording: None,
        }
    }

    /// Checks that the scenario can be served.
    ///
    /// # Errors
    /// [`InvalidScenario`] if parts of the scenario contradict each other or a number is out of range.
    pub fn validate(&self) -> Result<(), InvalidScenario> {
        let refuse = |problem: String| Err(InvalidScenario(problem));
        match (&self.rollout, self.responses.is_empty()) {
            (None, true) if self.recording.is_some() => {}
            (None, true) => return refuse("it has neither a [rollout] nor [[responses]]: add one of them".to_owned()),
            (Some(_), false) => {
                return refuse("it has a [rollout] and [[responses]]: keep only one of them".to_owned());
            }
            (None, false) if !self.fleets.is_empty() => {
                return refuse("it has [[fleets]] without a [rollout]".to_owned());
            }
            (None, false) => {}
            (Some(rollout), true) => rollout.validate()?,
        }
        unique("fleet", self.fleets.iter().map(|fleet| &fleet.id))?;
        for fleet in &self.fleets {
            unique("region", fleet.regions.iter().map(|region| &region.id))?;
            fleet.regions.iter().try_for_each(RegionPlan::validate)?;
        }
        let regions = self.fleets.iter().flat_map(|fleet| &fleet.regions);
        let machines = regions.fold(0, |sum: u64, region| sum.saturating_add(region.most_machines()));
        if machines > MAX_MACHINES {
            return refuse(format!("it has {machines} machines: must be at most {MAX_MACHINES}"));
        }
        self.replicas.as_ref().map_or(Ok(()), ReplicasPlan::validate)?;
        self.faults.iter().try_for_each(Fault::validate)?;
        self.responses.iter().try_for_each(Reply::validate)
    }
}

impl FromStr for Scenario {
    type Err = InvalidScenario;

    fn from_str(text: &str) -> Result<Self, InvalidScenario> {
        // Through JSON, so that the code that reads each type is compiled only once.
        Self::from_json(toml::from_str(text).map_err(|error| InvalidScenario(error.to_string()))?)
    }
}

fn unique<'a>(part: &str, ids: impl Iterator<Item = &'a String>) -> Result<(), InvalidScenario> {
    let mut seen = HashSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(InvalidScenario(format!("the {part} id `{id}` is not unique")));
        }
    }
    Ok(())
}
