//! What the command understands and what it prints: its commands and options, as its own definition completes them, and the
//! fields of what it prints as JSON.

use std::collections::BTreeSet;

use anyhow::{Context, ensure};
use serde_json::Value;
use xshell::{Shell, cmd};

/// A recorded wait: a reading that failed, readings with detail, an outcome.
const RECORDING: &str = "tests/parity/recording.jsonl";

/// Returns the names that a user meets: `wait`, `wait(max-failed)`, and for what is printed `verdict.ready`.
///
/// # Errors
/// Where the command does not run.
pub(crate) fn public(shell: &Shell, command: &str) -> anyhow::Result<BTreeSet<String>> {
    let mut names = options(&cmd!(shell, "{command} completions fish").quiet().read()?);
    ensure!(names.contains("wait(max-failed)"), "the completions for fish have another form than was understood");
    let printed = cmd!(shell, "{command} replay {RECORDING} --output jsonl").quiet().ignore_status().read()?;
    for line in printed.lines() {
        let value: Value = serde_json::from_str(line).with_context(|| format!("replay printed no JSON: {line}"))?;
        let kind = value.get("update").and_then(Value::as_str).context("replay printed what is no update")?;
        fields(kind, &value, &mut names);
    }
    ensure!(
        ["reading.verdict", "read_failed.error", "outcome.reason"].iter().all(|name| names.contains(*name)),
        "{RECORDING} does not show every kind of update"
    );
    Ok(names)
}

/// Reads the lines that complete a command's options: `complete … using_subcommand wait" -l max-failed …`.
fn options(completions: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for line in completions.lines() {
        let Some((_, rest)) = line.split_once("__fish_clanforge_using_subcommand ") else { continue };
        let Some((command, rest)) = rest.split_once('"') else { continue };
        // Help and its command are clap's, and the same for all.
        if command.split(' ').any(|word| word == "help") {
            continue;
        }
        names.insert(command.to_owned());
        if let Some((_, option)) = rest.split_once(" -l ") {
            let option = option.split(' ').next().unwrap_or_default();
            names.extend((option != "help").then(|| format!("{command}({option})")));
        }
    }
    names
}

/// Adds the fields of an object, each as a member of what the object stands under: `verdict.scopes`, `scopes.counts`.
fn fields(owner: &str, value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                // Fleets and regions stand under their ids.
                if name.contains('-') {
                    fields(owner, member, names);
                } else {
                    fields(name, member, names);
                    names.insert(format!("{owner}.{name}"));
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| fields(owner, item, names)),
        _ => {}
    }
}
