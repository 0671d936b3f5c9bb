//! How errors, outcomes and verdicts end a command.

use std::collections::BTreeSet;

use clanforge_core::monitor::OutcomeKind;
use clanforge_core::{ErrorKind, ExitCode, Gate, ImageStatus, MachineCounts};

#[test]
fn every_exit_code_has_a_number_and_a_meaning_of_its_own() {
    let codes = ExitCode::ALL.map(ExitCode::code);
    assert!(codes.is_sorted_by(|one, next| one < next), "{codes:?}");
    assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 124, 129, 130, 143]);
    let meanings: BTreeSet<_> = ExitCode::ALL.iter().map(|exit| exit.meaning()).collect();
    assert_eq!(meanings.len(), ExitCode::ALL.len());
}

#[test]
fn of_several_exit_codes_the_first_in_a_fixed_order_counts() {
    let mut codes: Vec<_> = ExitCode::ALL.to_vec();
    let mut order = Vec::new();
    while !codes.is_empty() {
        let first = ExitCode::first(codes.iter().copied());
        codes.retain(|code| *code != first);
        order.push(first.code());
    }
    assert_eq!(order, [129, 130, 143, 2, 4, 9, 5, 7, 1, 3, 6, 124, 8, 0]);
    assert_eq!(ExitCode::first([]), ExitCode::NotReady);
}

#[test]
fn every_kind_of_error_has_its_exit_code() {
    let codes = ErrorKind::ALL.map(|kind| (kind.as_str(), kind.exit_code().code()));
    let expected = [
        ("configuration", 2),
        ("authentication", 4),
        ("permission_denied", 4),
        ("not_found", 5),
        ("rate_limited", 5),
        ("server", 5),
        ("api", 5),
        ("redirect", 5),
        ("connection", 5),
        ("timeout", 5),
        ("decode", 5),
        ("local", 9),
        ("busy", 8),
        ("deploy", 7),
        ("internal", 5),
    ];
    assert_eq!(codes, expected);
}

#[test]
fn every_kind_of_outcome_has_its_exit_code() {
    let codes = OutcomeKind::ALL.map(|kind| (kind.as_str(), kind.exit_code().code()));
    let expected =
        [("ready", 0), ("failed", 1), ("stalled", 3), ("timed_out", 124), ("not_started", 6), ("unreachable", 5)];
    assert_eq!(codes, expected);
}

#[test]
fn only_wrong_configuration_or_credentials_failed_deployments_and_defects_are_permanent() {
    let permanent: Vec<_> =
        ErrorKind::ALL.into_iter().filter(|kind| kind.is_permanent()).map(ErrorKind::as_str).collect();
    assert_eq!(permanent, ["configuration", "authentication", "permission_denied", "deploy", "internal"]);
}

#[test]
fn every_name_in_json_is_the_name_in_text() {
    for kind in ErrorKind::ALL {
        assert_eq!(serde_json::to_value(kind).expect("a kind is JSON"), kind.as_str());
    }
    for kind in OutcomeKind::ALL {
        assert_eq!(serde_json::to_value(kind).expect("a kind is JSON"), kind.as_str());
    }
}

#[test]
fn a_verdict_reports_failures_before_the_absence_of_machines_before_not_ready() {
    let exit = |gate: Gate, [pending, failed, completed]: [u64; 3]| {
        let status = ImageStatus::new(MachineCounts::new(pending, failed, completed).expect("small counts fit"));
        gate.evaluate(&status).exit_code(&status)
    };
    assert_eq!(exit(Gate::default(), [0, 0, 3]), ExitCode::Ready);
    assert_eq!(exit(Gate::default(), [1, 1, 0]), ExitCode::Failed);
    assert_eq!(exit(Gate::default(), [0, 0, 0]), ExitCode::NotStarted);
    assert_eq!(exit(Gate::default(), [1, 0, 2]), ExitCode::NotReady);
    // The gate's region is missing from a status without detail, and the image has no machines either.
    assert_eq!(exit(Gate::default().region("EU"), [0, 0, 0]), ExitCode::NotStarted);
    assert_eq!(exit(Gate::default().region("EU"), [0, 0, 3]), ExitCode::NotReady);
    assert_eq!(exit(Gate::default().min_completed(0), [0, 0, 0]), ExitCode::Ready);
}
