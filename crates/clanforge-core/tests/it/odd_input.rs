//! Input that nobody sends on purpose: it ends in an error and in nothing worse.

use clanforge_core::{ResponseError, decode_image_status};

const DOCUMENTED: &str = r#"{"fleets": {"fleet-1": {"regions": {"region-1": {"name": "North America",
    "pending_machines": 1, "completed_machines": 2}}, "pending_machines": 1, "completed_machines": 2}},
    "pending_machines": 1, "completed_machines": 2}"#;

fn decode_error(body: &[u8]) -> clanforge_core::DecodeError {
    match decode_image_status(body) {
        Err(ResponseError::Decode(error)) => error,
        other => panic!("not a decode error: {other:?}"),
    }
}

#[test]
fn nesting_without_end_is_an_error_and_no_overflow_of_the_stack() {
    for (opening, place) in [("[", "fleets"), (r#"{"a":"#, "fleets"), ("[", "unknown"), (r#"{"a":"#, "error")] {
        let body = format!(
            r#"{{"pending_machines": 0, "completed_machines": 1, "{place}": {}"#,
            opening.repeat(2_000_000 / opening.len())
        );
        assert!(decode_error(body.as_bytes()).path().starts_with('$'));
    }
}

#[test]
fn an_error_quotes_little_of_a_body_and_stays_on_one_line() {
    let huge = "x\\n".repeat(1_000_000);
    let body = format!(r#"{{"pending_machines": "{huge}", "completed_machines": 1}}"#);
    let text = decode_error(body.as_bytes()).to_string();
    assert!(text.len() < 600 && !text.contains('\n'), "{text}");

    let body = format!(r#"{{"pending_machines": 0, "completed_machines": 1, "fleets": {{"{huge}": 5}}}}"#);
    let text = decode_error(body.as_bytes()).to_string();
    assert!(text.len() < 600 && !text.contains('\n'), "{text}");
}

#[test]
fn every_beginning_of_a_status_is_an_error() {
    for end in 0..DOCUMENTED.len() {
        decode_error(&DOCUMENTED.as_bytes()[..end]);
    }
    assert!(decode_image_status(DOCUMENTED.as_bytes()).is_ok());
}
