//! The JSON Schemas describe what is written, and refuse what is refused.

use std::collections::HashMap;
use std::sync::LazyLock;

use clanforge_core::Gate;
use clanforge_core::monitor::Policy;
use jsonschema::Validator;
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};

static VALIDATORS: LazyLock<HashMap<&str, Validator>> = LazyLock::new(|| {
    let validator = |schema| jsonschema::validator_for(&serde_json::from_str(schema).expect("a schema is JSON"));
    clanforge::schema::DOCUMENTS
        .iter()
        .map(|(name, schema)| (*name, validator(schema).expect("it is a schema")))
        .collect()
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

fn is_accepted(policy: &Value) -> bool {
    serde_json::from_value::<Policy>(policy.clone()).is_ok_and(|policy| policy.validate().is_ok())
}

proptest! {
    #[test]
    fn a_limit_is_read_exactly_if_its_schema_allows_it(limit in limit()) {
        let gate = json!({"version": 1, "max_failed": limit});
        prop_assert_eq!(serde_json::from_value::<Gate>(gate.clone()).is_ok(), VALIDATORS["gate"].is_valid(&gate), "{}", gate);
    }

    #[test]
    fn a_share_is_accepted_exactly_if_its_schema_allows_it(share in limit()) {
        let policy = json!({"version": 1, "evidence": share});
        prop_assert_eq!(is_accepted(&policy), VALIDATORS["policy"].is_valid(&policy), "{}", policy);
    }

    #[test]
    fn seconds_are_accepted_exactly_if_their_schema_allows_them(seconds in prop_oneof![any::<f64>(), -1e9..1e9]) {
        let policy = json!({"version": 1, "stall_timeout_seconds": seconds});
        prop_assert_eq!(is_accepted(&policy), VALIDATORS["policy"].is_valid(&policy), "{}", policy);
    }

    #[test]
    fn another_version_is_refused(version: u32) {
        let gate = json!({"version": version});
        prop_assert_eq!(serde_json::from_value::<Gate>(gate.clone()).is_ok(), VALIDATORS["gate"].is_valid(&gate));
    }
}
