//! Scenario files: what happens, written down.
//!
//! A scenario is a TOML file that holds either a `[rollout]` with its `[[fleets]]`, played by the model, or
//! `[[answers]]`, given in turn; both may have `[[faults]]`. Durations carry units (`90s`, `2m`) and are times of the
//! rollout, which a speed factor shortens.
//!
//! ```toml
//! description = "Two regions, one of them slow"
//!
//! [rollout]
//! seed = 1                # the same seed plays the same rollout
//! packaging = "2m"        # until then the counts are the previous version's; "never" for a rollout that never starts
//! parallel_installs = 10  # left out: all at once
//! install = { median = "8m", spread = 0.3 }              # log-normal; spread 0 for exactly the median
//! failure = { share = 0.01, removed_after = "15m" }      # of the installs; left out: none
//! batches = { count = 8, apart = { least = "1m", most = "5m" } }  # the fleet in so many parts; left out: all at once
//!
//! [replicas]                                             # left out: one that knows the counts of the moment
//! lags = ["0s", "90s"]                                   # each response comes from one of them
//! kept = { least = "10s", most = "90s" }                 # how long from the same one; left out: one response
//!
//! [[fleets]]
//! id = "8d1c6a0e-5a0f-4d0c-9a3e-0f6f2c1d7b11"
//!
//! [[fleets.regions]]
//! id = "0c7f9d52-63f0-4a53-8a55-1c1f0a9be001"
//! name = "Europe"
//! machines = 20
//! failing = 1                                            # so many machines fail for certain
//! scaling = [{ at = "5m", machines = 30 }]               # machines that the scaling system asks for
//!
//! [[fleets.regions]]
//! id = "0c7f9d52-63f0-4a53-8a55-1c1f0a9be002"
//! name = "Asia"
//! machines = 10
//! install = { median = "20m", spread = 0.2 }             # instead of the rollout's
//!
//! [[faults]]
//! during = { from = "3m", to = "4m" }                    # or requests = { from = 3, to = 5 }, or every = 7
//! reply = { kind = "answer", status = 503 }              # every kind: see Reply
//! ```

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Deserializer};

use crate::fault::Fault;
use crate::reply::Reply;

/// The most machines that a scenario may have at once, to bound memory.
const MAX_MACHINES: u64 = 1_000_000;

/// The shortest time that an install or a failed machine may take: without one, time would stand still.
const SHORTEST: Duration = Duration::from_secs(1);

/// The most parts in which a rollout may update a region.
const MAX_BATCHES: u64 = 1000;

/// The most replicas of the service, each of which holds a rollout of its own.
const MAX_REPLICAS: usize = 16;

/// The longest duration that a scenario may name.
const MAX_DURATION: Duration = Duration::from_secs(366 * 24 * 3600);

/// What happens to a fleet of machines, or what is answered word for word, and which faults come in between.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What the scenario shows, in a sentence.
    pub description: String,
    /// How the rollout goes.
    pub rollout: Option<RolloutPlan>,
    /// The fleets at the start of the rollout.
    #[serde(default)]
    pub fleets: Vec<FleetPlan>,
    /// What is answered in turn, word for word; the last answer repeats.
    #[serde(default)]
    pub answers: Vec<Reply>,
    /// What goes wrong, and when.
    #[serde(default)]
    pub faults: Vec<Fault>,
    /// The replicas of the service; absent if one knows the counts of the moment.
    pub replicas: Option<ReplicasPlan>,
}

/// The replicas of the service, of which each response comes from one.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplicasPlan {
    /// How far the counts of each replica lag behind the rollout.
    #[serde(deserialize_with = "durations")]
    pub lags: Vec<Duration>,
    /// How long responses come from the same replica; absent if each comes from any of them.
    pub kept: Option<Between>,
}

/// A duration that is drawn between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Between {
    /// The shortest duration.
    #[serde(deserialize_with = "duration")]
    pub least: Duration,
    /// The longest duration.
    #[serde(deserialize_with = "duration")]
    pub most: Duration,
}

/// How a rollout goes.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RolloutPlan {
    /// The seed of everything that is drawn by chance.
    #[serde(default)]
    pub seed: u64,
    /// How long after the deploy command the rollout starts. Until then the counts are the previous version's.
    pub packaging: Packaging,
    /// How many machines install at the same time; all at once where it is left out.
    pub parallel_installs: Option<u64>,
    /// How long an install takes.
    pub install: InstallPlan,
    /// How installs fail; none does where it is left out.
    #[serde(default)]
    pub failure: FailurePlan,
    /// In how many parts each region is updated; all at once if absent.
    pub batches: Option<BatchesPlan>,
}

/// A rollout that updates each region in parts of about the same size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchesPlan {
    /// The number of parts.
    pub count: u64,
    /// How long after each part the next one starts.
    pub apart: Between,
}

/// How long the version is packaged before its rollout starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packaging {
    /// The rollout starts after this long.
    Takes(Duration),
    /// The rollout never starts.
    Never,
}

