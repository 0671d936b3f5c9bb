//! `--ci`, `--ci-outputs`, `--ci-summary`: of `check`, `wait` and `rollout`

use std::collections::BTreeMap;
use std::fs::read_to_string;
use std::process::Command;
use std::time::Duration;

use clanforge_simulator::{Reply, Simulator};
use serde_json::{Value, json};

use crate::process::{Finished, against, command, counts, json, run, serving, serving_in_turn, simulator};

const IMAGE: [&str; 4] = ["--asid", "1", "--image", "2"];

const FAILED: &str = r#"{"pending_machines": 0, "failed_machines": 2, "completed_machines": 38, "fleets": {"fleet-1": {
    "pending_machines": 0, "failed_machines": 2, "completed_machines": 38, "regions": {
        "eu": {"name": "Europe", "pending_machines": 0, "failed_machines": 0, "completed_machines": 20},
        "na": {"name": "50% ##vso[x]\n::error::['|]", "pending_machines": 0, "failed_machines": 2, "completed_machines": 18}}}}}"#;

/// What the command says about that status, line by line.
const REASON: &str = "not ready: the image has 2 failed machines, at most 0 allowed";
const REGION: &str = r"region 50% #\u{23}vso[x]\n::error::['|]: 2 of 20 machines failed";

fn check(body: &str, arguments: &[&str]) -> Finished {
    run(against(&serving(200, body)).arg("check").args(IMAGE).args(arguments))
}

/// Returns a rollout of a scenario in simulated time.
fn rollout(scenario: &str) -> (Simulator, Command) {
    let simulator = simulator(scenario);
    simulator.advance(Duration::ZERO);
    let mut rollout = command();
    rollout.envs(simulator.environment()).arg("rollout").args(IMAGE);
    (simulator, rollout)
}

#[test]
fn each_system_gets_the_verdict_and_the_failed_regions_in_its_own_commands() {
    let region_of_teamcity = r"region 50% #\u{23}vso|[x|]\n::error::|[|'|||]: 2 of 20 machines failed";
    for (system, expected) in [
        ("github", format!("::error title=clanforge::{REASON}%0A{}\n", REGION.replace('%', "%25"))),
        ("gitlab", format!("{REASON}\n{REGION}\n")),
        ("buildkite", format!("+++ {REASON}\n    {REGION}\n")),
        (
            "azure",
            format!(
                "##vso[task.logissue type=error;]{REASON}%0A{}\n\
                 ##vso[task.setvariable variable=outcome;isOutput=true;]failed\n\
                 ##vso[task.setvariable variable=reason;isOutput=true;]{REASON}\n\
                 ##vso[task.setvariable variable=freshness;isOutput=true;]unknown\n\
                 ##vso[task.setvariable variable=percent_complete;isOutput=true;]95.0\n",
                REGION.replace('%', "%AZP25")
            ),
        ),
        (
            "teamcity",
            format!(
                "##teamcity[buildProblem description='{REASON}|n{region_of_teamcity}' identity='clanforge']\n\
                 ##teamcity[setParameter name='clanforge.outcome' value='failed']\n\
                 ##teamcity[setParameter name='clanforge.reason' value='{REASON}']\n\
                 ##teamcity[setParameter name='clanforge.freshness' value='unknown']\n\
                 ##teamcity[buildStatisticValue key='clanforge.percent_complete' value='95.0']\n"
            ),
        ),
    ] {
        let ended = check(FAILED, &["--ci", system, "-o", "json"]);
        assert_eq!((ended.code, &ended.stderr), (1, &expected), "{system}");
        assert_eq!(json(&ended)["verdict"]["ready"], false);
    }
    let text = check(FAILED, &["--ci", "teamcity"]);
    assert_eq!(text.stderr, "");
    assert!(text.stdout.contains("\n##teamcity[buildProblem description='"), "{text:?}");
}

