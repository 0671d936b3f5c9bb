//! A status from before the rollout.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::policy::InvalidPolicy;
use crate::gate::Gate;
use crate::request::ImageRef;
use crate::seconds;
use crate::status::{ImageStatus, MachineCounts};
use crate::timestamp;
use crate::version::Version;

/// A status taken before a rollout was started, to tell the new version's counts from the old one's.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: Version,
    /// The image that has this status.
    image: ImageRef,
    /// The status before the rollout.
    status: ImageStatus,
    /// When the service was asked for it: a date and time as in RFC 3339, in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "timestamp::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::timestamp::Schema>"))]
    taken_at: Option<SystemTime>,
}

/// A baseline older than this gets a warning.
const FRESH: Duration = Duration::from_secs(60 * 60);

impl Baseline {
    /// Returns a baseline of an image.
    pub const fn new(image: ImageRef, status: ImageStatus) -> Self {
        Self { version: Version, image, status, taken_at: None }
    }

    /// Sets when the service was asked for it, in whole seconds.
    #[must_use]
    pub fn with_taken_at(self, time: SystemTime) -> Self {
        let since_1970 = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let taken_at = SystemTime::UNIX_EPOCH + Duration::from_secs(since_1970.as_secs());
        Self { taken_at: Some(taken_at), ..self }
    }

    /// Returns when the service was asked for it, if that is known.
    pub const fn taken_at(&self) -> Option<SystemTime> {
        self.taken_at
    }

    /// Returns what makes the baseline doubtful: it has no machines, or some of them were installing.
    pub fn warnings(&self) -> Vec<String> {
        let (pending, total) = (self.status.pending_machines(), self.status.total_machines());
        let problem = match (pending, total) {
            (_, 0) => "the baseline has no machines".to_owned(),
            (0, _) => return Vec::new(),
            _ => format!("the baseline has {pending} of {total} machines pending, as during a rollout"),
        };
        vec![format!("{problem}: take the baseline when all machines run the previous version")]
    }

    /// Returns why a rollout should not begin now: at least half of the machines are pending, as while another is running.
    pub fn busy(&self) -> Option<String> {
        let (pending, total) = (self.status.pending_machines(), self.status.total_machines());
        (pending > 0 && pending >= total - pending).then(|| {
            let image = self.image;
            format!("{image}: another rollout is running: {pending} of {total} machines are pending; wait until it has ended")
        })
    }

    /// Returns a warning about a baseline that is more than an hour old.
    pub fn age_warning(&self, now: SystemTime) -> Option<String> {
        let age = now.duration_since(self.taken_at?).ok().filter(|age| *age > FRESH)?;
        let age = seconds::text(Duration::from_secs(age.as_secs()));
        Some(format!("the baseline is {age} old: take it just before you start the rollout"))
    }

    /// Returns the image that it is of.
    pub const fn image(&self) -> ImageRef {
        self.image
    }

    /// Returns the status before the rollout.
    pub const fn status(&self) -> &ImageStatus {
        &self.status
    }

    /// Returns the counts that a gate judges.
    pub(super) fn judged_by(&self, image: ImageRef, gate: &Gate) -> Result<MachineCounts, InvalidPolicy> {
        if self.image != image {
            return Err(InvalidPolicy(format!("the baseline is of {}, not of {image}", self.image)));
        }
        let counts =
            gate.judged_counts(&self.status).filter(|_| !gate.needs_detail() || self.status.fleets().is_some());
        counts.ok_or_else(|| {
            InvalidPolicy("the gate needs fleets and regions, but the baseline was taken without detail".to_owned())
        })
    }
}
