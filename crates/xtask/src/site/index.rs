//! `llms.txt`: the pages of the site as a list for programs that read them, in the form of llmstxt.org.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::Context;
use toml::{Table, Value};

/// Returns the text, from the navigation of the site and the first paragraph of each page.
///
/// # Errors
/// Returns an error if the navigation has a page that is not there.
pub(super) fn text(root: &Path) -> anyhow::Result<String> {
    let settings: Table = fs::read_to_string(root.join("site/zensical.toml"))?.parse()?;
    let site = &settings["project"];
    let mut text = format!("# {}\n\n> {}\n", string(&site["site_name"])?, string(&site["site_description"])?);
    let sections = site["nav"].as_array().context("`nav` is not a list")?;
    for section in sections {
        for (title, pages) in section.as_table().context("an entry of `nav` has no title")? {
            writeln!(text, "\n## {title}\n")?;
            let single = [pages.clone()];
            for page in pages.as_array().map_or(&single[..], Vec::as_slice) {
                writeln!(text, "{}", entry(root, page)?)?;
            }
        }
    }
    Ok(text)
}

/// Returns the line of a page, which has a title where it is not a page of `docs`.
fn entry(root: &Path, page: &Value) -> anyhow::Result<String> {
    if let Some((title, address)) = page.as_table().and_then(|table| table.iter().next()) {
        return Ok(format!("- [{title}]({})", string(address)?));
    }
    let file = string(page)?;
    let path = root.join("docs").join(file);
    let page = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let title =
        page.lines().find_map(|line| line.strip_prefix("# ")).with_context(|| format!("{file} has no title"))?;
    let first = page
        .split("\n\n")
        .map(str::trim)
        .find(|part| part.starts_with(|first: char| first.is_alphabetic() || first == '`'))
        .with_context(|| format!("{file} has no paragraph"))?;
    Ok(format!("- [{title}]({}): {}", address(file), plain(first)))
}

/// Returns the address of a page, relative to the site.
fn address(file: &str) -> String {
    match file {
        "index.md" => "./".to_owned(),
        file => format!("{}/", file.trim_end_matches(".md")),
    }
}

/// Returns the first sentence of Markdown in one line, without links.
fn plain(paragraph: &str) -> String {
    let mut text = String::new();
    let mut rest = paragraph;
    while let Some((before, after)) = rest.split_once("](") {
        text += &before.replacen('[', "", 1);
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    text += rest;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.split_once(". ").map_or(text.clone(), |(first, _)| format!("{first}."))
}

fn string(value: &Value) -> anyhow::Result<&str> {
    value.as_str().with_context(|| format!("{value} is not a text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_described_by_its_first_paragraph_without_links() {
        let paragraph = "A [gate](glossary.md#gate) is what\nyou call `ready`: see [it](x.md). More.";
        assert_eq!(plain(paragraph), "A gate is what you call `ready`: see it.");
    }

    #[test]
    fn every_page_of_the_navigation_is_listed() {
        let text = text(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap();
        assert!(text.contains("\n- [Options](options/): The options of the gate"), "{text}");
    }
}
