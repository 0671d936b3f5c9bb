//! Tables of the pages that are generated from the code: `cargo xtask generate` writes them, and the test compares them.

use std::fmt::Write;
use std::path::Path;

use clanforge_cli::ExitCode;
use clanforge_simulator::Scenario;

use crate::process::{command, run};

/// The variable with which `cargo xtask generate` makes the tests write what they would compare.
const WRITES: &str = "CLANFORGE_GENERATE";

/// A part of a page, by its name and by what makes it.
type Part = (&'static str, fn() -> String);

/// Each page with its generated parts.
const PAGES: [(&str, &[Part]); 3] = [
    ("docs/scenarios.md", &[("scenarios", scenarios)]),
    ("docs/reference/command-line.md", &[("exit codes", exit_codes), ("commands", commands)]),
    ("docs/reference/schemas.md", &[("schemas", schemas)]),
];

#[test]
fn the_tables_of_the_pages_are_those_of_the_code() {
    for (name, parts) in PAGES {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name);
        let page = std::fs::read_to_string(&file).unwrap();
        let current = parts.iter().fold(page.clone(), |page, (part, make)| replace(&page, part, &make()));
        if writes() {
            std::fs::write(&file, &current).unwrap();
        } else {
            assert_eq!(page, current, "{name} is stale: run cargo xtask generate");
        }
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

fn scenarios() -> String {
    Scenario::builtin_names().fold("| Scenario | What it shows |\n| --- | --- |\n".to_owned(), |mut table, name| {
        writeln!(table, "| `{name}` | {} |", Scenario::builtin(name).unwrap().description).unwrap();
        table
    })
}

/// Returns the help of every command, as the command prints it.
fn commands() -> String {
    let help = |name: &str| run(command().args(["help", name])).stdout;
    let overview = run(command().arg("--help")).stdout;
    let list = overview.split_once("Commands:\n").and_then(|(_, rest)| rest.split_once("\n\n")).unwrap().0;
    let names = list.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    names.filter(|name| *name != "help").fold(String::new(), |mut text, name| {
        let lines: Vec<_> = help(name).lines().map(|line| line.trim_end().to_owned()).collect();
        write!(text, "\n## clanforge {name}\n\n```text\n{}\n```\n", lines.join("\n").trim_end()).unwrap();
        text
    })
}

/// Returns the names of the JSON Schemas, each with what it describes.
fn schemas() -> String {
    let usage = run(command().args(["help", "schema"])).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    let names = usage.split_once("[possible values: ").and_then(|(_, rest)| rest.split_once(']')).unwrap().0;
    names.split(", ").fold("| Name | What it describes |\n| --- | --- |\n".to_owned(), |mut table, name| {
        let schema: serde_json::Value = serde_json::from_str(&run(command().args(["schema", name])).stdout).unwrap();
        let description = schema["description"].as_str().unwrap_or_default();
        let first = description.split("\n\n").next().unwrap_or_default().replace('\n', " ");
        writeln!(table, "| `{name}` | {first} |").unwrap();
        table
    })
}

/// Replaces the content between the markers of a generated part.
fn replace(text: &str, name: &str, content: &str) -> String {
    let (begin, end) = (format!("<!-- generated: {name} -->\n"), "<!-- /generated -->");
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("no page has a part `{name}`"));
    let (_, after) = rest.split_once(end).unwrap_or_else(|| panic!("the part `{name}` has no end"));
    format!("{before}{begin}{content}{end}{after}")
}
