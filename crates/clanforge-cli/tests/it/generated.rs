//! Tables of the README that are generated from the code: `cargo xtask generate` writes them, and the test compares them.

use std::fmt::Write;
use std::path::Path;

use clanforge::ClientOptions;
use clanforge::monitor::Policy;
use clanforge_cli::ExitCode;
use clanforge_simulator::Scenario;

/// The variable with which `cargo xtask generate` makes the tests write what they would compare.
const WRITES: &str = "CLANFORGE_GENERATE";

#[test]
fn the_tables_of_the_readme_are_those_of_the_code() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(&file).unwrap();
    let tables = [
        ("exit codes", exit_codes()),
        ("defaults", client_defaults()),
        ("policy", policy()),
        ("scenarios", scenarios()),
    ];
    let current = tables.iter().fold(readme.clone(), |readme, (name, table)| replace(&readme, name, table));
    if writes() {
        std::fs::write(&file, &current).unwrap();
    } else {
        assert_eq!(readme, current, "the README is stale: run cargo xtask generate");
    }
}

/// Returns true if generated files are to be written instead of compared.
pub(crate) fn writes() -> bool {
    std::env::var_os(WRITES).is_some()
}

fn exit_codes() -> String {
    ExitCode::ALL.into_iter().fold("| Exit | Meaning |\n| --- | --- |\n".to_owned(), |mut table, exit| {
        writeln!(table, "| {} | {} |", exit.code(), exit.meaning()).unwrap();
        table
    })
}

fn client_defaults() -> String {
    let options = ClientOptions::default();
    let seconds = |duration: std::time::Duration| format!("{} s", duration.as_secs_f64());
    let rows = [
        ("base URL", ClientOptions::BASE_URL.to_owned()),
        ("connect timeout", format!("{}, including TLS", seconds(options.connect_timeout))),
        ("attempt timeout", seconds(options.attempt_timeout)),
        ("call timeout", format!("{}, including retries and backoff", seconds(options.timeout))),
        (
            "retries",
            format!("{}, after connection errors, timeouts, 408, 429, 500, 502, 503 and 504", options.retries),
        ),
        (
            "backoff",
            format!(
                "random from zero to {}, doubling up to {}; Retry-After is a minimum",
                seconds(options.initial_backoff),
                seconds(options.max_backoff)
            ),
        ),
        (
            "idle connections",
            format!("kept for {}; one that has died is replaced at once", seconds(options.idle_timeout)),
        ),
        ("response body", format!("at most {} MiB, after decompression", options.max_body_bytes / (1 << 20))),
    ];
    rows.into_iter().fold("| Setting | Default |\n| --- | --- |\n".to_owned(), |mut table, (setting, default)| {
        writeln!(table, "| {setting} | {default} |").unwrap();
        table
    })
}

fn policy() -> String {
    let policy = Policy::default();
    let minutes = |duration: std::time::Duration| format!("{} min", duration.as_secs() / 60);
    let seconds = |duration: std::time::Duration| format!("{} s", duration.as_secs_f64());
    let grace = |has_baseline| minutes(policy.start_grace(has_baseline));
    let rows = [
        ("gate", "strict".to_owned(), "the definition of ready, see above"),
        (
            "timeout",
            policy.timeout.map_or("none".to_owned(), minutes),
            "maximum time to wait, with a last reading at its end; unlimited only on request",
        ),
        (
            "stall_timeout",
            minutes(policy.stall_timeout),
            "maximum time without a new high of completed or a new low of pending machines; time without readings hardly counts",
        ),
        (
            "confirmations",
            policy.confirmations.to_string(),
            "consecutive readings that must agree before ready or failed is believed",
        ),
        (
            "start_grace",
            format!("{} with a baseline, {} without", grace(true), grace(false)),
            "maximum time until the rollout is seen to start; then the wait ends as `not_started`, or without a baseline continues and says so",
        ),
        (
            "evidence",
            policy.evidence.to_string(),
            "share of the machines that must leave the completed state within five minutes, and be pending, in two consecutive readings",
        ),
        ("require_fresh", policy.require_fresh.to_string(), "never report ready without that evidence"),
        ("max_unreachable", minutes(policy.max_unreachable), "maximum time without a successful reading"),
        ("fail_fast", policy.fail_fast.to_string(), "end as `failed` at once, without waiting for the other machines"),
        (
            "min_interval, max_interval",
            format!("{}, {}", seconds(policy.min_interval), seconds(policy.max_interval)),
            "poll interval: 5 s before the start, the minimum while confirming, otherwise such that the end is noticed 0.15 s late on average",
        ),
    ];
    rows.into_iter().fold(
        "| Field | Default | Meaning |\n| --- | --- | --- |\n".to_owned(),
        |mut table, (field, default, meaning)| {
            writeln!(table, "| `{field}` | {default} | {meaning} |").unwrap();
            table
        },
    )
}

fn scenarios() -> String {
    Scenario::builtin_names().fold("| Scenario | What it shows |\n| --- | --- |\n".to_owned(), |mut table, name| {
        writeln!(table, "| `{name}` | {} |", Scenario::builtin(name).unwrap().description).unwrap();
        table
    })
}

/// Replaces the content between the markers of a generated part.
fn replace(text: &str, name: &str, content: &str) -> String {
    let (begin, end) = (format!("<!-- generated: {name} -->\n"), "<!-- /generated -->");
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("the README has no part `{name}`"));
    let (_, after) = rest.split_once(end).unwrap_or_else(|| panic!("the part `{name}` of the README has no end"));
    format!("{before}{begin}{content}{end}{after}")
}
