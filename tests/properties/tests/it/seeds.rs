//! Runs the seeds of the fuzz targets, without cargo-fuzz.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clanforge_properties::TARGETS;

/// Returns the results that the seeds of a target must lead to, so that each has a seed.
fn results(target: &str) -> &'static [&'static str] {
    match target {
        "decode" => &["error", "refusal", "status"],
        "gate" => &["error", "limit", "not ready", "not text", "ready", "scope"],
        "scenario" => &["error", "large rollout", "not text", "responses", "rollout"],
        "replay" => &["error", "not ready", "ready", "undecided", "unreachable"],
        "monitor" => {
            &["failed", "gives up", "goes on", "invalid", "not_started", "ready", "stalled", "timed_out", "unreachable"]
        }
        unknown => panic!("the target `{unknown}` has no results here"),
    }
}

#[test]
fn the_seeds_of_every_target_satisfy_its_property_and_reach_all_of_its_results() {
    for (target, property) in TARGETS {
        let reached: BTreeSet<_> =
            files(&fuzz().join("seeds").join(target)).iter().map(|seed| property(&fs::read(seed).unwrap())).collect();
        assert_eq!(reached.into_iter().collect::<Vec<_>>(), results(target), "{target}");
    }
}

#[test]
fn every_property_of_bytes_has_a_fuzz_target_and_every_target_a_property() {
    let names = files(&fuzz().join("fuzz_targets"));
    let mut names: Vec<_> = names.iter().map(|file| file.file_stem().unwrap().to_str().unwrap()).collect();
    let mut known = TARGETS.map(|(name, _)| name);
    names.sort_unstable();
    known.sort_unstable();
    assert_eq!(names, known);
}

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.expect("an entry can be read").path()).collect()
}
