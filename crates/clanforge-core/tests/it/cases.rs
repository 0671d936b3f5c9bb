//! Runs the shared cases, which have the same expected result in every language.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clanforge_core::monitor::{Baseline, Monitor, Next, Outcome, Policy, ReadFailure, Reading, Step, Update};
use clanforge_core::{Gate, ImageRef, ImageStatus, MachineCounts, ResponseError, decode_image_status};
use serde_json::{Value, json};

/// Runs one case and returns what differs from its expected result.
type Run = fn(&Value) -> Result<(), String>;

const KINDS: [(&str, Run); 4] = [("decode", decode), ("summary", summary), ("gate", gate), ("monitor", monitor)];

#[test]
fn every_shared_case_has_the_expected_result() {
    let mut counted = BTreeMap::new();
    let mut failures = Vec::new();
    for (kind, file) in case_files() {
        let (_, run_case) = KINDS.into_iter().find(|(known, _)| *known == kind).unwrap_or_else(|| {
            panic!("{} is of the unknown kind `{kind}`", file.display());
        });
        let content = read_json(&file);
        assert_eq!(content["kind"], kind.as_str(), "{} is in the folder of another kind", file.display());
        let cases = content["cases"].as_array().expect("the schema asks for a list of cases");
        assert!(!cases.is_empty(), "{} has no cases", file.display());
        for case in cases {
            if let Err(difference) = run_case(case) {
                failures.push(format!("{}: {}\n    {difference}", file.display(), case["name"]));
            }
        }
        *counted.entry(kind).or_insert(0) += cases.len();
    }
    assert!(failures.is_empty(), "{} cases differ:\n{}", failures.len(), failures.join("\n"));
    for (kind, _) in KINDS {
        assert!(counted.contains_key(kind), "no case of the kind `{kind}` was run");
    }
}

#[test]
fn every_file_of_cases_follows_the_schema() {
    let schema = read_json(&cases_folder().join("schema.json"));
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    for (_, file) in case_files() {
        let problems: Vec<_> = validator.iter_errors(&read_json(&file)).map(|error| error.to_string()).collect();
        assert!(problems.is_empty(), "{}: {}", file.display(), problems.join("; "));
    }
}

fn decode(case: &Value) -> Result<(), String> {
    let body = match (&case["body"], &case["body_base64"]) {
        (Value::String(text), Value::Null) => text.clone().into_bytes(),
        (Value::Null, Value::String(text)) => from_base64(text),
        _ => return Err("it has no body, or two".to_owned()),
    };
    let expected = &case["expect"];
    let actual = match decode_image_status(&body) {
        Ok(status) => json!({ "status": status }),
        Err(ResponseError::Api(error)) => json!({ "api_error": { "code": error.code(), "message": error.message() } }),
        Err(ResponseError::Decode(error)) => {
            let mentioned = |text: &&Value| text.as_str().is_some_and(|text| error.problem().contains(text));
            let contains = expected["decode_error"]["contains"].as_array().into_iter().flatten();
            let contains: Vec<_> = contains.filter(mentioned).collect();
            let actual = json!({ "decode_error": { "path": error.path(), "contains": contains } });
            return same(expected, &actual).map_err(|difference| format!("{difference} ({error})"));
        }
    };
    same(expected, &actual)
}

fn summary(case: &Value) -> Result<(), String> {
    let status = status(&case["status"])?;
    let mut actual = json!(status.summary());
    actual["percent_text"] = json!(status.percent_text());
    actual["regions"] = json!(status.regions().map(Iterator::collect::<Vec<_>>));
    actual["mismatches"] = json!(status.mismatches());
    let mut expected = case["expect"].clone();
    // Percentages are compared within one part in a billion; the text beside them exactly.
    if let (Some(expected), Some(actual)) = (expected["percent_complete"].as_f64(), actual["percent_complete"].as_f64())
        && (expected - actual).abs() > 1e-7
    {
        return Err(format!("percent_complete: expected {expected}, got {actual}"));
    }
    if expected["percent_complete"].is_number() && actual["percent_complete"].is_number() {
        expected["percent_complete"] = actual["percent_complete"].clone();
    }
    same(&expected, &actual)
}