#[test]
fn the_level_follows_from_how_the_command_ended() {
    for (body, level) in [
        (counts(0, 0, 40), "::notice title=clanforge::ready: 40 of 40 machines"),
        (counts(2, 0, 38), "::warning title=clanforge::not ready: "),
        (counts(0, 2, 38), "::error title=clanforge::not ready: "),
        (counts(0, 0, 0), "::error title=clanforge::not ready: "),
        ("not a status".to_owned(), "::error title=clanforge::the response "),
    ] {
        let ended = check(&body, &["--ci", "github"]);
        assert!(ended.stderr.starts_with(level), "{level}: {ended:?}");
    }
    let assumed = serving(200, &counts(0, 0, 40));
    let wait = ["wait", "--ci", "github", "--start-grace", "10ms", "--settle", "0s", "--min-interval", "10ms"];
    let ended = run(against(&assumed).args(wait).args(IMAGE));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stderr.contains("\n::endgroup::\n::warning title=clanforge::ready: "), "{ended:?}");
}

#[test]
fn the_system_is_known_by_its_variables_unless_it_is_named() {
    let simulator = serving(200, FAILED);
    let check = |arguments: &[&str]| {
        let mut command = against(&simulator);
        command.env("TF_BUILD", "True").arg("check").args(IMAGE).args(arguments);
        run(&mut command).stderr
    };
    assert!(check(&[]).starts_with("##vso[task.logissue "));
    assert!(check(&["--ci", "github"]).starts_with("::error "));
    assert_eq!(check(&["--ci", "none"]), "");
}

#[test]
fn a_wait_is_a_group_with_progress_and_its_result_is_below_it() {
    let (_simulator, mut command) = rollout("failures-stay");
    let ended = run(command.args(["--ci", "teamcity", "-o", "json", "--", "true"]));
    assert_eq!(ended.code, 1, "{ended:?}");
    let told: Vec<_> = ended.stderr.lines().filter(|line| line.starts_with("##teamcity[")).collect();
    let group = "name='clanforge: waiting for image 2 of account service 1'";
    assert_eq!(told[0], format!("##teamcity[blockOpened {group}]"));
    assert_eq!(told[1], "##teamcity[progressMessage 'waiting for the rollout to start']");
    assert!(told[2].starts_with("##teamcity[progressMessage '0 of 42 machines completed"), "{told:?}");
    let end = told.iter().position(|line| *line == format!("##teamcity[blockClosed {group}]")).unwrap();
    assert!(told[end + 1].starts_with("##teamcity[buildProblem description='failed: "), "{told:?}");
    assert!(told[end + 1].contains("machines failed' identity="), "the failed regions are named: {told:?}");
    json(&ended);
}

#[test]
fn the_files_of_a_step_are_written_for_github_by_name_only() {
    let folder = tempfile::tempdir().unwrap();
    let (outputs, summary) = (folder.path().join("outputs"), folder.path().join("summary"));
    let in_step = |system: &str, scenario: &str| {
        let (_simulator, mut command) = rollout(scenario);
        let variables = [("GITHUB_OUTPUT", &outputs), ("GITHUB_STEP_SUMMARY", &summary)];
        run(command.env("GITHUB_ACTIONS", "true").envs(variables).args(["--ci", system, "--", "true"]))
    };
    std::fs::write(&outputs, "before=1\n").unwrap();
    let ended = in_step("auto", "happy");
    assert!(ended.stderr.contains("::notice title=clanforge::ready: "), "{ended:?}");
    assert_eq!((read_to_string(&outputs).unwrap(), summary.exists()), ("before=1\n".to_owned(), false));

    assert_eq!(in_step("github", "happy").code, 0);
    let written = read_to_string(&outputs).unwrap();
    let written: Vec<_> = written.lines().map(|line| line.split_once('=').unwrap()).collect();
    assert_eq!(written[..2], [("before", "1"), ("outcome", "ready")]);
    assert!(written[2].0 == "reason" && written[2].1.starts_with("ready: 54 of 54 machines"), "{written:?}");
    assert_eq!(written[3..], [("freshness", "observed"), ("percent_complete", "100")]);
    let shown = read_to_string(&summary).unwrap();
    assert!(shown.starts_with("## Ready after ") && shown.contains("xychart-beta"), "{shown}");
    assert!(shown.contains("| <code>Europe</code> |"), "{shown}");

    assert_eq!(in_step("github", "failures-stay").code, 1);
    let shown = read_to_string(&summary).unwrap();
    assert!(shown.starts_with("## Ready after ") && shown.contains("\n## Failed after "), "{shown}");
}

