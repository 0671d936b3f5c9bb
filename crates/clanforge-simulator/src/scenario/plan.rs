//! The parts of a scenario that the rollout model simulates.

use std::time::Duration;

use chacha20::ChaCha8Rng;
use rand::RngExt;
use serde::{Deserialize, Deserializer};

use super::duration::{duration, durations, optional_duration, parse_duration, parsed};
use super::invalid::InvalidScenario;

/// The shortest time until an install ends or a failed machine goes: with none, the model's time would not advance.
const SHORTEST: Duration = Duration::from_secs(1);

/// The most batches of a rollout.
const MAX_BATCHES: u64 = 1000;

/// The most replicas of the service, to bound memory.
const MAX_REPLICAS: usize = 16;

/// How the rollout goes.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RolloutPlan {
    /// The seed of all random numbers.
    #[serde(default)]
    pub seed: u64,
    /// How long the new version is packaged after the start of the rollout. Until then the counts describe the previous version.
    pub packaging: Packaging,
    /// How many machines install at the same time; defaults to all of them.
    pub parallel_installs: Option<u64>,
    /// How long an install takes.
    pub install: InstallPlan,
    /// How installs fail; defaults to no failures.
    #[serde(default)]
    pub failure: FailurePlan,
    /// The batches in which each region is updated; defaults to all machines at once.
    pub batches: Option<BatchesPlan>,
}

/// A rollout that updates each region in batches of about the same size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BatchesPlan {
    /// The number of batches.
    pub count: u64,
    /// How long after each batch the next one starts.
    pub apart: Between,
}

/// The replicas of the service; each response comes from one of them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReplicasPlan {
    /// How far the counts of each replica lag behind the rollout.
    #[serde(deserialize_with = "durations")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<super::duration::Schema>"))]
    pub lags: Vec<Duration>,
    /// How long responses come from the same replica; defaults to a single response.
    pub kept: Option<Between>,
}

/// A random duration between two bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Between {
    /// The shortest duration.
    #[serde(deserialize_with = "duration")]
    #[cfg_attr(feature = "schema", schemars(with = "super::duration::Schema"))]
    pub least: Duration,
    /// The longest duration.
    #[serde(deserialize_with = "duration")]
    #[cfg_attr(feature = "schema", schemars(with = "super::duration::Schema"))]
    pub most: Duration,
}

/// How long the new version is packaged before its rollout starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Packaging {
    /// The rollout starts after this long.
    Takes(Duration),
    /// The rollout never starts.
    Never,
}

/// How long an install takes, by a log-normal distribution.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InstallPlan {
    /// The median.
    #[serde(deserialize_with = "duration")]
    #[cfg_attr(feature = "schema", schemars(with = "super::duration::Schema"))]
    pub median: Duration,
    /// The standard deviation of the logarithm. With 0, every install takes exactly the median; with 0.3, about two thirds of the
    /// installs take at most a third less or more than the median.
    #[serde(default)]
    pub spread: f64,
}

/// How installs fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FailurePlan {
    /// The share of installs that fail, from 0 to 1.
    #[serde(default)]
    pub share: f64,
    /// How long a failed machine stays before the autoscaler replaces it; defaults to forever.
    #[serde(default, deserialize_with = "optional_duration")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<super::duration::Schema>"))]
    pub removed_after: Option<Duration>,
    /// How long a failed machine stays before it installs again; defaults to forever.
    #[serde(default, deserialize_with = "optional_duration")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<super::duration::Schema>"))]
    pub retried_after: Option<Duration>,
}

/// One fleet of a scenario.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FleetPlan {
    /// The fleet's ID.
    pub id: String,
    /// The fleet's regions.
    #[serde(default)]
    pub regions: Vec<RegionPlan>,
}

/// One region of a fleet.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RegionPlan {
    /// The region's ID.
    pub id: String,
    /// The region's display name.
    pub name: String,
    /// The number of machines at the start, all completed with the previous version.
    pub machines: u64,
    /// How many of them certainly fail to install.
    #[serde(default)]
    pub failing: u64,
    /// How much later than elsewhere the rollout starts here.
    #[serde(default, deserialize_with = "duration")]
    #[cfg_attr(feature = "schema", schemars(with = "super::duration::Schema"))]
    pub starts_after: Duration,
    /// How long an install takes here; defaults to the rollout's.
    pub install: Option<InstallPlan>,
    /// How many running machines the autoscaler asks for, and when.
    #[serde(default)]
    pub scaling: Vec<ScalingStep>,
}

