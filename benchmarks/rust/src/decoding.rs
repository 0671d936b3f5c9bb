//! Decoding a large body and listing its failed regions: ours, and `serde_json` into plain structs.

use std::collections::HashMap;
use std::hint::black_box;

use anyhow::ensure;
use clanforge::core::decode_image_status;
use serde::Deserialize;

use crate::race::{Rival, race};

const FLEETS: usize = 1_000;
const REGIONS: usize = 20;

/// The type that a user would write to decode into.
#[derive(Deserialize)]
#[allow(dead_code)] // Fields that are decoded and never read.
struct Status {
    pending_machines: u64,
    failed_machines: u64,
    completed_machines: u64,
    fleets: HashMap<String, Fleet>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Fleet {
    pending_machines: u64,
    failed_machines: u64,
    completed_machines: u64,
    regions: HashMap<String, Region>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Region {
    name: String,
    pending_machines: u64,
    failed_machines: u64,
    completed_machines: u64,
}

pub(crate) fn measure() -> anyhow::Result<()> {
    let body = body();
    let failed = FLEETS * REGIONS / 10;
    let title = format!("decoding {} kB and listing {failed} failed regions (goal: 1)", body.len() / 1000);
    let rivals = vec![
        Rival::new("clanforge_core", || {
            let status = decode_image_status(black_box(body.as_bytes()))?;
            ensure!(status.failed_regions().is_some_and(|regions| regions.len() == failed));
            Ok(())
        }),
        Rival::new("serde_json into plain structs", || {
            let status: Status = serde_json::from_slice(black_box(body.as_bytes()))?;
            let regions = status.fleets.iter().flat_map(|(fleet_id, fleet)| {
                fleet.regions.iter().map(move |(region_id, region)| (fleet_id, region_id, region))
            });
            ensure!(regions.filter(|(.., region)| region.failed_machines > 0).collect::<Vec<_>>().len() == failed);
            Ok(())
        }),
    ];
    race(&title, 41, 4, rivals)
}

/// Returns a status of the documented shape with ids as long as the service's.
fn body() -> String {
    let counts = |failed: usize| format!(r#""pending_machines":3,"failed_machines":{failed},"completed_machines":120"#);
    let fleets = (0..FLEETS).map(|fleet| {
        let regions = (0..REGIONS).map(|region| {
            let id = fleet * REGIONS + region;
            let counts = counts(usize::from(id.is_multiple_of(10)));
            format!(r#""{id:08x}-5a0f-4d0c-9a3e-0f6f2c1d7b11":{{"name":"North America",{counts}}}"#)
        });
        let regions = regions.collect::<Vec<_>>().join(",");
        format!(r#""{fleet:08x}-6b7a-4f15-8e30-91d7ab350002":{{"regions":{{{regions}}},{}}}"#, counts(2))
    });
    format!(r#"{{"fleets":{{{}}},{}}}"#, fleets.collect::<Vec<_>>().join(","), counts(2000))
}
