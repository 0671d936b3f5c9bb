//! The words of the pages: terms are linked to the glossary, and phrases that only we would understand are not used.

use std::fs;
use std::path::Path;

use anyhow::Context;
use xshell::{Shell, cmd};

/// Phrases that are not plain technical English, each with what to write.
const BANNED: [(&str, &str); 17] = [
    ("an empty one is none", "must not be empty"),
    ("answers with", "returns"),
    ("is at home", "is in"),
    ("looks away", "polls"),
    ("may pass is tried again", "transient errors are retried"),
    ("no repetition mends", "permanent error"),
    ("plays the service", "simulates the service"),
    ("proves an attempt", "authenticates a request"),
    ("speaks for itself", "say it"),
    ("stands in the", "is in the"),
    ("the border", "the FFI boundary"),
    ("the first that there is", "in this order of precedence"),
    ("the mailbox", "the queue"),
    ("the truth of", "the accuracy of"),
    ("unpacks the body", "decompresses the body"),
    ("what cannot pass", "permanent error"),
    ("whose certificates count", "trust anchors, by precedence"),
];

/// Terms that a page links to the glossary where it uses them. Common English words are not among them.
const TERMS: [&str; 9] =
    ["baseline", "evidence", "freshness", "gate", "outcome", "scenario", "snapshot", "transient error", "verdict"];

/// Returns the terms that a page of the site uses and does not link to the glossary.
pub(super) fn missing_terms(name: &str, page: &str) -> Vec<String> {
    if !name.starts_with("docs/") || name == "docs/glossary.md" || page.starts_with("<!-- Generated") {
        return Vec::new();
    }
    let prose = prose(page).to_lowercase();
    let is_missing = |term: &&&str| {
        let link = format!("glossary.md#{}", term.replace(' ', "-"));
        let is_term = |text: &str| {
            let rest = text.strip_prefix(**term)?;
            let rest = rest.strip_prefix('s').unwrap_or(rest);
            (!rest.starts_with(char::is_alphanumeric)).then_some(())
        };
        words(&prose).any(|text| is_term(text).is_some()) && !page.contains(&link)
    };
    TERMS.iter().filter(is_missing).map(|term| format!("{name}: `{term}` is not linked to the glossary")).collect()
}

/// Returns a page without code, comments, headings, generated parts, and the texts of links.
fn prose(page: &str) -> String {
    let (mut is_code, mut is_generated, mut prose) = (false, false, String::new());
    for line in page.lines() {
        let start = line.trim_start();
        if start.starts_with("```") {
            is_code = !is_code;
        }
        is_generated = (is_generated || start.starts_with("<!-- generated")) && start != "<!-- /generated -->";
        if !is_code
            && !is_generated
            && !start.starts_with("```")
            && !start.starts_with("<!--")
            && !start.starts_with('#')
        {
            prose.extend(line.split('`').step_by(2));
            prose.push('\n');
        }
    }
    let mut kept = String::new();
    let mut rest = prose.as_str();
    while let Some((before, after)) = rest.split_once("](") {
        kept += before.rsplit_once('[').map_or(before, |(text, _)| text);
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    kept + rest
}

/// Returns the text from each beginning of a word on.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(|letter: char| !letter.is_alphanumeric()).map(|(at, letter)| &text[at + letter.len()..])
}

/// Returns where files of the project have a banned phrase.
///
/// # Errors
/// Returns an error if git or a file cannot be read.
pub(super) fn banned(root: &Path) -> anyhow::Result<Vec<String>> {
    let shell = Shell::new()?;
    shell.change_dir(root);
    let files = cmd!(shell, "git ls-files *.md *.rs *.py *.pyi *.ts *.mjs *.kt *.rb *.sh *.jinja").quiet().read()?;
    let mut found = Vec::new();
    for file in files.lines().filter(|file| !file.ends_with("pages/language.rs")) {
        let path = root.join(file);
        if !path.exists() {
            continue; // It is deleted, and not committed yet.
        }
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {file}"))?.to_lowercase();
        for (index, line) in text.lines().enumerate() {
            let phrases = BANNED.iter().filter(|(phrase, _)| line.contains(phrase));
            found.extend(phrases.map(|(phrase, instead)| format!("{file}:{}: \"{phrase}\": {instead}", index + 1)));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_without_a_link_is_named_unless_it_is_code() {
        let page = "# Outcome\n\nA gate, [evidence](b.md) and a `baseline`.\n";
        assert_eq!(missing_terms("docs/a.md", page), ["docs/a.md: `gate` is not linked to the glossary"]);
        assert!(missing_terms("docs/a.md", "A [gate](glossary.md#gate).").is_empty());
    }

    #[test]
    fn no_file_has_a_banned_phrase() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        assert_eq!(banned(&root).unwrap(), Vec::<String>::new());
    }
}
