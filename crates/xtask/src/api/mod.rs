//! Snapshots of the public API of each package, in `tests/api`: written by a tool of its language, committed, and compared by
//! `cargo xtask test`. Kotlin, Ruby and Swift have no such tool here; their bindings are generated, and covered by their tests.

mod node;
mod python;
mod rust;

use std::path::Path;

use anyhow::bail;
use similar::TextDiff;

use crate::languages::python::Environment;
use crate::project::{Project, say};

const FOLDER: &str = "tests/api";

/// The public API of one package.
pub(crate) struct Snapshot {
    /// The file below `tests/api`.
    file: String,
    text: String,
}

/// Returns the snapshots of the Rust crates, of the Python package that is installed in an environment, and of the npm package
/// if it is built.
///
/// # Errors
/// Returns an error if a tool fails.
pub(crate) fn snapshots(
    project: &Project,
    python: Option<&Environment>,
    has_node: bool,
) -> anyhow::Result<Vec<Snapshot>> {
    let mut snapshots = rust::snapshots(project)?;
    if let Some(environment) = python {
        snapshots.push(python::snapshot(project, environment)?);
    }
    if has_node {
        snapshots.push(node::snapshot(project)?);
    }
    Ok(snapshots)
}

/// Writes snapshots to their files.
///
/// # Errors
/// Returns an error if a file cannot be written.
pub(crate) fn write(Project { shell, .. }: &Project, snapshots: &[Snapshot]) -> anyhow::Result<()> {
    for Snapshot { file, text } in snapshots {
        shell.write_file(Path::new(FOLDER).join(file), text)?;
    }
    Ok(())
}

/// Compares snapshots with their files, and prints the differences.
///
/// # Errors
/// Returns an error if one differs.
pub(crate) fn compare(Project { shell, .. }: &Project, snapshots: &[Snapshot]) -> anyhow::Result<()> {
    let mut changed = Vec::new();
    for Snapshot { file, text } in snapshots {
        let committed = shell.read_file(Path::new(FOLDER).join(file)).unwrap_or_default();
        if let Some(difference) = difference(file, &committed, text) {
            say(&difference);
            changed.push(file.as_str());
        }
    }
    if !changed.is_empty() {
        bail!(
            "the public API is not that of {FOLDER}: {}; if the change is intended, run cargo xtask generate",
            changed.join(", ")
        );
    }
    Ok(())
}

fn difference(file: &str, committed: &str, text: &str) -> Option<String> {
    let (before, after) = (format!("{FOLDER}/{file}"), format!("{file} of this checkout"));
    let difference = TextDiff::from_lines(committed, text);
    (committed != text).then(|| difference.unified_diff().context_radius(3).header(&before, &after).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_added_function_is_one_line_of_the_difference() {
        let committed = "pub fn crate::first()\npub fn crate::third()\n";
        let text = "pub fn crate::first()\npub fn crate::second()\npub fn crate::third()\n";
        let difference = difference("rust/crate.txt", committed, text).unwrap();
        assert!(difference.contains("\n+pub fn crate::second()\n"), "{difference}");
        assert!(difference.starts_with("--- tests/api/rust/crate.txt\n"), "{difference}");
    }

    #[test]
    fn the_same_text_has_no_difference() {
        assert_eq!(difference("python.txt", "class Client:\n", "class Client:\n"), None);
    }
}
