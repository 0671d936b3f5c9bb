//! Tables of the README that are generated from the code, and files that a page shows: `cargo xtask generate` writes them, and
//! the tests compare them.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clanforge_cli::ExitCode;
use clanforge_simulator::Scenario;

/// The variable with which `cargo xtask generate` makes the tests write what they would compare.
const WRITES: &str = "CLANFORGE_GENERATE";

/// The recipes, and the languages that they are highlighted as.
const RECIPES: [(&str, &str); 9] = [
    ("docs/recipes/github.yml", "yaml"),
    ("docs/recipes/gitlab.yml", "yaml"),
    ("docs/recipes/Jenkinsfile", "groovy"),
    ("docs/recipes/settings.kts", "kotlin"),
    ("docs/recipes/azure-pipelines.yml", "yaml"),
    ("docs/recipes/buildkite.yml", "yaml"),
    ("crates/clanforge-cli/examples/deploy.sh", "sh"),
    ("docs/recipes/notify-slack.sh", "sh"),
    ("docs/recipes/notify-discord.sh", "sh"),
];

#[test]
fn the_tables_of_the_readme_are_those_of_the_code() {
    compare("README.md", &[("exit codes", exit_codes()), ("scenarios", scenarios())]);
}

#[test]
fn the_recipes_of_the_page_are_the_tested_files() {
    let recipes = RECIPES.map(|(name, language)| {
        let recipe = std::fs::read_to_string(root().join(name)).unwrap();
        (name, format!("```{language}\n{recipe}```\n"))
    });
    compare("docs/ci.md", &recipes);
}

/// Returns true if generated files are to be written instead of compared.
pub(crate) fn writes() -> bool {
    std::env::var_os(WRITES).is_some()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Compares the generated parts of a page with their contents, or writes them.
fn compare(page: &str, parts: &[(&str, String)]) {
    let file = root().join(page);
    let text = std::fs::read_to_string(&file).unwrap();
    let current = parts.iter().fold(text.clone(), |text, (name, content)| replace(&text, name, content));
    if writes() {
        std::fs::write(&file, &current).unwrap();
    } else {
        assert_eq!(text, current, "{page} is stale: run cargo xtask generate");
    }
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
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("the page has no part `{name}`"));
    let (_, after) = rest.split_once(end).unwrap_or_else(|| panic!("the part `{name}` of the page has no end"));
    format!("{before}{begin}{content}{end}{after}")
}