/// How long an install takes: drawn from a log-normal distribution.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstallPlan {
    /// Half of the installs are quicker.
    #[serde(deserialize_with = "duration")]
    pub median: Duration,
    /// The standard deviation of the logarithm: 0 for exactly the median, 0.3 for two thirds within a third of it.
    #[serde(default)]
    pub spread: f64,
}

/// How installs fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailurePlan {
    /// The share of installs that fail, from 0 to 1.
    #[serde(default)]
    pub share: f64,
    /// How long a failed machine stays before the scaling system replaces it; for ever where it is left out.
    #[serde(default, deserialize_with = "some_duration")]
    pub removed_after: Option<Duration>,
    /// How long a failed machine stays before it tries again; never where it is left out.
    #[serde(default, deserialize_with = "some_duration")]
    pub retried_after: Option<Duration>,
}

/// One fleet of a scenario.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FleetPlan {
    /// The fleet's id.
    pub id: String,
    /// The fleet's regions.
    #[serde(default)]
    pub regions: Vec<RegionPlan>,
}

/// One region of a fleet.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionPlan {
    /// The region's id.
    pub id: String,
    /// The region's name for people.
    pub name: String,
    /// The machines at the start, all completed with the previous version.
    pub machines: u64,
    /// How many of them fail to install for certain.
    #[serde(default)]
    pub failing: u64,
    /// How long after the others the rollout starts here.
    #[serde(default, deserialize_with = "duration")]
    pub starts_after: Duration,
    /// How long an install takes here, where it differs from the rollout's.
    pub install: Option<InstallPlan>,
    /// How many running machines the scaling system asks for, and from when on.
    #[serde(default)]
    pub scaling: Vec<ScalingStep>,
}

/// From a moment on the scaling system asks for so many running machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScalingStep {
    /// The moment, counted from the deploy command.
    #[serde(deserialize_with = "duration")]
    pub at: Duration,
    /// The number of running machines.
    pub machines: u64,
}

/// The scenarios that ship, by name.
const BUILTIN: [(&str, &str); 13] = [
    ("happy", include_str!("../scenarios/happy.toml")),
    ("stale-start", include_str!("../scenarios/stale-start.toml")),
    ("never-starts", include_str!("../scenarios/never-starts.toml")),
    ("stragglers", include_str!("../scenarios/stragglers.toml")),
    ("failures-stay", include_str!("../scenarios/failures-stay.toml")),
    ("failures-vanish", include_str!("../scenarios/failures-vanish.toml")),
    ("autoscaling", include_str!("../scenarios/autoscaling.toml")),
    ("lagging-replicas", include_str!("../scenarios/lagging-replicas.toml")),
    ("staged-regions", include_str!("../scenarios/staged-regions.toml")),
    ("batches", include_str!("../scenarios/batches.toml")),
    ("outage", include_str!("../scenarios/outage.toml")),
    ("empty", include_str!("../scenarios/empty.toml")),
    ("refusal", include_str!("../scenarios/refusal.toml")),
];

impl Scenario {
    /// Returns the names of the scenarios that ship, the simplest first.
    pub fn builtin_names() -> impl Iterator<Item = &'static str> {
        BUILTIN.iter().map(|(name, _)| *name)
    }

    /// Returns a scenario that ships.
    ///
    /// # Errors
    /// [`InvalidScenario`] that lists the names where there is none of this name.
    pub fn builtin(name: &str) -> Result<Self, InvalidScenario> {
        match BUILTIN.iter().find(|(builtin, _)| *builtin == name) {
            Some((_, text)) => text.parse(),
            None => {
                let names: Vec<_> = Self::builtin_names().collect();
                Err(InvalidScenario(format!("no scenario is called `{name}`: there are {}", names.join(", "))))
            }
        }
    }

    /// Returns a scenario that gives these answers in turn and repeats the last.
    pub fn of_answers(answers: impl IntoIterator<Item = Reply>) -> Self {
        let description = "Answers given in turn".to_owned();
        let answers = answers.into_iter().collect();
        Self { description, rollout: None, fleets: Vec::new(), answers, faults: Vec::new(), replicas: None }
    }

    /// Returns an error that names what cannot be played.
    ///
    /// # Errors
    /// [`InvalidScenario`] where the parts of the scenario contradict each other or a number is out of its range.
    pub fn validate(&self) -> Result<(), InvalidScenario> {
        let refuse = |problem: String| Err(InvalidScenario(problem));
        match (&self.rollout, self.answers.is_empty()) {
            (None, true) => return refuse("it has neither a [rollout] nor [[answers]]: give one of them".to_owned()),
            (Some(_), false) => return refuse("it has a [rollout] and [[answers]]: give one of them".to_owned()),
            (None, false) if !self.fleets.is_empty() => {
                return refuse("its [[fleets]] have no [rollout]: answers are given word for word".to_owned());
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
            return refuse(format!("it has {machines} machines: at most {MAX_MACHINES} can be played"));
        }
        self.replicas.as_ref().map_or(Ok(()), ReplicasPlan::validate)?;
        self.faults.iter().try_for_each(Fault::validate)?;
        self.answers.iter().try_for_each(Reply::validate)
    }
}

