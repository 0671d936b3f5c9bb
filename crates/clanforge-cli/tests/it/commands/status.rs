//! `clanforge status`

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};

use clanforge_simulator::{Reply, Simulator};
use serde_json::Value;

use crate::process::{against, counts, json, run, serving, serving_in_turn, simulator};

const IMAGE: [&str; 4] = ["--asid", "1234", "--image", "5678"];

/// Returns the body of the response to the documented request, sent without the client.
fn body_without_client(simulator: &Simulator, query: &str) -> Value {
    let mut stream = TcpStream::connect(simulator.url().replace("http://", "")).unwrap();
    let authorization = "Basic c2ltdWxhdG9yLWFjY2Vzcy1rZXk6c2ltdWxhdG9yLXNlY3JldC1rZXk=";
    let target = format!("/cfp/v2/project/1234/image/5678/status{query}");
    write!(
        stream,
        "GET {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {authorization}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    serde_json::from_str(response.split_once("\r\n\r\n").unwrap().1).unwrap()
}

#[test]
fn json_has_the_fields_of_the_response() {
    let simulator = simulator("failures-stay");
    for (arguments, query) in [(&["--detail"][..], "?detail=true"), (&[][..], "")] {
        let ended = run(against(&simulator).arg("status").args(IMAGE).args(arguments).args(["-o", "json"]));
        assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
        let report = json(&ended);
        assert_eq!(report["image"], serde_json::json!({"account_service_id": 1234, "image_id": 5678}));
        assert_eq!(report["status"], body_without_client(&simulator, query));
        assert_eq!(report["summary"]["readiness"], "ready");
        assert_eq!(report["summary"]["is_ready"], true);
        assert_eq!(report["summary"]["total_machines"], 42);
        assert_eq!(report["summary"]["percent_complete"], 100.0);
        assert_eq!(report["summary"]["failed_regions"].is_array(), query.contains("true"));
        assert_eq!(report["summary"]["pending_regions"].is_array(), query.contains("true"));
        assert_eq!(report.get("verdict"), None);
    }
}

#[test]
fn text_lists_the_regions_that_lag_most_first() {
    let region = |name: &str, pending, failed, completed| {
        format!(
            r#"{{"name": "{name}", "pending_machines": {pending}, "failed_machines": {failed}, "completed_machines": {completed}}}"#
        )
    };
    let body = format!(
        r#"{{"pending_machines": 5, "failed_machines": 2, "completed_machines": 33, "fleets": {{"fleet-1": {{
            "pending_machines": 5, "failed_machines": 2, "completed_machines": 33,
            "regions": {{"a": {}, "b": {}, "c": {}}}}}}}}}"#,
        region("Asia", 0, 0, 10),
        region("Europe", 5, 0, 15),
        region("North America", 0, 2, 8),
    );
    let simulator = serving(200, &body);
    let ended = run(against(&simulator).arg("status").args(IMAGE).arg("--detail"));
    assert_eq!(
        ended.stdout,
        "image 5678 of account service 1234: installing\n\
         33 of 40 machines completed (82.5 %), 5 pending, 2 failed\n\n\
         REGION         ID  FLEET    PENDING  FAILED  COMPLETED  COMPLETE\n\
         Europe         b   fleet-1        5       0         15    75.0 %\n\
         North America  c   fleet-1        0       2          8    80.0 %\n\
         Asia           a   fleet-1        0       0         10     100 %\n"
    );
    assert_eq!(ended.code, 0);
}

#[test]
fn counts_that_do_not_add_up_are_noted() {
    let body = r#"{"pending_machines": 1, "completed_machines": 1, "fleets": []}"#;
    let ended = run(against(&serving(200, body)).arg("status").args(IMAGE).arg("--detail"));
    assert!(
        ended.stdout.contains("no fleets\nnote: the counts of the image are not the sum of its fleets"),
        "{ended:?}"
    );
}

#[test]
fn a_fleet_without_regions_is_listed() {
    let body = r#"{"pending_machines": 1, "completed_machines": 1, "fleets": {"fleet-9": {"pending_machines": 1, "completed_machines": 1, "regions": []}}}"#;
    let ended = run(against(&serving(200, body)).arg("status").args(IMAGE).arg("--detail"));
    assert!(ended.stdout.contains("(no regions)  -   fleet-9        1       0          1    50.0 %"), "{ended:?}");
}

#[test]
fn an_error_has_its_exit_code_and_is_a_document() {
    let envelope =
        r#"{"success": false, "error": true, "error_code": 1, "error_message": "image locked by diffid: 218595"}"#;
    for (status, body, code, expected) in [
        (200, envelope, 5, "error code 1: image locked by diffid: 218595"),
        (200, "<html>", 5, "HTML or XML, not JSON"),
        (
            401,
            "",
            4,
            "HTTP 401 Unauthorized: the service rejected the credentials; check CLANFORGE_ACCESS_KEY and CLANFORGE_SECRET_KEY",
        ),
        (403, "", 4, "no access to the account service"),
        (404, "", 5, "no such image"),
        (500, "", 5, "HTTP 500 Internal Server Error: the service failed"),
        (302, "", 5, "HTTP 302 Found: the service sent an unexpected response"),
    ] {
        let simulator = serving(status, body);
        let ended = run(against(&simulator).arg("status").args(IMAGE).args(["--retries", "0", "-o", "json"]));
        assert_eq!(ended.code, code, "{ended:?}");
        assert!(ended.stderr.starts_with("error: ") && ended.stderr.contains(expected), "{ended:?}");
        let failure = json(&ended);
        assert_eq!(ended.stderr, format!("error: {}\n", failure["message"].as_str().unwrap()));
        assert_eq!((&failure["status"], &failure["attempts"]), (&status.into(), &1.into()), "{ended:?}");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
    }
}

