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

/// Checks the code blocks and the language of every page.
///
/// # Errors
/// Returns an error that lists what is wrong.
pub(crate) fn check(root: &Path) -> anyhow::Result<()> {
    let mut problems = Vec::new();
    for file in pages(root)? {
        let text = fs::read_to_string(&file)?;
        let name = file.strip_prefix(root)?.display().to_string();
        if filled(root, &text).with_context(|| name.clone())? != text {
            problems.push(format!("{name}: stale: run cargo xtask generate --code"));
        }
        problems.extend(include::loose_blocks(&name, &text));
        problems.extend(language::missing_terms(&name, &text));
    }
    problems.extend(language::banned(root)?);
    ensure!(problems.is_empty(), "{}", problems.join("\n"));
    Ok(())
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
