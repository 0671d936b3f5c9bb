//! The handle of an image status, which keeps it as the core decoded it.

use std::sync::Arc;

use clanforge::core::decode_image_status;
use clanforge::{FleetStatus, ImageStatus, MachineCounts, RegionRow};
use clanforge_bindings::{BindingError, EncodedCombinedOutcome, EncodedUpdate, json};
use napi::bindgen_prelude::{Either, Either4, Uint8Array};
use napi_derive::napi;
use serde::Serialize;

use crate::client::Rollout;
use crate::error::export;
use crate::number::{self, Counts};

/// An image status. Fleets and regions are converted to JavaScript objects when they are read.
#[napi]
pub struct Status(pub(crate) Arc<ImageStatus>);

export!(impl Status {
    /// Decodes a response body as the client does.
    [factory] fn from_json(body: Either<String, Uint8Array>) -> Self = {
        let bytes = match &body {
            Either::A(text) => text.as_bytes(),
            Either::B(bytes) => bytes,
        };
        Self::checked(decode_image_status(bytes)?)
    };

    /// Returns a status without detail.
    [factory] fn of_counts(counts: Counts) -> Self = Self::checked(ImageStatus::new(number::machine_counts(counts)?));

    fn counts(&self) -> Counts = Ok(number::counts(self.0.counts()));

    [getter] fn has_detail(&self) -> bool = Ok(self.0.fleets().is_some());

    /// Returns JSON: the `status` in the format of the service, the `summary` of the `-o json` output, or a list of parts of the
    /// status, each as an array of its values; the list is `null` without detail.
    fn json(&self, what: String) -> String = Ok(match what.as_str() {
        "status" => json(&*self.0),
        "summary" => json(&self.0.summary()),
        "fleets" => list(self.0.fleets(), fleet),
        "regions" => list(self.0.regions(), row),
        "failed_regions" => list(self.0.failed_regions(), row),
        "pending_regions" => list(self.0.pending_regions(), row),
        "mismatches" => list(self.0.mismatches(), |each| (each.fleet_id, tuple(each.stated), tuple(each.summed))),
        _ => return Err(BindingError::bug(format!("a status has no {what}"))),
    });

    fn equals(&self, other: &Status) -> bool = Ok(self.0 == other.0);
});

impl Status {
    /// Returns a status as the value of a call.
    pub(crate) fn value(status: ImageStatus) -> Result<Value, BindingError> {
        let status = Self::checked(status)?;
        Ok(if status.0.fleets().is_some() { Either4::B(status) } else { Either4::A(number::counts(status.0.counts())) })
    }

    /// Returns the handle of a status whose counts JavaScript numbers can hold.
    pub(crate) fn checked(status: impl Into<Arc<ImageStatus>>) -> Result<Self, BindingError> {
        let status = status.into();
        number::check(&status)?;
        Ok(Self(status))
    }
}

/// What a call returns: the counts of a status without detail, a status with detail, an update, or a rollout that has begun.
pub(crate) type Value = Either4<Counts, Status, Update, Rollout>;

/// An update of a wait, or its outcome: its JSON, in which the status is empty, and the status.
pub(crate) type Update = (String, Option<Status>);

pub(crate) fn update(EncodedUpdate { json, status }: EncodedUpdate) -> Result<Update, BindingError> {
    Ok((json, status.map(Status::checked).transpose()?))
}

/// How a wait for several images ended: its JSON, in which the status of each image is empty, and the statuses.
pub(crate) type CombinedOutcome = (String, Vec<Option<Status>>);

pub(crate) fn combined_outcome(combined: EncodedCombinedOutcome) -> Result<CombinedOutcome, BindingError> {
    let statuses = combined.statuses.into_iter().map(|status| status.map(Status::checked).transpose());
    Ok((combined.json, statuses.collect::<Result<_, _>>()?))
}

export! {
    /// Returns the readiness, whether all machines are completed, the percentage of completed machines (`null` without machines), and
    /// that percentage as text.
    fn describe_counts(counts: Counts) -> (&'static str, bool, Option<f64>, String) = {
        let counts = number::machine_counts(counts)?;
        Ok((counts.readiness().as_str(), counts.is_ready(), counts.percent_complete(), counts.percent_text()))
    };
}

fn list<L: IntoIterator, T: Serialize>(list: Option<L>, values: impl Fn(L::Item) -> T) -> String {
    json(&list.map(|list| list.into_iter().map(values).collect::<Vec<_>>()))
}

type Tuple = (u64, u64, u64);

fn fleet(fleet: &FleetStatus) -> (&str, Tuple, Vec<(&str, &str, Tuple)>) {
    let regions = fleet.regions().iter().map(|region| (region.id(), region.name(), tuple(region.counts())));
    (fleet.id(), tuple(fleet.counts()), regions.collect())
}

fn row(row: RegionRow<'_>) -> (&str, &str, &str, u64, u64, u64) {
    let (pending, failed, completed) = tuple(row.counts);
    (row.fleet_id, row.region_id, row.name, pending, failed, completed)
}

const fn tuple(counts: MachineCounts) -> Tuple {
    (counts.pending_machines(), counts.failed_machines(), counts.completed_machines())
}