/// A number of running machines that the autoscaler asks for, from a time on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ScalingStep {
    /// The time since the start of the rollout.
    #[serde(deserialize_with = "duration")]
    #[cfg_attr(feature = "schema", schemars(with = "super::duration::Schema"))]
    pub at: Duration,
    /// The number of running machines.
    pub machines: u64,
}

impl RolloutPlan {
    pub(crate) fn validate(&self) -> Result<(), InvalidScenario> {
        if self.parallel_installs == Some(0) {
            return Err(InvalidScenario("parallel_installs is 0: must be at least 1".to_owned()));
        }
        if !(0.0..=1.0).contains(&self.failure.share) {
            return Err(InvalidScenario(format!("failure.share is {}: must be from 0 to 1", self.failure.share)));
        }
        if self.failure.removed_after.is_some() && self.failure.retried_after.is_some() {
            return Err(InvalidScenario(
                "failure has removed_after and retried_after: set only one of them".to_owned(),
            ));
        }
        let pauses = [("removed_after", self.failure.removed_after), ("retried_after", self.failure.retried_after)];
        for (name, pause) in pauses {
            if pause.is_some_and(|pause| pause < SHORTEST) {
                return Err(InvalidScenario(format!("failure.{name} is shorter than 1s: must be at least 1s")));
            }
        }
        if let Some(BatchesPlan { count, apart }) = self.batches {
            if !(1..=MAX_BATCHES).contains(&count) {
                return Err(InvalidScenario(format!("batches.count is {count}: must be from 1 to {MAX_BATCHES}")));
            }
            apart.validate("batches.apart")?;
        }
        self.install.validate("install")
    }
}

impl Default for ReplicasPlan {
    /// Returns one replica that does not lag.
    fn default() -> Self {
        Self { lags: vec![Duration::ZERO], kept: None }
    }
}

impl ReplicasPlan {
    pub(crate) fn validate(&self) -> Result<(), InvalidScenario> {
        if !(1..=MAX_REPLICAS).contains(&self.lags.len()) {
            let lags = self.lags.len();
            return Err(InvalidScenario(format!("replicas.lags has {lags} lags: must be from 1 to {MAX_REPLICAS}")));
        }
        self.kept.map_or(Ok(()), |kept| kept.validate("replicas.kept"))
    }
}

impl Between {
    pub(crate) fn draw(self, random: &mut ChaCha8Rng) -> Duration {
        random.random_range(self.least..=self.most)
    }

    fn validate(self, name: &str) -> Result<(), InvalidScenario> {
        match self.least > self.most {
            true => Err(InvalidScenario(format!("{name}.least is longer than {name}.most"))),
            false => Ok(()),
        }
    }
}

impl InstallPlan {
    pub(crate) fn validate(&self, name: &str) -> Result<(), InvalidScenario> {
        if self.median < SHORTEST {
            return Err(InvalidScenario(format!("{name}.median is shorter than 1s: must be at least 1s")));
        }
        match self.spread {
            0.0..=3.0 => Ok(()),
            spread => Err(InvalidScenario(format!("{name}.spread is {spread}: must be from 0 to 3"))),
        }
    }
}

impl RegionPlan {
    pub(crate) fn validate(&self) -> Result<(), InvalidScenario> {
        let Self { id, machines, failing, .. } = self;
        if failing > machines {
            return Err(InvalidScenario(format!(
                "region `{id}` has {failing} failing machines: must be at most its {machines} machines"
            )));
        }
        if !self.scaling.is_sorted_by_key(|step| step.at) {
            return Err(InvalidScenario(format!("the scaling steps of region `{id}` are not in chronological order")));
        }
        self.install.map_or(Ok(()), |install| install.validate(&format!("install of region `{id}`: install")))
    }

    pub(crate) fn most_machines(&self) -> u64 {
        self.scaling.iter().map(|step| step.machines).chain([self.machines]).max().unwrap_or(0)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Packaging {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Packaging".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "examples": ["2m", "never"]})
    }
}

impl<'de> Deserialize<'de> for Packaging {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, "a duration such as \"90s\", or \"never\"", |text| match text {
            "never" => Ok(Self::Never),
            text => parse_duration(text).map(Self::Takes),
        })
    }
}
