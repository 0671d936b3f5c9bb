//! Malformed input is an error, never a panic or a stack overflow.

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
fn deep_nesting_is_an_error_and_not_a_stack_overflow() {
    for (opening, place) in [("[", "fleets"), (r#"{"a":"#, "fleets"), ("[", "unknown"), (r#"{"a":"#, "error")] {
        let body = format!(
            r#"{{"pending_machines": 0, "completed_machines": 1, "{place}": {}"#,
            opening.repeat(2_000_000 / opening.len())
        );
        assert!(decode_error(body.as_bytes()).path().starts_with('$'));
    }
}

#[test]
fn an_error_quotes_a_short_part_of_the_body_on_one_line() {
    let huge = "x\\n".repeat(1_000_000);
    let body = format!(r#"{{"pending_machines": "{huge}", "completed_machines": 1}}"#);
    let text = decode_error(body.as_bytes()).to_string();
    assert!(text.len() < 600 && !text.contains('\n'), "{text}");

    let body = format!(r#"{{"pending_machines": 0, "completed_machines": 1, "fleets": {{"{huge}": 5}}}}"#);
    let text = decode_error(body.as_bytes()).to_string();
    assert!(text.len() < 600 && !text.contains('\n'), "{text}");
}

#[test]
fn every_truncated_status_is_an_error() {
    for end in 0..DOCUMENTED.len() {
        decode_error(&DOCUMENTED.as_bytes()[..end]);
    }
    assert!(decode_image_status(DOCUMENTED.as_bytes()).is_ok());
}
