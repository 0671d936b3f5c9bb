//! The pages that people read: code blocks come from files that are tested, links and terms are right, and the language is plain.
//!
//! `<!-- include: FILE [SECTION] -->` before `<!-- /include -->` is filled by a file of the project, or by the part of it between
//! the comments `docs: SECTION` and `docs: end`, or by its first or last lines with `+N` and `-N`. Comments that begin with `test-` are left out.

mod include;
mod language;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

pub(crate) use include::filled;

/// The most lines of the README, which is where readers arrive: everything else is a page of `docs`.
const README_LINES: usize = 130;

/// Fills the code blocks of every page.
///
/// # Errors
/// Returns an error if a file or a section that a page includes is not there.
pub(crate) fn write(root: &Path) -> anyhow::Result<()> {
    for file in pages(root)? {
        let text = fs::read_to_string(&file)?;
        let filled = filled(root, &text).with_context(|| file.display().to_string())?;
        if filled != text {
            fs::write(&file, filled)?;
        }
    }
    Ok(())
}

/// Checks the code blocks, the language and the place of every page.
///
/// # Errors
/// Returns an error that lists what is wrong.
pub(crate) fn check(root: &Path) -> anyhow::Result<()> {
    let mut problems = Vec::new();
    let navigation = fs::read_to_string(root.join("site/zensical.toml"))?;
    for file in pages(root)? {
        let text = fs::read_to_string(&file)?;
        let name = file.strip_prefix(root)?.display().to_string();
        if filled(root, &text).with_context(|| name.clone())? != text {
            problems.push(format!("{name}: stale: run cargo xtask generate --code"));
        }
        problems.extend(include::loose_blocks(&name, &text));
        problems.extend(language::missing_terms(&name, &text));
        problems.extend(misplaced(&name, &text, &navigation));
    }
    problems.extend(language::banned(root)?);
    ensure!(problems.is_empty(), "{}", problems.join("\n"));
    Ok(())
}

/// Returns what is wrong with the place of a page: one that no reader finds, or a README that is too long.
fn misplaced(name: &str, page: &str, navigation: &str) -> Option<String> {
    let lines = page.lines().count();
    if name == "README.md" && lines > README_LINES {
        return Some(format!("{name}: {lines} lines, at most {README_LINES}: move something to a page of docs"));
    }
    let file = name.strip_prefix("docs/")?;
    (!navigation.contains(&format!("\"{file}\""))).then(|| format!("{name}: not in the `nav` of site/zensical.toml"))
}

/// Returns the pages of the site, and the READMEs of the project and of the packages for Python and Node.
///
/// # Errors
/// Returns an error if a folder cannot be read.
pub(crate) fn pages(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut pages: Vec<_> = ["README.md", "python/README.md", "node/README.md"].map(|name| root.join(name)).into();
    let mut folders = vec![root.join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    Ok(pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_the_navigation_lacks_is_named() {
        let navigation = r#"nav = [{ "Start" = ["index.md", "guides/rust.md"] }]"#;
        assert_eq!(misplaced("docs/guides/rust.md", "# Rust", navigation), None);
        let problem = misplaced("docs/rust.md", "# Rust", navigation).unwrap();
        assert_eq!(problem, "docs/rust.md: not in the `nav` of site/zensical.toml");
        assert_eq!(misplaced("python/README.md", "# Python", navigation), None);
    }

    #[test]
    fn a_readme_with_too_many_lines_is_named() {
        assert_eq!(misplaced("README.md", &"a\n".repeat(README_LINES), ""), None);
        let problem = misplaced("README.md", &"a\n".repeat(README_LINES + 1), "").unwrap();
        assert_eq!(problem, "README.md: 131 lines, at most 130: move something to a page of docs");
    }
}
