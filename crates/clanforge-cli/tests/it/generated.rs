//! Tables of the README that are generated from the code: `cargo xtask generate` writes them, and the test compares them.

use std::fmt::Write;
use std::path::Path;

use clanforge_cli::ExitCode;
use clanforge_simulator::Scenario;

/// The variable with which `cargo xtask generate` makes the tests write what they would compare.
const WRITES: &str = "CLANFORGE_GENERATE";

#[test]
fn the_tables_of_the_readme_are_those_of_the_code() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(&file).unwrap();
    let tables = [("exit codes", exit_codes()), ("scenarios", scenarios())];
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
