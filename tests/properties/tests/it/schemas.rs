//! The JSON Schemas describe what is written, and what they allow is read.

use std::collections::HashMap;
use std::sync::LazyLock;

use clanforge::schema;
use clanforge_core::Gate;
use clanforge_core::monitor::Policy;
use jsonschema::Validator;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

static VALIDATORS: LazyLock<HashMap<&str, Validator>> = LazyLock::new(|| {
    let validator = |schema| jsonschema::validator_for(&serde_json::from_str(schema).expect("a schema is JSON"));
    let named = |name| validator(schema::get(name).expect("there is a schema")).expect("it is a schema");
    schema::NAMES.iter().map(|name| (*name, named(name))).collect()
});

/// Fails if what is written is not what the schema of the document describes.
pub(crate) fn assert_valid(document: &str, written: &impl Serialize) {
    let written = serde_json::to_value(written).expect("it is JSON");
    if let Err(error) = VALIDATORS[document].validate(&written) {
        panic!("{document}: {error} at {}: {written}", error.instance_path());
    }
}

/// A limit, or something like it.
fn limit() -> impl Strategy<Value = Value> {
    let share = "[0-9]{0,4}(\\.[0-9]{0,6})? ?%{0,2}";
    prop_oneof![share.prop_map(Value::from), ".{0,6}".prop_map(Value::from), any::<i64>().prop_map(Value::from)]
}

/// Returns the JSON of the value with another value of one of its fields.
fn with(value: &impl Serialize, field: &str, other: impl Into<Value>) -> Value {
    let mut json = serde_json::to_value(value).expect("it is JSON");
    json[field] = other.into();
    json
}

/// Fails if the schema allows what is not read, or refuses what is written after it was read.
fn assert_same<T: Serialize + DeserializeOwned>(document: &str, json: &Value) {
    let read = serde_json::from_value::<T>(json.clone());
    assert!(read.is_ok() || !VALIDATORS[document].is_valid(json), "the schema allows {json}");
    if let Ok(read) = read {
        assert_valid(document, &read);
    }
}

proptest! {
    #[test]
    fn the_schema_of_limits_is_what_is_read_and_written(limit in limit()) {
        assert_same::<Gate>("gate", &with(&Gate::default(), "max_failed", limit));
    }

    #[test]
    fn the_schema_of_shares_is_what_is_read_and_written(share in limit()) {
        assert_same::<Policy>("policy", &with(&Policy::default(), "evidence", share));
    }

    #[test]
    fn the_schema_of_seconds_is_what_is_read_and_written(seconds in prop_oneof![any::<f64>(), -1e9..1e9]) {
        assert_same::<Policy>("policy", &with(&Policy::default(), "stall_timeout_seconds", seconds));
    }

    #[test]
    fn only_version_1_is_read(version in 0..3_u32) {
        let policy = with(&Policy::default(), "version", version);
        prop_assert_eq!(serde_json::from_value::<Policy>(policy.clone()).is_ok(), version == 1);
        prop_assert_eq!(VALIDATORS["policy"].is_valid(&policy), version == 1);
    }
}