fn gate(case: &Value) -> Result<(), String> {
    let gate: Result<Gate, _> = serde_json::from_value(case["gate"].clone());
    if let Some(texts) = case["expect"]["invalid"].as_array() {
        let Err(error) = gate else { return Err("it is a valid gate".to_owned()) };
        return contains_all(&error.to_string(), texts);
    }
    let gate = gate.map_err(|error| error.to_string())?;
    let mut actual = json!(gate.evaluate(&status(&case["status"])?));
    actual["needs_detail"] = json!(gate.needs_detail());
    same(&case["expect"], &actual)
}

/// Returns the monitor as if it had seen the rollout start.
pub(crate) fn started(monitor: &Monitor) -> Monitor {
    let mut snapshot = json!(monitor.snapshot());
    snapshot["state"]["evidence"]["is_seen"] = json!(true);
    Monitor::restore(serde_json::from_value(snapshot).expect("a snapshot")).expect("it is consistent")
}

fn monitor(case: &Value) -> Result<(), String> {
    let image = ImageRef::new(1234, 5678);
    let written = if case["policy"].is_null() { json!({}) } else { case["policy"].clone() };
    let policy = serde_json::from_value::<Policy>(written).map_err(|error| error.to_string());
    let baseline = match case.get("baseline") {
        Some(counts) if counts.is_array() => Some(Baseline::new(image, ImageStatus::new(triple(counts)))),
        Some(before) => Some(Baseline::new(image, status(before)?)),
        None => None,
    };
    let monitor =
        policy.and_then(|policy| Monitor::new(image, policy, baseline.as_ref()).map_err(|error| error.to_string()));
    let monitor = if case["has_started"].is_null() { monitor } else { monitor.map(|monitor| started(&monitor)) };
    let expected = &case["expect"];
    if let Some(texts) = expected["invalid"].as_array() {
        let Err(message) = monitor else { return Err("it is a valid policy".to_owned()) };
        return contains_all(&message, texts);
    }
    let mut monitor = monitor?;
    let readings = case["readings"].as_array().expect("the schema asks for readings");
    for (index, reading) in readings.iter().enumerate() {
        let at = reading["at"].as_f64().expect("the schema asks for a time");
        let Step { update, next } = monitor.observe(Duration::from_secs_f64(at), taken(reading)?);
        compare_step(&reading["expect"], &update, next.poll_interval())
            .map_err(|difference| format!("at {at} s: {difference}"))?;
        let is_last = index + 1 == readings.len();
        match next {
            Next::Read { .. } if !is_last => {}
            _ if !is_last => return Err(format!("the wait ends at {at} s, before the last reading: {next:?}")),
            Next::Read { .. } => return same(expected, &json!({ "goes_on": true })),
            Next::GiveUp => return same(&json!(expected["gives_up"].as_f64()), &json!(at)),
            Next::Finished(outcome) => return compare_outcome(expected, &outcome),
        }
    }
    Err("it has no readings".to_owned())
}

fn taken(reading: &Value) -> Result<Reading, String> {
    let Some(kind) = reading.get("error") else {
        let status = match reading.get("counts") {
            Some(counts) => ImageStatus::new(triple(counts)),
            None => status(&reading["status"])?,
        };
        return Ok(match reading["age"].as_f64() {
            Some(age) => Reading::Cached { status, age: Duration::from_secs_f64(age) },
            None => Reading::Status(status),
        });
    };
    Ok(Reading::Failed(ReadFailure {
        kind: serde_json::from_value(kind.clone()).map_err(|error| error.to_string())?,
        message: format!("a {} error", kind.as_str().unwrap_or_default()),
        status: None,
        retry_after: reading["retry_after"].as_f64().map(Duration::from_secs_f64),
        service_message: reading["service_message"].as_str().map(str::to_owned),
    }))
}

