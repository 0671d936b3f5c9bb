//! What a client that reads bytes receives.

use std::collections::BTreeMap;
use std::time::Duration;

use clanforge_simulator::{Identity, Options, Reply, Scenario, Simulator};
use serde_json::Value;

use crate::wire::{BASIC, Wire};

const STATUS: &str = "/cfp/v2/project/1/image/2/status";

fn happy() -> Simulator {
    Simulator::start(Options::new(Scenario::builtin("happy").unwrap())).unwrap()
}

fn get(simulator: &Simulator, target: &str, authorization: &str) -> (String, Value) {
    let mut wire = Wire::to(simulator);
    wire.send(target, authorization);
    let (head, body) = wire.response();
    (head.lines().next().unwrap_or_default().to_owned(), serde_json::from_str(&body).unwrap())
}

#[test]
fn fleets_are_in_the_body_only_when_detail_is_asked_for() {
    let simulator = happy();
    for (target, has_fleets) in
        [(STATUS.to_owned(), false), (format!("{STATUS}?detail=false"), false), (format!("{STATUS}?detail=true"), true)]
    {
        let (status, body) = get(&simulator, &target, BASIC);
        assert_eq!(status, "HTTP/1.1 200 OK");
        assert_eq!(body.get("fleets").is_some(), has_fleets, "{target}");
        assert_eq!(body["completed_machines"], 54);
        assert_eq!(simulator.received().last().unwrap().target, target);
    }
}

#[test]
fn every_level_has_the_documented_fields() {
    let (_, body) = get(&happy(), &format!("{STATUS}?detail=true"), BASIC);
    let fleets = body["fleets"].as_object().unwrap();
    assert_eq!(fleets.len(), 2);
    for fleet in fleets.values() {
        for region in fleet["regions"].as_object().unwrap().values() {
            assert!(region["name"].is_string());
            for count in ["pending_machines", "failed_machines", "completed_machines"] {
                assert!(body[count].is_u64() && fleet[count].is_u64() && region[count].is_u64());
            }
        }
    }
}

#[test]
fn a_request_that_is_not_allowed_or_not_valid_is_refused() {
    let identity = Identity { account_service_id: Some(1), image_id: Some(2), ..Identity::default() };
    let options = Options::new(Scenario::builtin("happy").unwrap()).identity(identity);
    let simulator = Simulator::start(options).unwrap();
    for (target, authorization, expected) in [
        (STATUS, "", 401),
        (STATUS, "Basic d3Jvbmc6a2V5cw==", 401),
        (STATUS, "Bearer wrong", 401),
        (STATUS, "Digest x", 401),
        (STATUS, "Bearer simulator-token", 200),
        ("/cfp/v2/project/9/image/2/status", BASIC, 403),
        ("/cfp/v2/project/1/image/9/status", BASIC, 404),
        ("/cfp/v2/project/1/image/two/status", BASIC, 404),
        ("/", BASIC, 404),
        ("/cfp/v2/project/1/image/2/status?detail=maybe", BASIC, 400),
    ] {
        let (status, body) = get(&simulator, target, authorization);
        assert!(status.starts_with(&format!("HTTP/1.1 {expected} ")), "{target} {authorization}: {status}");
        assert_eq!(body.get("error_message").is_some(), expected != 200);
    }
}

#[test]
fn a_connection_is_kept_for_the_next_request() {
    let simulator = happy();
    let mut wire = Wire::to(&simulator);
    for _ in 0..3 {
        wire.send(STATUS, BASIC);
        assert!(wire.response().0.starts_with("HTTP/1.1 200"));
    }
    assert_eq!((simulator.requests(), simulator.connections(), simulator.open_connections()), (3, 1, 1));
}

#[test]
fn bytes_that_are_not_a_request_get_400_and_close_the_connection() {
    let simulator = happy();
    let mut wire = Wire::to(&simulator);
    wire.send("/ with spaces and\u{1} controls", BASIC);
    let arrived = wire.until_end();
    assert!(arrived.text.starts_with("HTTP/1.1 400") && !arrived.was_reset, "{arrived:?}");
    assert_eq!(simulator.requests(), 0);
}

