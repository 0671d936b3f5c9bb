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
