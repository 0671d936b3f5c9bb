//! Replays what fuzzing starts from, without its tools.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clanforge_laws::TARGETS;

/// Returns what the seeds of a target must come to, so that none of its ends goes without one.
fn ends(target: &str) -> &'static [&'static str] {
    match target {
        "decode" => &["error", "refusal", "status"],
        "gate" => &["error", "limit", "no text", "not ready", "ready", "scope"],
        "scenario" => &["error", "large rollout", "no text", "responses", "rollout"],
        "replay" => &["error", "not ready", "ready", "undecided", "unreachable"],
        "monitor" => {
            &["failed", "gives up", "goes on", "invalid", "not_started", "ready", "stalled", "timed_out", "unreachable"]
        }
        unknown => panic!("the target `{unknown}` has no ends here"),
    }
}

#[test]
fn the_seeds_of_every_target_keep_its_laws_and_reach_all_of_its_ends() {
    for (target, law) in TARGETS {
        let reached: BTreeSet<_> =
            files(&fuzz().join("seeds").join(target)).iter().map(|seed| law(&fs::read(seed).unwrap())).collect();
        assert_eq!(reached.into_iter().collect::<Vec<_>>(), ends(target), "{target}");
    }
}

#[test]
fn every_law_has_a_fuzz_target_and_the_other_way_round() {
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