#[test]
fn every_fault_sends_and_omits_what_it_says() {
    let body = br#"{"pending_machines":0,"failed_machines":0,"completed_machines":54}"#.len();
    let announced = format!("Content-Length: {body}\r\n");
    let short = format!("Content-Length: {}\r\n", body / 2);
    for (reply, expected, omitted, was_reset) in [
        (Reply::CloseBeforeResponse, "", "HTTP", false),
        (Reply::ResetBeforeResponse, "", "HTTP", true),
        (Reply::ResetWithinHead, "HTTP/1.1 200 OK", "\r\n\r\n", true),
        (Reply::ResetWithinBody, announced.as_str(), "completed", true),
        (Reply::CloseWithinBody, announced.as_str(), "completed", false),
        (Reply::CloseAfterResponse, r#""completed_machines":54}"#, "Connection:", false),
        (Reply::Raw { bytes: "HELLO\r\n".to_owned() }, "HELLO\r\n", "HTTP", false),
    ] {
        let simulator = happy();
        simulator.inject(reply.clone(), 1);
        let mut wire = Wire::to(&simulator);
        wire.send(STATUS, BASIC);
        let arrived = wire.until_end();
        assert!(arrived.text.contains(expected) && !arrived.text.contains(omitted), "{reply:?}: {arrived:?}");
        assert_eq!(arrived.was_reset, was_reset, "{reply:?}");
    }
    for (reply, expected) in [
        (Reply::TruncatedJson, short.as_str()),
        (Reply::RateLimited { retry_after: "7".to_owned() }, "Retry-After: 7\r\n"),
        (
            Reply::Redirect { status: 307, location: "https://elsewhere.example/".to_owned() },
            "Location: https://elsewhere.example/",
        ),
        (Reply::HugeBody { bytes: 100_000 }, "Content-Length: 100000\r\n"),
    ] {
        let simulator = happy();
        simulator.inject(reply.clone(), 1);
        let mut wire = Wire::to(&simulator);
        wire.send(STATUS, BASIC);
        let (head, _) = wire.response();
        assert!(head.contains(expected), "{reply:?}: {head}");
    }
}

#[test]
fn an_endless_body_goes_on_until_the_client_closes_the_connection() {
    let simulator = happy();
    simulator.inject(Reply::EndlessBody, 1);
    let mut wire = Wire::to(&simulator);
    wire.send(STATUS, BASIC);
    wire.read(16 << 20);
    drop(wire);
    until(|| simulator.open_connections() == 0);
}

#[test]
fn a_request_without_a_response_ends_when_the_client_closes_the_connection() {
    let simulator = happy();
    for reply in [Reply::Hang, Reply::Delay { delay: Duration::from_secs(3600) }] {
        simulator.inject(reply, 1);
        let mut wire = Wire::to(&simulator);
        wire.send(STATUS, BASIC);
        wire.close();
        assert_eq!(wire.until_end().text, "");
        until(|| simulator.open_connections() == 0);
    }
}

#[test]
fn a_connection_that_closes_on_reuse_serves_one_request() {
    let simulator = happy();
    simulator.inject(Reply::CloseOnReuse, 1);
    let mut wire = Wire::to(&simulator);
    wire.send(STATUS, BASIC);
    assert!(wire.response().0.starts_with("HTTP/1.1 200"));
    wire.send(STATUS, BASIC);
    assert_eq!(wire.until_end().text, "");
    assert_eq!(simulator.requests(), 1);
}

#[test]
fn scripted_responses_are_served_in_turn_and_the_last_repeats() {
    let response = |body: &str| Reply::Response { status: 200, headers: BTreeMap::new(), body: body.to_owned() };
    let scenario = Scenario::of_responses([response("[1]"), response("[2]")]);
    let simulator = Simulator::start(Options::new(scenario)).unwrap();
    let bodies: Vec<_> = (0..4).map(|_| get(&simulator, STATUS, BASIC).1.to_string()).collect();
    assert_eq!(bodies, ["[1]", "[2]", "[2]", "[2]"]);
}

#[test]
fn the_refusal_scenario_serves_two_errors_and_then_a_status() {
    let simulator = Simulator::start(Options::new(Scenario::builtin("refusal").unwrap())).unwrap();
    let refused: Vec<_> = (0..3).map(|_| get(&simulator, STATUS, BASIC).1.get("error_code").is_some()).collect();
    assert_eq!(refused, [true, true, false]);
}

#[test]
fn the_outage_scenario_resets_every_seventh_response() {
    let simulator = Simulator::start(Options::new(Scenario::builtin("outage").unwrap())).unwrap();
    for request in 1..=7 {
        let mut wire = Wire::to(&simulator);
        wire.send(STATUS, BASIC);
        match request {
            7 => assert!(wire.until_end().was_reset),
            _ => assert!(wire.response().0.starts_with("HTTP/1.1 200")),
        }
    }
}

#[test]
fn a_baseline_starts_nothing_and_the_rollout_then_runs_at_the_speed_of_the_clock() {
    let simulator = Simulator::start(Options::new(Scenario::builtin("happy").unwrap()).speed(1e6)).unwrap();
    assert_eq!(get(&simulator, STATUS, BASIC).1["completed_machines"], 54);
    let later = simulator.now() + Duration::from_secs(3600);
    until(|| simulator.now() > later);
    assert_eq!(get(&simulator, STATUS, BASIC).1["completed_machines"], 54);
    let later = simulator.now() + Duration::from_secs(3600);
    until(|| simulator.now() > later);
    let (_, body) = get(&simulator, STATUS, BASIC);
    assert_eq!((&body["pending_machines"], &body["completed_machines"]), (&0.into(), &54.into()));
}

#[test]
fn an_invalid_speed_and_a_taken_port_are_refused() {
    for (speed, expected) in [
        (0.0, "invalid speed 0"),
        (-1.0, "invalid speed -1"),
        (1e-300, "must be from 0.001 to 1000000"),
        (f64::NAN, "NaN"),
        (1e9, "to 1000000"),
    ] {
        let options = Options::new(Scenario::builtin("happy").unwrap()).speed(speed);
        assert!(Simulator::start(options).unwrap_err().to_string().contains(expected));
    }
    let taken = happy();
    let port = taken.url().rsplit(':').next().unwrap().parse().unwrap();
    let error = Simulator::start(Options::new(Scenario::builtin("happy").unwrap()).port(port)).unwrap_err();
    assert!(error.to_string().contains(&format!("cannot listen on 127.0.0.1:{port}: ")), "{error}");
}

/// Waits until a condition holds that another thread brings about.
fn until(condition: impl Fn() -> bool) {
    let deadline = std::time::Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(std::time::Instant::now() < deadline, "the condition never holds");
        std::thread::yield_now();
    }
}
