//! Scenario files: what the simulator serves.
//!
//! A scenario is a TOML file that holds either a `[rollout]` with its `[[fleets]]`, which the model simulates, or
//! `[[responses]]`, which are served in turn; both may have `[[faults]]`. Durations carry units (`90s`, `2m`) and are times of
//! the rollout, which a speed factor shortens.
//!
//! ```toml
//! description = "Two regions, one of them slow"
//!
//! [rollout]
//! seed = 1                # the same seed gives the same rollout
//! packaging = "2m"        # until then the counts are the previous version's; "never" for a rollout that never starts
//! parallel_installs = 10  # defaults to all at once
//! install = { median = "8m", spread = 0.3 }              # log-normal; spread 0 for exactly the median
//! failure = { share = 0.01, removed_after = "15m" }      # of the installs; defaults to none
//! batches = { count = 8, apart = { least = "1m", most = "5m" } }  # defaults to all machines at once
//!
//! [replicas]                                             # defaults to one that does not lag
//! lags = ["0s", "90s"]                                   # each response comes from one of them
//! kept = { least = "10s", most = "90s" }                 # for how long from the same; defaults to a single response
//!
//! [[fleets]]
//! id = "8d1c6a0e-5a0f-4d0c-9a3e-0f6f2c1d7b11"
//!
//! [[fleets.regions]]
//! id = "0c7f9d52-63f0-4a53-8a55-1c1f0a9be001"
//! name = "Europe"
//! machines = 20
//! failing = 1                                            # this many machines fail for certain
//! scaling = [{ at = "5m", machines = 30 }]               # machines that the autoscaler asks for
//!
//! [[fleets.regions]]
//! id = "0c7f9d52-63f0-4a53-8a55-1c1f0a9be002"
//! name = "Asia"
//! machines = 10
//! install = { median = "20m", spread = 0.2 }             # instead of the rollout's
//!
//! [[faults]]
//! during = { from = "3m", to = "4m" }                    # or requests = { from = 3, to = 5 }, or every = 7
//! reply = { kind = "response", status = 503 }            # every kind: see Reply
//! ```

mod duration;
mod fault;
mod file;
mod invalid;
mod plan;
mod reply;

pub use fault::{During, Fault, Requests, When};
pub use file::Scenario;
pub use invalid::InvalidScenario;
pub use plan::{
    BatchesPlan, Between, FailurePlan, FleetPlan, InstallPlan, Packaging, RegionPlan, ReplicasPlan, RolloutPlan,
    ScalingStep,
};
pub use reply::Reply;
