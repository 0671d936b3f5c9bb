//! Runs the shared cases, which every language must answer alike.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clanforge_core::{Gate, ImageStatus, ResponseError, decode_image_status};
use serde_json::{Value, json};

/// Runs one case and returns what differs from its expected result.
type Run = fn(&Value) -> Result<(), String>;

const KINDS: [(&str, Run); 3] = [("decode", decode), ("summary", summary), ("gate", gate)];

#[test]
fn every_shared_case_is_answered_as_expected() {
    let mut run = BTreeMap::new();
    let mut failures = Vec::new();
    for (kind, file) in case_files() {
        let (_, answer) = KINDS.into_iter().find(|(known, _)| *known == kind).unwrap_or_else(|| {
            panic!("{} is of the unknown kind `{kind}`", file.display());
        });
        let content = read_json(&file);
        assert_eq!(content["kind"], kind.as_str(), "{} is in the folder of another kind", file.display());
        let cases = content["cases"].as_array().expect("the schema asks for a list of cases");
        assert!(!cases.is_empty(), "{} has no cases", file.display());
        for case in cases {
            if let Err(difference) = answer(case) {
                failures.push(format!("{}: {}\n    {difference}", file.display(), case["name"]));
            }
        }
        *run.entry(kind).or_insert(0) += cases.len();
    }
    assert!(failures.is_empty(), "{} cases differ:\n{}", failures.len(), failures.join("\n"));
    for (kind, _) in KINDS {
        assert!(run.contains_key(kind), "no case of the kind `{kind}` was run");
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
        _ => return Err("it has no single body".to_owned()),
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
    actual["percent_text"] = json!(status.counts().percent_text());
    actual["regions"] = json!(status.regions().map(Iterator::collect::<Vec<_>>));
    actual["mismatches"] = json!(status.mismatches());
    let mut expected = case["expect"].clone();
    // Equal within one part in a billion is equal; the text beside it is compared to the letter.
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
        let message = error.to_string();
        return match texts.iter().find(|text| !text.as_str().is_some_and(|text| message.contains(text))) {
            Some(text) => Err(format!("{text} is not in: {message}")),
            None => Ok(()),
        };
    }
    let gate = gate.map_err(|error| error.to_string())?;
    let mut actual = json!(gate.evaluate(&status(&case["status"])?));
    actual["needs_detail"] = json!(gate.needs_detail());
    same(&case["expect"], &actual)
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

/// Returns every file below the folder of cases but the schema, with the name of the folder that it is in.
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
