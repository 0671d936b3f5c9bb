//! Scenario files: the built-in ones, and invalid ones.

use std::time::Duration;

use clanforge_simulator::command::{find, list};
use clanforge_simulator::scenario::SCHEMA;
use clanforge_simulator::{Rollout, Scenario, When};

const ROLLOUT: &str = r#"rollout = { packaging = "1m", install = { median = "3m" } }"#;

#[test]
fn every_built_in_scenario_is_valid_and_listed_with_its_description() {
    assert!(Scenario::builtin_names().count() >= 8);
    for name in Scenario::builtin_names() {
        let scenario = Scenario::builtin(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        Rollout::new(&scenario).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(list().contains(&scenario.description), "{name}");
    }
}

#[test]
fn the_committed_schema_is_that_of_the_types_and_describes_every_built_in_scenario() {
    let generated = clanforge_core::schema::input::<Scenario>();
    if std::env::var_os("CLANFORGE_GENERATE").is_some() {
        return std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/scenario.json"), generated).unwrap();
    }
    assert_eq!(SCHEMA, generated, "the schema of scenarios is stale: cargo xtask generate");
    let schema = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios")).unwrap();
    for file in files.map(|file| file.unwrap().path()) {
        let scenario: serde_json::Value = toml::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let errors: Vec<_> = schema.iter_errors(&scenario).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0], "{}", file.display());
    }
}

#[test]
fn the_example_in_the_documentation_is_a_valid_scenario() {
    let scenario: Scenario = include_str!("two-regions.toml").parse().unwrap();
    assert_eq!((scenario.fleets[0].regions.len(), scenario.faults.len()), (2, 1));
}