#[test]
fn an_option_that_is_given_twice_is_refused_unless_its_values_are_the_same() {
    for (arguments, expected) in [
        ("status --asid 1 --asid 2 --image 3", "--asid is given twice, with 1 and 2"),
        ("status --asid 1 --image 2/3/4", "invalid value '2/3/4' for '--image <[ASID/]N>'"),
        ("wait --asid 1 --image 2 --since a --since b", "--since is given twice, with \"a\" and \"b\""),
        ("wait --asid 1 --image 2 --record a --record b", "--record is given twice"),
        ("baseline --asid 1 --image 2 --output-file a --output-file b", "--output-file is given twice"),
        ("status --asid 1 --image 0", "invalid image ID 0"),
    ] {
        let simulator = serving(200, &counts(0, 0, 12));
        let ended = run(against(&simulator).args(arguments.split(' ')));
        assert_eq!((ended.code, simulator.requests()), (2, 0), "{arguments}: {ended:?}");
        assert!(ended.stderr.contains(expected), "{arguments}: {ended:?}");
    }
    let simulator = serving(200, &counts(0, 0, 12));
    let same = "status --asid 1 --image 2 --asid 1 --image 2 --timeout 1m --timeout 2m";
    assert_eq!(run(against(&simulator).args(same.split(' '))).code, 0);
}

#[test]
fn an_attempt_and_a_connection_have_deadlines_of_their_own() {
    let simulator = serving_in_turn([Reply::Hang]);
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("https://{}", silent.local_addr().unwrap());
    for (url, option, expected) in [
        (simulator.url(), "--attempt-timeout", "within the 0.1 s attempt timeout"),
        (silent, "--connect-timeout", "within 0.1 s"),
    ] {
        for command in ["status", "check", "baseline", "wait"] {
            let mut process = against(&simulator);
            process.arg(command).args(IMAGE).args(["--base-url", &url, option, "100ms", "--ca-file", ca_file()]);
            match command {
                "wait" => {
                    process.args(["--max-unreachable", "10ms", "--min-interval", "10ms", "--max-interval", "10ms"])
                }
                _ => process.args(["--retries", "0"]),
            };
            let ended = run(&mut process);
            assert!(ended.code == 5 && ended.stderr.contains(expected), "{command}: {ended:?}");
        }
    }
}

fn ca_file() -> &'static str {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../clanforge/tests/certificates/P-256.sha512.ca.pem")
}

#[test]
fn control_characters_in_a_region_name_are_escaped() {
    let body = r#"{"pending_machines": 0, "completed_machines": 1, "fleets": {"f": {"pending_machines": 0, "completed_machines": 1,
        "regions": {"r": {"name": "\u001b[2Jgone", "pending_machines": 0, "completed_machines": 1}}}}}"#;
    let simulator = serving(200, body);
    for arguments in [&["status", "--detail"][..], &["check", "--per", "region", "--min-completed", "9"]] {
        let ended = run(against(&simulator).args(arguments).args(IMAGE));
        assert!(!ended.stdout.contains('\u{1b}') && ended.stdout.contains("\\u{1b}[2Jgone"), "{ended:?}");
    }
}

#[test]
fn metrics_of_the_image_each_fleet_and_each_region_are_valid_whatever_their_names() {
    let region = |name: &str| serde_json::json!({"name": name, "pending_machines": 1, "failed_machines": 0, "completed_machines": 2});
    let hostile = "E\"u\\rope\n# TYPE x counter {a=\"b\"} \u{202e}";
    let body = serde_json::json!({
        "pending_machines": 1, "failed_machines": 0, "completed_machines": 2,
        "fleets": {"f": {"pending_machines": 1, "failed_machines": 0, "completed_machines": 2, "regions": {"r": region(hostile)}}},
    });
    let simulator = serving(200, &body.to_string());
    let ended = run(against(&simulator).args(["status", "--asid", "1", "--image", "2", "-o", "openmetrics"]));
    assert_eq!(ended.code, 0, "{ended:?}");
    for line in [
        r#"clanforge_image_machines{account_service_id="1",image_id="2",state="completed"} 2.0"#,
        r#"clanforge_image_ready{account_service_id="1",image_id="2"} 0.0"#,
        r#"clanforge_fleet_machines{account_service_id="1",image_id="2",fleet_id="f",state="pending"} 1.0"#,
        "# EOF",
    ] {
        assert!(ended.stdout.lines().any(|printed| printed == line), "{line}: {ended:?}");
    }
    assert!(ended.stdout.contains(r#"region="E\"u\\rope\n# TYPE x counter {a=\"b\"}"#), "{ended:?}");
    // Debian's package prometheus has promtool, which checks metrics.
    let Ok(mut promtool) = Command::new("promtool").args(["check", "metrics"]).stdin(Stdio::piped()).spawn() else {
        assert!(std::env::var_os("CI").is_none(), "promtool is not installed, and CI tests everything");
        return;
    };
    promtool.stdin.take().unwrap().write_all(ended.stdout.as_bytes()).unwrap();
    assert!(promtool.wait().unwrap().success(), "{ended:?}");
}
