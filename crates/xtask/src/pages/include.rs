//! Code blocks that are files of the project.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail, ensure};

const BEGIN: &str = "<!-- include: ";
const END: &str = "<!-- /include -->";

/// Pages whose code blocks are no files, and why.
const LOOSE: [&str; 1] = [
    // The steps of `cargo xtask dist --verify`, which builds what they install.
    "docs/install.md",
];

/// Returns a page with its code blocks filled.
///
/// # Errors
/// Returns an error if a file or a section that it includes is not there.
pub(crate) fn filled(root: &Path, page: &str) -> anyhow::Result<String> {
    let mut filled = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        filled += line;
        filled.push('\n');
        let Some(what) = line.trim_start().strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(" -->")) else {
            continue;
        };
        ensure!(lines.any(|line| line.trim() == END), "include: {what} has no end");
        let indent = &line[..line.len() - line.trim_start().len()];
        let block = block(root, what)?;
        for line in block.lines().chain([END]) {
            filled += if line.is_empty() { "" } else { indent };
            filled += line;
            filled.push('\n');
        }
    }
    Ok(filled)
}

/// Returns the code block of a file, or of a section of it.
fn block(root: &Path, what: &str) -> anyhow::Result<String> {
    let (file, section) = what.split_once(' ').map_or((what, None), |(file, section)| (file, Some(section)));
    let text = fs::read_to_string(root.join(file)).with_context(|| format!("cannot include {file}"))?;
    let text = match section {
        Some(count) if count.starts_with(['+', '-']) => end(&text, count)?,
        Some(section) => part(&text, section).with_context(|| format!("{file} has no section {section}"))?,
        None => text.lines().filter(|line| marker(line).is_none()).fold(String::new(), |text, line| text + line + "\n"),
    };
    let language = match Path::new(file).extension().and_then(|extension| extension.to_str()) {
        Some("sh") => "sh",
        Some("py") => "python",
        Some("js" | "mjs" | "cjs") => "js",
        Some("rs") => "rust",
        Some("toml") => "toml",
        Some("json") => "json",
        Some("yml" | "yaml") => "yaml",
        Some("txt") => "text",
        Some("kts") => "kotlin",
        None if file.ends_with("Jenkinsfile") => "groovy",
        _ => bail!("no language is known for {file}"),
    };
    Ok(format!("```{language}\n{}\n```\n", text.trim_matches('\n')))
}

/// Returns the first lines of a file, such as two for `+2`, or the last, for `-2`.
fn end(text: &str, count: &str) -> anyhow::Result<String> {
    let lines: Vec<_> = text.lines().collect();
    let number: usize = count[1..].parse().context("`+N` or `-N` needs a number of lines")?;
    ensure!(number <= lines.len(), "there are no {number} lines");
    let part = if count.starts_with('+') { &lines[..number] } else { &lines[lines.len() - number..] };
    Ok(part.join("\n"))
}

/// Returns a section of a file without its indentation.
fn part(text: &str, section: &str) -> Option<String> {
    let mut lines = text.lines().skip_while(|line| marker(line) != Some(section));
    lines.next()?;
    let lines: Vec<_> = lines.take_while(|line| marker(line).is_none()).collect();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let least = lines.iter().filter(|line| !line.trim().is_empty()).map(indent).min()?;
    Some(lines.iter().map(|line| line.get(least..).unwrap_or_default()).collect::<Vec<_>>().join("\n"))
}

/// Returns the section that a comment begins, `end`, or what a comment for the tests says.
fn marker(line: &str) -> Option<&str> {
    let comment = line.trim_start().strip_prefix('#').or_else(|| line.trim_start().strip_prefix("//"))?;
    comment.trim().strip_prefix("docs: ").or_else(|| comment.trim().strip_prefix("test-"))
}

/// Returns the code blocks of a page that are neither included nor generated.
pub(super) fn loose_blocks(name: &str, page: &str) -> Vec<String> {
    let (mut is_held, mut is_inside, mut loose) = (LOOSE.contains(&name), false, Vec::new());
    let always = is_held;
    for (index, line) in page.lines().map(str::trim).enumerate() {
        if line.starts_with(BEGIN) || line.starts_with("<!-- generated: ") {
            is_held = true;
        } else if line == END || line == "<!-- /generated -->" {
            is_held = always;
        } else if line.starts_with("```") {
            is_inside = !is_inside;
            if is_inside && !is_held {
                loose.push(format!("{name}:{}: a code block that is not included from a file", index + 1));
            }
        }
    }
    loose
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_included_without_its_indentation_and_with_that_of_the_page() {
        let folder = std::env::temp_dir().join(format!("clanforge-include-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a.py"), "def f():\n    # docs: call\n    g()\n\n    h()\n    # docs: end\n").unwrap();
        let page = "One\n    <!-- include: a.py call -->\n    old\n    <!-- /include -->\nTwo\n";
        let expected = "One\n    <!-- include: a.py call -->\n    ```python\n    g()\n\n    h()\n    ```\n    <!-- /include -->\nTwo\n";
        let filled = filled(&folder, page).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(filled, expected);
    }

    #[test]
    fn a_missing_section_is_an_error_that_names_it() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let error = filled(root, "<!-- include: Cargo.toml nothing -->\n<!-- /include -->\n").unwrap_err();
        assert_eq!(error.to_string(), "Cargo.toml has no section nothing");
    }

    #[test]
    fn a_code_block_that_is_no_file_is_named_by_its_line() {
        let page = "<!-- include: a.py -->\n```python\n```\n<!-- /include -->\n\n```sh\n```\n";
        assert_eq!(loose_blocks("a.md", page), ["a.md:6: a code block that is not included from a file"]);
    }
}
