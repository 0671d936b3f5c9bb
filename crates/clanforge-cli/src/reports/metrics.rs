//! A status as metrics, in the text format of OpenMetrics.

use std::sync::atomic::AtomicU64;

use clanforge::{ImageRef, ImageStatus, MachineCounts};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

type Labels = Vec<(&'static str, String)>;
type Gauges = Family<Labels, Gauge<f64, AtomicU64>>;

/// Returns gauges of the images and, if there is detail, of each fleet and region.
///
/// # Errors
/// If the metrics cannot be encoded; the error carries no reason.
pub(crate) fn metrics<'a>(
    statuses: impl Iterator<Item = (ImageRef, &'a ImageStatus)>,
) -> Result<String, std::fmt::Error> {
    let (images, fleets, regions) = (Gauges::default(), Gauges::default(), Gauges::default());
    let (ready, completed) = (Gauges::default(), Gauges::default());
    for (ImageRef { account_service_id, image_id }, status) in statuses {
        let of_image = vec![("account_service_id", account_service_id.to_string()), ("image_id", image_id.to_string())];
        let labels = |more: &[(&'static str, &str)]| {
            let more = more.iter().map(|(name, value)| (*name, harmless(value)));
            of_image.iter().cloned().chain(more).collect::<Labels>()
        };
        set(&images, &labels(&[]), status.counts());
        for fleet in status.fleets().into_iter().flatten() {
            set(&fleets, &labels(&[("fleet_id", fleet.id())]), fleet.counts());
            for region in fleet.regions() {
                let place = [("fleet_id", fleet.id()), ("region_id", region.id()), ("region", region.name())];
                set(&regions, &labels(&place), region.counts());
            }
        }
        ready.get_or_create(&of_image).set(f64::from(u8::from(status.is_ready())));
        if let Some(percent) = status.percent_complete() {
            completed.get_or_create(&of_image).set(percent / 100.0);
        }
    }
    let mut registry = Registry::with_prefix("clanforge");
    registry.register("image_machines", "Machines of the image, by state", images);
    registry.register("image_completed_ratio", "Completed machines of the image, as a share of all", completed);
    registry.register("image_ready", "1 if the image has machines and all of them are completed, else 0", ready);
    registry.register("fleet_machines", "Machines of a fleet, by state", fleets);
    registry.register("region_machines", "Machines of a region, by state", regions);
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}

/// Returns a label's value without what begins a command of a CI system within a line.
fn harmless(value: &str) -> String {
    value.replace("##", r"#\u{23}").replace('\u{1b}', r"\u{1b}").replace('\r', r"\r")
}

/// Sets the gauges of the three counts.
#[allow(clippy::cast_precision_loss)] // A metric is a float.
fn set(gauges: &Gauges, labels: &Labels, counts: MachineCounts) {
    for (state, machines) in [
        ("pending", counts.pending_machines()),
        ("failed", counts.failed_machines()),
        ("completed", counts.completed_machines()),
    ] {
        let labels = labels.iter().cloned().chain([("state", state.to_owned())]).collect();
        gauges.get_or_create(&labels).set(machines as f64);
    }
}