impl FromStr for Scenario {
    type Err = InvalidScenario;

    fn from_str(text: &str) -> Result<Self, InvalidScenario> {
        let scenario: Self = toml::from_str(text).map_err(|error| InvalidScenario(error.to_string()))?;
        scenario.validate()?;
        Ok(scenario)
    }
}

impl RolloutPlan {
    fn validate(&self) -> Result<(), InvalidScenario> {
        if self.parallel_installs == Some(0) {
            return Err(InvalidScenario("parallel_installs is 0: no install would ever run".to_owned()));
        }
        if !(0.0..=1.0).contains(&self.failure.share) {
            return Err(InvalidScenario(format!("failure.share is {}: it is from 0 to 1", self.failure.share)));
        }
        if self.failure.removed_after.is_some() && self.failure.retried_after.is_some() {
            return Err(InvalidScenario("failure has removed_after and retried_after: give one of them".to_owned()));
        }
        let pauses = [("removed_after", self.failure.removed_after), ("retried_after", self.failure.retried_after)];
        for (name, pause) in pauses {
            if pause.is_some_and(|pause| pause < SHORTEST) {
                return Err(InvalidScenario(format!("failure.{name} is shorter than a second")));
            }
        }
        if let Some(BatchesPlan { count, apart }) = self.batches {
            if !(1..=MAX_BATCHES).contains(&count) {
                return Err(InvalidScenario(format!("batches.count is {count}: it is from 1 to {MAX_BATCHES}")));
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
    fn validate(&self) -> Result<(), InvalidScenario> {
        if !(1..=MAX_REPLICAS).contains(&self.lags.len()) {
            let replicas = self.lags.len();
            return Err(InvalidScenario(format!("replicas.lags has {replicas} lags: 1 to {MAX_REPLICAS} are allowed")));
        }
        self.kept.map_or(Ok(()), |kept| kept.validate("replicas.kept"))
    }
}

impl Between {
    pub(crate) fn draw(self, chance: &mut ChaCha8Rng) -> Duration {
        chance.random_range(self.least..=self.most)
    }

    fn validate(self, name: &str) -> Result<(), InvalidScenario> {
        match self.least > self.most {
            true => Err(InvalidScenario(format!("{name}.least is longer than {name}.most"))),
            false => Ok(()),
        }
    }
}

impl InstallPlan {
    fn validate(&self, name: &str) -> Result<(), InvalidScenario> {
        if self.median < SHORTEST {
            return Err(InvalidScenario(format!("{name}.median is shorter than a second")));
        }
        match self.spread {
            0.0..=3.0 => Ok(()),
            spread => Err(InvalidScenario(format!("{name}.spread is {spread}: it is from 0 to 3"))),
        }
    }
}

impl RegionPlan {
    fn validate(&self) -> Result<(), InvalidScenario> {
        let Self { id, machines, failing, .. } = self;
        if failing > machines {
            return Err(InvalidScenario(format!("region `{id}` has {failing} failing of {machines} machines")));
        }
        if !self.scaling.is_sorted_by_key(|step| step.at) {
            return Err(InvalidScenario(format!("the scaling of region `{id}` is not in the order of its times")));
        }
        self.install.map_or(Ok(()), |install| install.validate(&format!("install of region `{id}`: install")))
    }

    fn most_machines(&self) -> u64 {
        self.scaling.iter().map(|step| step.machines).chain([self.machines]).max().unwrap_or(0)
    }
}

impl<'de> Deserialize<'de> for Packaging {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "never" => Ok(Self::Never),
            text => parse_duration(text).map(Self::Takes),
        }
    }
}

/// What is wrong with a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidScenario(pub(crate) String);

impl fmt::Display for InvalidScenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid scenario: {}", self.0.trim_end())
    }
}

impl std::error::Error for InvalidScenario {}

pub(crate) fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    parse_duration(&String::deserialize(deserializer)?)
}

pub(crate) fn durations<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Duration>, D::Error> {
    Vec::<String>::deserialize(deserializer)?.iter().map(|text| parse_duration(text)).collect()
}

pub(crate) fn some_duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    duration(deserializer).map(Some)
}

fn parse_duration<E: serde::de::Error>(text: &str) -> Result<Duration, E> {
    let duration = humantime::parse_duration(text)
        .map_err(|error| E::custom(format!("invalid duration `{text}`: {error}; give one such as 90s or 2m 30s")))?;
    match duration > MAX_DURATION {
        true => Err(E::custom(format!("duration `{text}` is longer than a year"))),
        false => Ok(duration),
    }
}

fn unique<'a>(part: &str, ids: impl Iterator<Item = &'a String>) -> Result<(), InvalidScenario> {
    let mut seen = HashSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(InvalidScenario(format!("the {part} id `{id}` stands twice")));
        }
    }
    Ok(())
}