#[test]
fn an_invalid_scenario_is_refused_with_the_reason() {
    let region = |rest: &str| {
        format!(r#"{ROLLOUT}{NL}fleets = [{{ id = "f", regions = [{{ id = "r", name = "R", {rest} }}] }}]"#, NL = "\n")
    };
    for (text, expected) in [
        (String::new(), "neither a [rollout] nor [[responses]]"),
        (format!("{ROLLOUT}\nresponses = [{{ kind = \"hang\" }}]"), "keep only one of them"),
        ("responses = [{ kind = \"hang\" }]\nfleets = [{ id = \"f\" }]".to_owned(), "[[fleets]] without a [rollout]"),
        (format!("{ROLLOUT}\nspeed = 2"), "unknown field `speed`"),
        (ROLLOUT.replace("3m", "soon"), "invalid duration `soon`"),
        (ROLLOUT.replace("3m", "0s"), "install.median is shorter than 1s"),
        (ROLLOUT.replace("3m", "9999 years"), "longer than a year"),
        (ROLLOUT.replace("\"3m\"", "\"3m\", spread = -1.0"), "install.spread is -1"),
        (ROLLOUT.replace("\"3m\" }", "\"3m\" }, parallel_installs = 0"), "parallel_installs is 0"),
        (ROLLOUT.replace("\"3m\" }", "\"3m\" }, failure = { share = 1.5 }"), "failure.share is 1.5"),
        (
            ROLLOUT.replace("\"3m\" }", "\"3m\" }, failure = { removed_after = \"0s\" }"),
            "failure.removed_after is shorter than 1s",
        ),
        (
            ROLLOUT.replace("\"3m\" }", "\"3m\" }, batches = { count = 0, apart = { least = \"1m\", most = \"2m\" } }"),
            "batches.count is 0",
        ),
        (
            ROLLOUT.replace("\"3m\" }", "\"3m\" }, batches = { count = 3, apart = { least = \"2m\", most = \"1m\" } }"),
            "batches.apart.least is longer",
        ),
        (format!("{ROLLOUT}\nreplicas = {{ lags = [] }}"), "replicas.lags has 0 lags"),
        (
            format!("{ROLLOUT}\nreplicas = {{ lags = [\"0s\"], kept = {{ least = \"2m\", most = \"1m\" }} }}"),
            "replicas.kept.least is longer",
        ),
        (format!("{ROLLOUT}\nfleets = [{{ id = \"f\" }}, {{ id = \"f\" }}]"), "fleet id `f` is not unique"),
        (region("machines = 2, failing = 3"), "3 failing machines: must be at most its 2 machines"),
        (region("machines = -2"), "machines"),
        (region("machines = 2000000"), "must be at most 1000000"),
        (
            region("machines = 2, scaling = [{ at = \"2m\", machines = 1 }, { at = \"1m\", machines = 1 }]"),
            "not in chronological order",
        ),
        (format!("{ROLLOUT}\nfaults = [{{ reply = {{ kind = \"explode\" }} }}]"), "explode"),
        (format!("{ROLLOUT}\nfaults = [{{ reply = {{ kind = \"hang\" }}, every = 0 }}]"), "every = 0"),
        (
            format!("{ROLLOUT}\nfaults = [{{ reply = {{ kind = \"hang\" }}, requests = {{ from = 3, to = 2 }} }}]"),
            "requests.from must be at least 1",
        ),
        (
            format!(
                "{ROLLOUT}\nfaults = [{{ reply = {{ kind = \"hang\" }}, during = {{ from = \"3m\", to = \"2m\" }} }}]"
            ),
            "empty period",
        ),
        (format!("{ROLLOUT}\nfaults = [{{ reply = {{ kind = \"response\", status = 99 }} }}]"), "status 99"),
        (
            format!("{ROLLOUT}\nfaults = [{{ reply = {{ kind = \"response\", headers = {{ \"a b\" = \"c\" }} }} }}]"),
            "header `a b`",
        ),
    ] {
        let text = format!("description = \"x\"\n{text}");
        let error = text.parse::<Scenario>().expect_err(&text).to_string();
        assert!(error.starts_with("invalid scenario: ") && error.contains(expected), "{text}\n{error}");
    }
}

#[test]
fn a_scenario_is_found_by_name_or_file_or_refused_with_the_known_names() {
    assert!(find("happy").is_ok());
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/outage.toml");
    assert_eq!(find(file), Scenario::builtin("outage"));
    assert!(
        find("hapy")
            .unwrap_err()
            .to_string()
            .contains("no scenario is called `hapy`: choose one of happy, stale-start")
    );
    assert!(find("./no-such.toml").unwrap_err().to_string().contains("./no-such.toml cannot be read"));
}

#[test]
fn a_fault_applies_when_all_of_its_conditions_hold() {
    let fault = |rest: &str| {
        let text = format!("description = \"x\"\n{ROLLOUT}\nfaults = [{{ reply = {{ kind = \"hang\" }}, {rest} }}]");
        text.parse::<Scenario>().unwrap().faults.remove(0)
    };
    let at = |seconds, request| When { rollout: Duration::from_secs(seconds), request };
    for (rest, applies, does_not) in [
        (r#"during = { from = "1m", to = "2m" }"#, vec![at(60, 1), at(119, 9)], vec![at(59, 1), at(120, 1)]),
        ("requests = { from = 3, to = 5 }", vec![at(0, 3), at(9, 5)], vec![at(0, 2), at(0, 6)]),
        ("every = 7", vec![at(0, 7), at(0, 14)], vec![at(0, 1), at(0, 8)]),
        (r#"every = 2, during = { from = "1m", to = "2m" }"#, vec![at(60, 2)], vec![at(60, 1), at(0, 2)]),
    ] {
        let fault = fault(rest);
        assert!(applies.iter().all(|when| fault.applies(*when)), "{rest}");
        assert!(!does_not.iter().any(|when| fault.applies(*when)), "{rest}");
    }
}

#[test]
fn the_autoscaling_scenario_adds_and_removes_machines() {
    let mut rollout = Rollout::new(&Scenario::builtin("autoscaling").unwrap()).unwrap().unwrap();
    let totals: Vec<_> = (0..60)
        .map(|minute| {
            rollout.advance(Duration::from_secs(60 * minute));
            rollout.status(false).total_machines()
        })
        .collect();
    assert!(
        totals.iter().any(|total| *total > totals[0]) && totals.iter().any(|total| *total < totals[0]),
        "{totals:?}"
    );
    assert!(rollout.is_complete());
}

#[test]
fn a_wrong_value_of_a_scenario_in_json_or_toml_is_named_with_its_path_and_what_is_expected() {
    let rollout = |packaging: serde_json::Value| {
        serde_json::json!({
            "description": "d",
            "rollout": { "packaging": packaging, "install": { "median": "3m" } },
        })
    };
    for (value, problem) in [
        (rollout(60.into()), "`rollout.packaging`: invalid type: integer `60`, expected a duration such as \"90s\""),
        (rollout("soon".into()), "`rollout.packaging`: invalid duration `soon`"),
        (
            serde_json::json!({ "description": "d", "rollout": { "packaging": "1m", "install": { "median": 3 } } }),
            "`rollout.install.median`: invalid type: integer `3`, expected a duration such as",
        ),
        (serde_json::json!({ "description": 5 }), "`description`: invalid type: integer `5`, expected a string"),
    ] {
        let text = toml::to_string(&value).unwrap();
        for error in [Scenario::from_json(value).unwrap_err(), text.parse::<Scenario>().unwrap_err()] {
            assert!(error.to_string().starts_with(&format!("invalid scenario: {problem}")), "{error}");
        }
    }
}
