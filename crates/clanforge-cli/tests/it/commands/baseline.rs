//! `clanforge baseline`, and how `wait` reads what it wrote

use serde_json::Value;

use super::wait::{IMAGE, baseline, wait};
use crate::process::{against, counts, run, serving};

#[test]
fn a_doubtful_baseline_is_warned_of_when_it_is_taken_and_when_it_is_used() {
    for (body, problem) in [
        (counts(12, 0, 28), "the baseline has 12 of 40 machines pending, as during a rollout"),
        (counts(0, 0, 0), "the baseline has no machines"),
    ] {
        let (simulator, folder) = (serving(200, &body), tempfile::tempdir().unwrap());
        let taken = run(against(&simulator).arg("baseline").args(IMAGE));
        assert!(taken.code == 0 && taken.stderr.starts_with(&format!("warning: {problem}")), "{taken:?}");
        let before = baseline(&simulator, &folder);
        let used = run(wait(&simulator).args(["--since", &before, "--start-grace", "100ms"]));
        assert_eq!(used.stderr.matches(problem).count(), 1, "{used:?}");
    }
}

#[test]
fn a_baseline_says_when_it_was_taken_and_an_old_one_is_warned_of() {
    let (simulator, folder) = (serving(200, &counts(0, 0, 12)), tempfile::tempdir().unwrap());
    let before = baseline(&simulator, &folder);
    let mut taken: Value = serde_json::from_str(&std::fs::read_to_string(&before).unwrap()).unwrap();
    let time = humantime::parse_rfc3339(taken["taken_at"].as_str().unwrap()).unwrap();
    assert!(time.elapsed().unwrap() < std::time::Duration::from_secs(600), "{taken}");
    let warning_of = |taken: &Value| {
        std::fs::write(&before, taken.to_string()).unwrap();
        let ended = run(wait(&simulator).args(["--since", &before, "--start-grace", "100ms"]));
        ended.stderr.lines().find(|line| line.starts_with("warning: ")).map(str::to_owned)
    };
    assert_eq!(warning_of(&taken), None);
    let two_hours_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 3600);
    taken["taken_at"] = humantime::format_rfc3339_seconds(two_hours_ago).to_string().into();
    let warning = warning_of(&taken).unwrap();
    assert!(warning.starts_with("warning: the baseline is 120 min") && warning.contains("just before"), "{warning}");
    taken["taken_at"] = "yesterday".into();
    std::fs::write(&before, taken.to_string()).unwrap();
    let ended = run(wait(&simulator).args(["--since", &before]));
    assert!(
        ended.code == 2 && ended.stderr.contains("expected a time in UTC such as 2026-01-31T12:00:00Z"),
        "{ended:?}"
    );
}

#[test]
fn a_baseline_may_be_in_any_encoding_that_a_shell_writes() {
    let (simulator, folder) = (serving(200, &counts(0, 0, 12)), tempfile::tempdir().unwrap());
    let before = folder.path().join("before.json");
    let taken = run(against(&simulator).arg("baseline").args(IMAGE).arg("--output-file").arg(&before));
    assert_eq!((taken.code, taken.stdout.as_str()), (0, ""), "{taken:?}");
    let text = std::fs::read_to_string(&before).unwrap();
    let with_mark = format!("\u{feff}{text}");
    let utf16 = |bytes: fn(u16) -> [u8; 2]| with_mark.encode_utf16().flat_map(bytes).collect::<Vec<_>>();
    let mut odd = utf16(u16::to_le_bytes);
    odd.pop();
    for (name, bytes, code) in [
        ("UTF-8", text.clone().into_bytes(), 6),
        ("UTF-8 with a mark", with_mark.clone().into_bytes(), 6),
        ("UTF-16 of PowerShell 5.1", utf16(u16::to_le_bytes), 6),
        ("UTF-16, big endian", utf16(u16::to_be_bytes), 6),
        ("half a character", odd, 2),
        ("Latin-1", b"{\"\xe9\": 1}".to_vec(), 2),
    ] {
        std::fs::write(&before, bytes).unwrap();
        let ended = run(wait(&simulator).arg("--since").arg(&before).args(["--start-grace", "100ms"]));
        assert_eq!(ended.code, code, "{name}: {ended:?}");
        assert_eq!(ended.stderr.contains("it is neither UTF-8 nor UTF-16"), code == 2, "{name}: {ended:?}");
    }
    let nowhere = run(against(&simulator).arg("baseline").args(IMAGE).args(["--output-file", "/no/such/folder/b"]));
    assert_eq!(nowhere.code, 9, "{nowhere:?}");
}
