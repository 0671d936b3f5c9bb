//! The clock and the endpoints by which tests control a simulation.

use std::time::Duration;

use clanforge_simulator::{Options, Reply, Scenario, Simulator};
use serde_json::{Value, json};

use crate::wire::{BASIC, Wire};

const STATUS: &str = "/cfp/v2/project/1/image/2/status";

fn scenario(name: &str) -> Scenario {
    Scenario::builtin(name).unwrap()
}

fn happy() -> Simulator {
    Simulator::start(Options::new(scenario("happy"))).unwrap()
}

/// Returns the number of completed machines of an image.
fn completed(simulator: &Simulator, image: u64) -> u64 {
    let mut wire = Wire::to(simulator);
    wire.send(&format!("/cfp/v2/project/1/image/{image}/status"), BASIC);
    serde_json::from_str::<Value>(&wire.response().1).unwrap()["completed_machines"].as_u64().unwrap()
}

/// Returns the status line and the body of the response to a request of the simulation's own endpoints.
fn control(wire: &mut Wire, method: &str, endpoint: &str) -> (String, Value) {
    wire.send_bytes(format!("{method} /simulation{endpoint} HTTP/1.1\r\nHost: simulator\r\n\r\n").as_bytes());
    let (head, body) = wire.response();
    (head.lines().next().unwrap_or_default().to_owned(), serde_json::from_str(&body).unwrap())
}

/// Pauses for this number of seconds, and returns the time.
fn pause(wire: &mut Wire, seconds: f64) -> Duration {
    time(&control(wire, "POST", &format!("/sleep?seconds={seconds}")).1)
}

fn time(body: &Value) -> Duration {
    Duration::from_secs_f64(body["seconds"].as_f64().unwrap())
}

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn a_pause_moves_the_clock_by_exactly_its_length_and_nothing_else_does() {
    let simulator = happy();
    let mut wire = Wire::to(&simulator);
    let began = pause(&mut wire, 0.0);
    assert_eq!(completed(&simulator, 2), 54);
    assert_eq!(pause(&mut wire, 5.125), began + Duration::from_millis(5125));
    assert_eq!(pause(&mut wire, 0.0), began + Duration::from_millis(5125));
    assert_eq!(pause(&mut wire, 3600.5), began + Duration::from_millis(3_605_625));
    let now = simulator.now();
    assert!(std::iter::repeat_with(|| completed(&simulator, 2)).take(100).all(|completed| completed == 54));
    assert_eq!(simulator.now(), now);
}

#[test]
fn the_clock_waits_for_every_wait_and_skips_to_the_first_that_ends_its_pause() {
    let simulator = happy();
    let (mut first, mut second) = (Wire::to(&simulator), Wire::to(&simulator));
    let began = pause(&mut first, 0.0);
    pause(&mut second, 0.0);
    first.send_bytes(b"POST /simulation/sleep?seconds=10 HTTP/1.1\r\nHost: simulator\r\n\r\n");
    assert_eq!([pause(&mut second, 4.0), pause(&mut second, 4.0)], [began + secs(4), began + secs(8)]);
    second.send_bytes(b"POST /simulation/sleep?seconds=100 HTTP/1.1\r\nHost: simulator\r\n\r\n");
    assert_eq!(time(&serde_json::from_str(&first.response().1).unwrap()), began + secs(10));
    // A wait that has ended holds up no other.
    drop(first);
    assert_eq!(time(&serde_json::from_str(&second.response().1).unwrap()), began + secs(108));
}

#[test]
fn a_wait_that_asks_for_nothing_any_more_holds_up_the_others_for_a_while_only() {
    let simulator = happy();
    let (mut silent, mut other) = (Wire::to(&simulator), Wire::to(&simulator));
    let began = pause(&mut silent, 0.0);
    assert_eq!(pause(&mut other, 60.0), began + secs(60));
    // It takes part again with its next pause.
    assert_eq!(pause(&mut silent, 0.0), began + secs(60));
}