fn compare_step(expected: &Value, update: &Update, pause: Option<Duration>) -> Result<(), String> {
    let written = json!(update);
    let actual = json!({
        "freshness": written["freshness"],
        "has_estimate": written["estimate"].is_object(),
        "inconsistent": written["inconsistent"],
        "message": written["message"],
        "warnings": written["warnings"],
        "error": written["error"]["message"],
        "next": pause.map(|pause| pause.as_secs_f64()),
    });
    for (name, expected) in expected.as_object().into_iter().flatten() {
        if let ("next_between", Some([least, most])) = (name.as_str(), expected.as_array().map(Vec::as_slice)) {
            match (least.as_f64(), actual["next"].as_f64(), most.as_f64()) {
                (Some(least), Some(next), Some(most)) if (least..=most).contains(&next) => continue,
                _ => return Err(format!("next: expected between {least} and {most}, got {}", actual["next"])),
            }
        }
        let is_same = match (expected.as_f64(), actual[name].as_f64()) {
            (Some(expected), Some(actual)) => (expected - actual).abs() < 1e-6,
            _ => expected == &actual[name],
        };
        if !is_same {
            return Err(format!("{name}: expected {expected}, got {}", actual[name]));
        }
    }
    Ok(())
}

fn compare_outcome(expected: &Value, outcome: &Outcome) -> Result<(), String> {
    let age = outcome.status_age.map(|age| age.as_secs_f64());
    let mut actual = json!({
        "outcome": outcome.kind.as_str(),
        "freshness": outcome.freshness.as_str(),
        "at": outcome.elapsed.as_secs_f64(),
        "readings": outcome.readings,
        "errors": outcome.errors,
        "reason": expected["reason"],
    });
    if expected.get("inconsistent").is_some() {
        actual["inconsistent"] = json!(outcome.inconsistent);
    }
    if expected.get("warnings").is_some() {
        actual["warnings"] = json!(outcome.warnings);
    }
    if expected.get("status_age").is_some() {
        actual["status_age"] = json!(age);
    }
    let in_floats = |value: &Value| {
        let mut value = value.clone();
        for name in ["at", "status_age"] {
            if let Some(seconds) = value[name].as_f64() {
                value[name] = json!(seconds);
            }
        }
        value
    };
    same(&in_floats(expected), &in_floats(&actual))
        .map_err(|difference| format!("{difference} ({})", outcome.reason))?;
    contains_all(&outcome.reason, expected["reason"].as_array().map_or(&[], Vec::as_slice))
}

fn triple(counts: &Value) -> MachineCounts {
    let count = |index: usize| counts[index].as_u64().expect("the schema asks for three counts");
    MachineCounts::new(count(0), count(1), count(2)).expect("the counts of a case fit")
}

fn contains_all(message: &str, texts: &[Value]) -> Result<(), String> {
    match texts.iter().find(|text| !text.as_str().is_some_and(|text| message.contains(text))) {
        Some(text) => Err(format!("{text} is not in: {message}")),
        None => Ok(()),
    }
}

fn status(value: &Value) -> Result<ImageStatus, String> {
    decode_image_status(value.to_string().as_bytes()).map_err(|error| error.to_string())
}

fn same(expected: &Value, actual: &Value) -> Result<(), String> {
    match expected == actual {
        true => Ok(()),
        false => Err(format!("expected {expected}\n    got      {actual}")),
    }
}

/// Returns every file of cases, with the name of its folder.
fn case_files() -> Vec<(String, PathBuf)> {
    let kinds = entries(&cases_folder()).into_iter().filter(|path| path.is_dir());
    let files: Vec<_> = kinds
        .flat_map(|kind| {
            let name = kind.file_name().expect("a folder has a name").to_string_lossy().into_owned();
            entries(&kind).into_iter().map(move |file| (name.clone(), file))
        })
        .collect();
    assert!(!files.is_empty(), "there are no cases in {}", cases_folder().display());
    files
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry can be read").path()).collect();
    paths.sort();
    paths
}

fn cases_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases")
}

fn read_json(file: &Path) -> Value {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn from_base64(text: &str) -> Vec<u8> {
    use base64::Engine;

    base64::engine::general_purpose::STANDARD.decode(text).expect("body_base64 is base64")
}
