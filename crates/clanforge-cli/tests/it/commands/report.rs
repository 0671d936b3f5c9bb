//! `clanforge report`

use super::simulate::recorded_wait;
use crate::process::{command, run, simulator};

#[test]
fn a_recording_becomes_a_page_a_picture_or_markdown() {
    let folder = tempfile::tempdir().unwrap();
    let (code, file) = recorded_wait(&simulator("failures-stay"), folder.path());
    assert_eq!(code, 1);
    let report = |arguments: &[&str]| run(command().arg("report").arg(&file).args(arguments));
    for (arguments, beginning) in [
        (&[][..], "<!doctype html>"),
        (&["-o", "html"], "<!doctype html>"),
        (&["--output", "svg"], "<svg xmlns="),
        (&["--output", "md"], "## Failed after "),
    ] {
        let shown = report(arguments);
        assert!(shown.code == 0 && shown.stdout.starts_with(beginning) && shown.stderr.is_empty(), "{shown:?}");
    }
    let refused = report(&["--output", "pdf"]);
    assert!(refused.code == 2 && refused.stderr.contains("[possible values: html, svg, md]"), "{refused:?}");
    let missing = run(command().args(["report", "no-such-file.jsonl"]));
    assert!(missing.code == 2 && missing.stderr.contains("could not read no-such-file.jsonl"), "{missing:?}");
}

#[test]
fn a_wait_and_a_rollout_write_their_report() {
    let folder = tempfile::tempdir().unwrap();
    for (command_line, name) in [(&["wait"][..], "wait.html"), (&["rollout"], "rollout.md")] {
        let (simulator, file) = (simulator("happy"), folder.path().join(name));
        let mut called = command();
        called.envs(simulator.environment()).args(command_line).args(["--asid", "1234", "--image", "5678", "--report"]);
        called.arg(&file);
        if command_line == ["rollout"] {
            called.args(["--", "true"]);
        }
        let ended = run(&mut called);
        assert_eq!(ended.code, 0, "{ended:?}");
        let report = std::fs::read_to_string(&file).unwrap();
        assert!(report.contains("Ready after") && report.contains("North America"), "{report}");
    }
    let same = folder.path().join("same.md");
    let mut both = command();
    both.env("CLANFORGE_TOKEN", "t").args(["wait", "--image", "1/2", "--report"]).arg(&same).arg("--record").arg(&same);
    let refused = run(&mut both);
    assert!(refused.code == 2 && refused.stderr.contains("--report and --record name the same file"), "{refused:?}");
}