#[test]
fn outputs_and_summary_are_written_where_options_say() {
    let folder = tempfile::tempdir().unwrap();
    let (outputs, summary) = (folder.path().join("outputs.env"), folder.path().join("summary.md"));
    let files = ["--ci-outputs", outputs.to_str().unwrap(), "--ci-summary", summary.to_str().unwrap()];
    std::fs::write(&outputs, "of another job").unwrap();
    assert_eq!(check(FAILED, &files).code, 1);
    let expected = format!(
        "CLANFORGE_OUTCOME=failed\nCLANFORGE_REASON={REASON}\nCLANFORGE_FRESHNESS=unknown\n\
         CLANFORGE_PERCENT_COMPLETE=95.0\n"
    );
    assert_eq!(read_to_string(&outputs).unwrap(), expected);
    let shown = read_to_string(&summary).unwrap();
    let region = "| <code>50% &#35;&#92;u&#123;23&#125;vso&#91;x&#93;&#92;n::error::&#91;'&#124;&#93;</code> \
                  | <code>fleet-1</code> | 18 | 0 | 2 |\n";
    assert!(shown.starts_with(&format!("## failed\n\n{REASON}\n\n")) && shown.contains(region), "{shown}");

    let refused = check("not a status", &files);
    assert_eq!(refused.code, 5);
    let written = read_to_string(&outputs).unwrap();
    assert!(written.starts_with("CLANFORGE_OUTCOME=error\nCLANFORGE_REASON=the response "), "{written}");
    assert!(written.ends_with("=unknown\nCLANFORGE_PERCENT_COMPLETE=\n"), "{written}");
    assert!(read_to_string(&summary).unwrap().starts_with("## error\n\nthe response "));
}

#[test]
fn a_command_that_fails_is_reported_and_there_is_no_wait() {
    let folder = tempfile::tempdir().unwrap();
    let outputs = folder.path().join("outputs.env");
    let (_simulator, mut command) = rollout("happy");
    let ended = run(command.args(["--ci", "github", "--ci-outputs"]).arg(&outputs).args(["--", "false"]));
    assert_eq!(ended.code, 7, "{ended:?}");
    let message = "false: the command exited with code 1; not waiting for the rollout\n";
    assert_eq!(ended.stderr, format!("error: {message}::error title=clanforge::{message}"));
    assert!(read_to_string(&outputs).unwrap().starts_with("CLANFORGE_OUTCOME=deploy_failed\n"));
}

#[test]
fn several_images_have_one_result() {
    let simulator = serving(200, &counts(0, 0, 40));
    let images = ["--asid", "1", "--image", "2", "--image", "3"];
    let ended = run(against(&simulator).args(["check", "--ci", "github", "-o", "json"]).args(images));
    let ready = "ready: 40 of 40 machines completed, 0 pending, 0 failed";
    assert_eq!(ended.stderr, format!("::notice title=clanforge::1/2: {ready}%0A1/3: {ready}\n"));
}

#[test]
fn a_file_that_cannot_be_written_is_refused_before_anything_is_read() {
    let simulator = serving(200, FAILED);
    let nowhere = ["check", "--ci-outputs", "/nowhere/outputs"];
    let ended = run(against(&simulator).args(nowhere).args(IMAGE));
    assert_eq!(ended.code, 9, "{ended:?}");
    assert!(ended.stderr.starts_with("error: could not write /nowhere/outputs: "), "{ended:?}");
    assert_eq!(simulator.received().len(), 0);
}

