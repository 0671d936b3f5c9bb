//! The handle of an image status, which holds it as the core decoded it.

use std::sync::Arc;

use clanforge::core::decode_image_status;
use clanforge::{FleetStatus, ImageStatus, MachineCounts, RegionRow};
use clanforge_bindings::{BindingError, EncodedUpdate, json};
use napi::bindgen_prelude::Either;
use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;

use crate::error::catch;
use crate::number;

/// An image status. Fleets and regions are converted to JavaScript objects when they are read.
#[napi]
pub struct Status(pub(crate) Arc<ImageStatus>);

#[napi]
impl Status {
    /// Decodes a response body as the client does.
    #[napi(factory)]
    pub fn from_json(body: Either<String, Uint8Array>) -> napi::Result<Self> {
        catch(|| {
            let status = match &body {
                Either::A(text) => decode_image_status(text.as_bytes()),
                Either::B(bytes) => decode_image_status(bytes),
            }?;
            number::check(&status)?;
            Ok(Self(Arc::new(status)))
        })
    }

    /// Returns a status without detail.
    #[napi(factory)]
    pub fn of_counts(pending: f64, failed: f64, completed: f64) -> napi::Result<Self> {
        catch(|| {
            let status = ImageStatus::new(machine_counts(pending, failed, completed)?);
            number::check(&status)?;
            Ok(Self(Arc::new(status)))
        })
    }

    /// Returns pending, failed and completed machines.
    #[napi]
    pub fn counts(&self) -> Vec<f64> {
        number::counts(self.0.counts())
    }

    #[napi(getter)]
    pub fn has_detail(&self) -> bool {
        self.0.fleets().is_some()
    }

    /// Returns the fleets in JSON, `[id, counts, [[region ID, region name, counts], …]]` each; `null` without detail.
    #[napi]
    pub fn fleets(&self) -> napi::Result<Option<String>> {
        self.read(|status| Some(json(&status.fleets()?.iter().map(fleet).collect::<Vec<_>>())))
    }

    /// Returns every region in JSON, `[fleet ID, region ID, region name, counts]` each; `null` without detail.
    #[napi]
    pub fn regions(&self) -> napi::Result<Option<String>> {
        self.read(|status| Some(rows(status.regions()?)))
    }

    /// Returns the regions with failed machines, likewise.
    #[napi]
    pub fn failed_regions(&self) -> napi::Result<Option<String>> {
        self.read(|status| Some(rows(status.failed_regions()?)))
    }

    /// Returns the regions with pending machines, likewise.
    #[napi]
    pub fn pending_regions(&self) -> napi::Result<Option<String>> {
        self.read(|status| Some(rows(status.pending_regions()?)))
    }

    /// Returns the totals that differ from the sum of their parts, `[fleet ID or null, total, sum]` each; `null` without
    /// detail.
    #[napi]
    pub fn mismatches(&self) -> napi::Result<Option<String>> {
        self.read(|status| {
            let tuples =
                status.mismatches()?.into_iter().map(|each| (each.fleet_id, tuple(each.stated), tuple(each.summed)));
            Some(json(&tuples.collect::<Vec<_>>()))
        })
    }

    /// Returns the `summary` of the `-o json` output, in JSON.
    #[napi]
    pub fn summary(&self) -> napi::Result<String> {
        self.read(|status| json(&status.summary()))
    }

    /// Returns the status in JSON, in the format of the service.
    #[napi]
    pub fn json(&self) -> napi::Result<String> {
        self.read(json)
    }

    #[napi]
    pub fn equals(&self, other: &Status) -> bool {
        self.0 == other.0
    }
}

impl Status {
    fn read<T>(&self, read: impl FnOnce(&ImageStatus) -> T) -> napi::Result<T> {
        catch(|| Ok(read(&self.0)))
    }
}

/// An update of a wait, or its outcome.
#[napi(object, object_from_js = false)]
pub struct Update {
    /// Its JSON, in which the status is empty.
    pub json: String,
    /// The status.
    pub status: Option<Status>,
}

impl Update {
    pub(crate) fn new(EncodedUpdate { json, status }: EncodedUpdate) -> Result<Self, BindingError> {
        status.iter().try_for_each(|status| number::check(status))?;
        Ok(Self { json, status: status.map(Status) })
    }
}

/// Returns the percentage of completed machines; `null` without machines.
#[napi]
pub fn percent_complete(pending: f64, failed: f64, completed: f64) -> napi::Result<Option<f64>> {
    catch(|| Ok(machine_counts(pending, failed, completed)?.percent_complete()))
}

/// Returns that percentage as text for people.
#[napi]
pub fn percent_text(pending: f64, failed: f64, completed: f64) -> napi::Result<String> {
    catch(|| Ok(machine_counts(pending, failed, completed)?.percent_text()))
}

/// Returns the readiness that counts show.
#[napi]
pub fn readiness(pending: f64, failed: f64, completed: f64) -> napi::Result<&'static str> {
    catch(|| Ok(machine_counts(pending, failed, completed)?.readiness().as_str()))
}

fn machine_counts(pending: f64, failed: f64, completed: f64) -> Result<MachineCounts, BindingError> {
    let counts = MachineCounts::new(number::to_u64(pending), number::to_u64(failed), number::to_u64(completed));
    counts.map_err(BindingError::configuration)
}

type Counts = (u64, u64, u64);

fn fleet(fleet: &FleetStatus) -> (&str, Counts, Vec<(&str, &str, Counts)>) {
    let regions = fleet.regions().iter().map(|region| (region.id(), region.name(), tuple(region.counts())));
    (fleet.id(), tuple(fleet.counts()), regions.collect())
}

const fn tuple(counts: MachineCounts) -> Counts {
    (counts.pending_machines(), counts.failed_machines(), counts.completed_machines())
}

fn rows<'a>(rows: impl IntoIterator<Item = RegionRow<'a>>) -> String {
    let row = |row: RegionRow<'a>| (row.fleet_id, row.region_id, row.name, tuple(row.counts));
    json(&rows.into_iter().map(row).collect::<Vec<_>>())
}