#[test]
fn a_pause_lasts_in_a_simulation_with_a_speed_of_its_own() {
    let simulator = Simulator::start(Options::new(scenario("happy")).speed(1000.0)).unwrap();
    let mut wire = Wire::to(&simulator);
    let (began, real) = (pause(&mut wire, 0.0), std::time::Instant::now());
    assert!(pause(&mut wire, 100.0) >= began + secs(100) && real.elapsed() >= Duration::from_millis(100));
}

#[test]
fn a_rollout_starts_when_it_is_told_to() {
    let simulator = happy();
    let mut wire = Wire::to(&simulator);
    for _ in 0..2 {
        control(&mut wire, "POST", "/start-rollout");
        control(&mut wire, "POST", "/advance?seconds=121");
    }
    // Two minutes after the first of these calls, and at the first request.
    assert!(completed(&simulator, 2) < 54);
    assert_eq!(simulator.requests(), 1);
}

#[test]
fn each_image_has_a_rollout_of_its_own() {
    let options = Options::new(scenario("happy")).image(3, scenario("stale-start"));
    let simulator = Simulator::start(options).unwrap();
    assert_eq!([2, 3, 4].map(|image| completed(&simulator, image)), [54, 40, 54]);
    simulator.start_rollout(Some(2));
    simulator.advance(secs(150));
    assert!(completed(&simulator, 2) < 54);
    assert_eq!([3, 4].map(|image| completed(&simulator, image)), [40, 54]);
}

#[test]
fn errors_and_outages_are_served_on_demand() {
    let simulator = happy();
    let mut wire = Wire::to(&simulator);
    control(&mut wire, "POST", "/fail-next?count=2&status=502");
    let statuses: Vec<_> = (0..3)
        .map(|_| {
            wire.send(STATUS, BASIC);
            wire.response().0.lines().next().unwrap_or_default().to_owned()
        })
        .collect();
    assert_eq!(statuses, ["HTTP/1.1 502 Bad Gateway", "HTTP/1.1 502 Bad Gateway", "HTTP/1.1 200 OK"]);
    control(&mut wire, "POST", "/outage?seconds=60");
    let mut other = Wire::to(&simulator);
    other.send(STATUS, BASIC);
    assert!(other.until_end().was_reset);
    control(&mut wire, "POST", "/advance?seconds=60");
    assert_eq!(completed(&simulator, 2), 54);
    simulator.inject(Reply::CloseBeforeResponse, 1);
    let mut other = Wire::to(&simulator);
    other.send(STATUS, BASIC);
    assert_eq!(other.until_end().text, "");
}

#[test]
fn the_requests_that_arrived_are_listed() {
    let simulator = happy();
    completed(&simulator, 7);
    let mut wire = Wire::to(&simulator);
    let (_, received) = control(&mut wire, "GET", "/requests");
    assert_eq!(
        (&received[0]["method"], &received[0]["target"]),
        (&json!("GET"), &json!("/cfp/v2/project/1/image/7/status"))
    );
    let (_, state) = control(&mut wire, "GET", "");
    assert_eq!(state["requests"], 1);
    // This connection, and perhaps the one of the request.
    assert!((1..=2).contains(&state["open_connections"].as_u64().unwrap()), "{state}");
}

#[test]
fn an_invalid_request_to_a_control_endpoint_is_refused_with_the_reason() {
    let simulator = happy();
    let mut wire = Wire::to(&simulator);
    for (method, endpoint, expected) in [
        ("POST", "/advance", "`seconds` is missing: add ?seconds=60 to the URL"),
        ("POST", "/advance?seconds=soon", "invalid seconds `soon`: must be a number"),
        ("POST", "/advance?seconds=-1", "invalid seconds `-1`"),
        ("POST", "/outage?seconds=NaN", "invalid seconds `NaN`"),
        ("POST", "/fail-next?status=9", "status 9"),
        ("POST", "/start-rollout?image=x", "invalid image `x`: must be a number"),
        ("GET", "/advance", "there is no GET /simulation/advance"),
        ("POST", "/stop", "there is no POST /simulation/stop"),
    ] {
        let (status, body) = control(&mut wire, method, endpoint);
        assert_eq!(status, "HTTP/1.1 400 Bad Request", "{endpoint}");
        assert!(body["error"].as_str().unwrap().contains(expected), "{endpoint}: {body}");
    }
}