/// Texts that a CI system would take for commands if they were in its log.
const HOSTILE: [&str; 17] = [
    "::error::x",
    " \t::warning file=a::x",
    "\u{85}::error::x",
    "\u{2003}::error::x",
    "##vso[task.complete result=Failed]",
    "x ##vso[task.setvariable variable=a]b",
    "###vso[task.complete]",
    "##teamcity[buildStop comment='x']",
    "x ##teamcity[buildStop comment='x']",
    "##[error]x",
    "x\n::error::x",
    "x\r::error::x",
    "\u{1b}[0Ksection_start:1:x\r\u{1b}[0Kx",
    "--- x",
    " +++ x",
    "~~~ x",
    "^^^ +++",
];

/// Fails if a line is a command of a CI system.
fn assert_no_command(ended: &Finished) {
    for line in ended.stdout.split(['\n', '\r']).chain(ended.stderr.split(['\n', '\r'])) {
        let begins = ["::", "---", "+++", "~~~", "^^^"].iter().any(|command| line.trim_start().starts_with(command));
        let contains = ["##vso[", "##teamcity[", "##[", "\u{1b}"].iter().any(|command| line.contains(command));
        assert!(!begins && !contains, "{line:?} is a command: {ended:?}");
    }
}

/// Returns a status whose fleet and regions have hostile names and IDs.
fn hostile_status() -> Value {
    let counts = |failed: u32| json!({"pending_machines": 0, "failed_machines": failed, "completed_machines": 20});
    let regions = HOSTILE.iter().map(|name| {
        let mut region = counts(1);
        region["name"] = json!(name);
        ((*name).to_owned(), region)
    });
    let regions: serde_json::Map<_, _> = regions.collect();
    let all = json!({"pending_machines": 0, "failed_machines": 17, "completed_machines": 340});
    let mut fleet = all.clone();
    fleet["regions"] = Value::Object(regions);
    let mut status = all;
    status["fleets"] = json!({ "::error::fleet": fleet });
    status
}

#[test]
fn nothing_that_a_status_names_is_a_command_of_a_ci_system() {
    let folder = tempfile::tempdir().unwrap();
    let recording = folder.path().join("wait.jsonl");
    let simulator = serving(200, &hostile_status().to_string());
    let run = |words: &str| {
        let mut command = against(&simulator);
        command.args(words.split_whitespace());
        match words.split_once(' ') {
            Some(("report", _)) => command.arg(&recording),
            Some(("wait", _)) => command.args(IMAGE).arg("--record").arg(&recording),
            _ => command.args(IMAGE),
        };
        let ended = run(&mut command);
        assert!(ended.stdout.contains("start:1"), "the names are not shown: {words}: {ended:?}");
        assert_no_command(&ended);
    };
    for words in [
        "status --detail",
        "status --detail -o json",
        "status -o openmetrics",
        "baseline",
        "check --per region",
        "check --per region -o json",
        "wait --per region --start-grace 10ms --settle 0s --min-interval 10ms",
        "wait --per region --start-grace 10ms --settle 0s --min-interval 10ms -o json",
        "wait --per region --start-grace 10ms --settle 0s --min-interval 10ms -o jsonl",
        "report -o html",
        "report -o svg",
        "report -o md",
    ] {
        run(words);
    }
}

#[test]
fn nothing_that_an_error_quotes_is_a_command_of_a_ci_system() {
    for text in HOSTILE {
        let in_header: String = text.chars().filter(|character| matches!(character, ' '..='~')).collect();
        let in_header = in_header.trim().to_owned();
        let of_service = json!({"error": {"code": text, "message": text}, "success": false}).to_string();
        let bodies = [(400, of_service), (502, text.to_owned()), (200, json!({ text: text }).to_string())];
        let headers = ["content-type", "x-request-id", "location", "retry-after"];
        let headers: BTreeMap<_, _> = headers.map(|name| (name.to_owned(), in_header.clone())).into();
        for (status, body) in bodies.into_iter().chain([(302, String::new())]) {
            let simulator = serving_in_turn([Reply::Response { status, headers: headers.clone(), body }]);
            for words in [&["check", "--retries", "0"][..], &["wait", "--progress", "plain", "--timeout", "50ms"]] {
                let ended = run(against(&simulator).args(words).args(IMAGE));
                assert!(ended.code > 1, "{ended:?}");
                assert_no_command(&ended);
            }
        }
    }
}
