//! `clanforge check`

use std::process::Stdio;

use crate::process::{against, command, counts, json, run, serving, simulator};

const IMAGE: [&str; 4] = ["--asid", "1234", "--image", "5678"];

const DETAILED: &str = r#"{"pending_machines": 0, "failed_machines": 2, "completed_machines": 38, "fleets": {"fleet-1": {
    "pending_machines": 0, "failed_machines": 2, "completed_machines": 38, "regions": {
        "eu": {"name": "Europe", "pending_machines": 0, "failed_machines": 0, "completed_machines": 20},
        "na": {"name": "North America", "pending_machines": 0, "failed_machines": 2, "completed_machines": 18}}}}}"#;

const EMPTY: &str = r#"{"pending_machines": 0, "failed_machines": 0, "completed_machines": 0, "fleets": {}}"#;

#[test]
fn the_exit_code_is_the_verdict() {
    for (body, arguments, code, reason) in [
        (counts(0, 0, 40), "", 0, "ready: 40 of 40 machines completed, 0 pending, 0 failed"),
        (counts(7, 0, 33), "", 8, "not ready: the image has 7 pending machines, at most 0 allowed"),
        (counts(7, 0, 33), "--max-pending 20%", 0, "ready: 33 of 40 machines completed, 7 pending, 0 failed"),
        (
            counts(7, 0, 33),
            "--max-pending 10%",
            8,
            "not ready: the image has 7 pending machines, at most 4 (10%) allowed",
        ),
        (counts(7, 1, 32), "", 1, "pending machines, at most 0 allowed, and 1 failed machine, at most 0 allowed"),
        (counts(0, 3, 37), "--max-failed 3", 0, "ready: 37 of 40 machines completed, 0 pending, 3 failed"),
        (
            counts(0, 0, 12),
            "--min-completed 40",
            8,
            "not ready: the image has 12 completed machines, at least 40 needed",
        ),
        (counts(0, 0, 0), "", 6, "not ready: the image has no machines, at least 1 needed"),
        (counts(0, 0, 0), "--min-completed 0", 0, "ready: the image has no machines"),
        (EMPTY.to_owned(), "--per region", 6, "not ready: the status has no regions"),
        (EMPTY.to_owned(), "--region EU", 6, "not ready: the status has no region `EU`"),
        (DETAILED.to_owned(), "", 1, "the image has 2 failed machines"),
        (DETAILED.to_owned(), "--region Europe", 0, "ready: 20 of 20 machines completed"),
        (
            DETAILED.to_owned(),
            "--region na --per region",
            1,
            "not ready: region North America (na) has 2 failed machines",
        ),
        (DETAILED.to_owned(), "--region Asia", 8, "not ready: the status has no region `Asia`"),
        (DETAILED.to_owned(), "--fleet fleet-2", 8, "not ready: the status has no fleet `fleet-2`"),
        (counts(0, 0, 40), "--per fleet", 8, "the status has no detail"),
    ] {
        let simulator = serving(200, &body);
        let ended = run(against(&simulator).arg("check").args(IMAGE).args(arguments.split_whitespace()));
        assert_eq!(ended.code, code, "{arguments}: {ended:?}");
        assert!(ended.stdout.contains(reason), "{arguments}: {ended:?}");
        let asks_for_detail = simulator.received().last().unwrap().target.ends_with("?detail=true");
        assert_eq!(
            asks_for_detail,
            arguments.contains("per") || arguments.contains("region") || arguments.contains("fleet")
        );
    }
}

#[test]
fn a_name_that_the_image_does_not_have_and_a_gate_that_cannot_pass_are_warned_of() {
    for (arguments, warning) in [
        ("--region europ", "warning: the image has no region `europ`; did you mean `Europe`?\n"),
        ("--min-completed 100", "warning: the gate cannot pass: the image has 40 machines, and at least 100 must be"),
        ("--region Europe", ""),
    ] {
        let simulator = serving(200, DETAILED);
        let ended = run(against(&simulator).arg("check").args(IMAGE).args(arguments.split_whitespace()));
        assert!(ended.stderr.starts_with(warning), "{arguments}: {ended:?}");
        assert_eq!(ended.stderr.is_empty(), warning.is_empty(), "{arguments}: {ended:?}");
    }
}

#[test]
fn json_has_the_verdict_next_to_the_status() {
    let simulator = serving(200, DETAILED);
    let ended = run(against(&simulator).arg("check").args(IMAGE).args(["--per", "region", "-o", "json"]));
    let report = json(&ended);
    assert_eq!(ended.code, 1);
    assert_eq!(report["verdict"]["ready"], false);
    assert_eq!(
        report["verdict"]["reason"],
        "not ready: region North America (na) has 2 failed machines, at most 0 allowed"
    );
    assert_eq!(report["verdict"]["scopes"][0]["scope"]["region_id"], "eu");
    assert_eq!(
        report["verdict"]["scopes"][1]["shortfalls"],
        serde_json::json!([{"count": "failed_machines", "have": 2, "limit": 0}])
    );
    assert_eq!(report["summary"]["failed_regions"][0]["name"], "North America");
}

#[test]
fn an_invalid_option_is_refused_by_name() {
    for (arguments, expected) in [
        ("--max-pending 101%", "a percentage is at most 100%"),
        ("--max-failed few", "invalid limit `few`: give a number of machines such as 3, or a percentage such as 5%"),
        ("--per planet", "[possible values: total, fleet, region]"),
        ("--max-failed -1", "invalid limit `-1`"),
        ("--max-failed 99999999999999999999", "it is at most 18446744073709551615"),
        ("--min-completed -1", "-1"),
        ("--timeout soon", "expected number at 0; use a duration such as 90s or 2m"),
        ("--base-url ftp://host", "the scheme `ftp` is not https or http"),
        ("--base-url http://api.example", "use https://, or `--allow-http`"),
        ("--ca-file /no/such.pem --base-url https://localhost", "no trusted certificates in --ca-file /no/such.pem"),
        ("--image abc", "invalid value 'abc' for '--image <[ASID/]N>': expected a number, 1 or greater"),
        ("--asid abc", "invalid value 'abc' for '--asid <N>': expected a number, 1 or greater"),
    ] {
        let ended = run(command()
            .env("CLANFORGE_TOKEN", "a-token")
            .arg("check")
            .args(IMAGE)
            .args(arguments.split_whitespace()));
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{arguments}: {ended:?}");
        assert!(ended.stderr.contains(expected), "{arguments}: {ended:?}");
    }
    for arguments in [&["check", "--asid", "1234"][..], &["check", "--image", "5"], &[], &["chekc"]] {
        assert_eq!(run(command().args(arguments)).code, 2, "{arguments:?}");
    }
}

#[test]
fn a_closed_standard_output_changes_no_exit_code() {
    let simulator = simulator("happy");
    let mut child = against(&simulator)
        .arg("check")
        .args(IMAGE)
        .args(["--max-pending", "0", "-o", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]));
}
