//! `clanforge replay`

use clanforge_simulator::Reply;

use super::wait::{NO_GRACE, baseline, rollout, wait};
use crate::process::{against, command, counts, response, run, serving, serving_in_turn, utf16};

#[test]
fn a_recorded_wait_is_replayed_byte_for_byte_or_with_another_gate() {
    let (simulator, folder) = (rollout([response(200, &counts(5, 2, 33))]), tempfile::tempdir().unwrap());
    let before = baseline(&simulator, &folder);
    let file = folder.path().join("wait.jsonl");
    let file = file.to_str().unwrap();
    let recorded = run(wait(&simulator).args(["--since", &before, "--record", file, "-o", "jsonl"]));
    assert_eq!(recorded.code, 1, "{recorded:?}");
    assert_eq!(std::fs::read_to_string(file).unwrap(), recorded.stdout);
    let replay = |arguments: &[&str]| run(against(&simulator).args(["replay", file]).args(arguments));
    let replayed = replay(&["-o", "jsonl"]);
    assert_eq!((replayed.code, &replayed.stdout), (1, &recorded.stdout));
    std::fs::write(file, utf16(&recorded.stdout)).unwrap();
    assert_eq!(replay(&["-o", "jsonl"]).stdout, recorded.stdout);

    let looser = replay(&["--max-pending", "100%", "--max-failed", "100%", "--min-completed", "0"]);
    assert_eq!(looser.code, 0, "{looser:?}");
    assert!(looser.stderr.starts_with("outcome after "), "{looser:?}");
    let longer = replay(&["--max-failed", "3"]);
    assert_eq!((longer.code, longer.stdout.as_str()), (8, ""), "{longer:?}");
    assert!(longer.stderr.contains("undecided: the recording ends before the wait does"), "{longer:?}");
}

#[test]
fn a_file_that_is_not_a_recording_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("odd");
    for (content, expected) in [
        ("", "odd: it has no recorded wait; record a wait with `clanforge wait --record"),
        ("{}\n", "odd: line 1: invalid update"),
        ("{\"update\":\"outcome\"}\n", "odd: line 1: invalid update"),
    ] {
        std::fs::write(&file, content).unwrap();
        let ended = run(command().arg("replay").arg(&file));
        assert!(ended.code == 2 && ended.stderr.contains(expected), "{ended:?}");
    }
}

#[test]
fn a_truncated_recording_is_continued() {
    let simulator = serving(200, &counts(0, 0, 12));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wait.jsonl");
    let name = file.to_str().unwrap();
    let refused = run(wait(&simulator).args(["--record", name, "--confirmations", "0"]));
    assert!(refused.code == 2 && !file.exists(), "{refused:?}");
    let same = run(wait(&simulator).args(["--record", name, "--since", name]));
    assert_eq!(same.code, 2, "{same:?}");

    let record = || run(wait(&simulator).args(NO_GRACE).args(["--record", name]));
    assert_eq!(record().code, 0);
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() - 40]).unwrap();
    assert_eq!(run(against(&simulator).args(["replay", name])).code, 0);
    assert_eq!(record().code, 0);
    let both = run(against(&simulator).args(["replay", name]));
    assert!(both.code == 0 && both.stdout.lines().count() == 2, "{both:?}");

    std::fs::write(&file, String::from_utf8(whole).unwrap().replace("\"record\":\"wait\"", "\"record\":\"other\""))
        .unwrap();
    let other = run(against(&simulator).args(["replay", name]));
    assert!(other.code == 2 && other.stderr.contains("line 1: invalid header: unknown variant `other`"), "{other:?}");
}

#[test]
fn a_response_from_a_cache_keeps_its_age_in_a_recording() {
    let headers = [("Age".to_owned(), "30".to_owned())].into();
    let reply = Reply::Response { status: 200, headers, body: counts(0, 0, 12) };
    let (simulator, folder) = (serving_in_turn([reply]), tempfile::tempdir().unwrap());
    let file = folder.path().join("wait.jsonl");
    let file = file.to_str().unwrap();
    let recorded = run(wait(&simulator).args(["--timeout", "200ms", "--start-grace", "200ms", "--record", file]));
    assert_eq!(recorded.code, 124, "the same response confirms nothing: {recorded:?}");
    assert!(recorded.stderr.contains(", 0:30 old"), "{recorded:?}");
    let replayed = run(against(&simulator).args(["replay", file, "-o", "jsonl"]));
    assert_eq!(replayed.code, 124, "{replayed:?}");
    assert!(replayed.stdout.lines().nth(1).unwrap().contains(r#""age_seconds":30.0"#), "{replayed:?}");
}
