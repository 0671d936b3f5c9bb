//! Names in one form, and what `tests/parity/names.toml` says about those that differ.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use serde::Deserialize;

use super::Language;

/// What is said by hand: which names of a language mean another row, and why a language does without a row.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Names {
    /// Names of one or several languages that mean another row.
    #[serde(default)]
    renamed: Vec<Renamed>,
    /// Rows that languages do without.
    #[serde(default)]
    without: Vec<Without>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Renamed {
    languages: Vec<Language>,
    /// The row, by the name in its one form; each may have one `*`, which stands for the same on both sides.
    names: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Without {
    languages: Vec<Language>,
    /// The rows; each may have one `*`.
    rows: Vec<String>,
    reason: String,
}

impl Names {
    /// Reads what is said by hand.
    ///
    /// # Errors
    /// Where it is not in its form.
    pub(crate) fn read(text: &str) -> anyhow::Result<Self> {
        toml::from_str(text).context("tests/parity/names.toml is not in its form")
    }

    /// Returns the row of a name in its one form: the longest pattern that fits says which; and notes what was used.
    pub(crate) fn row(&self, language: Language, name: &str, used: &mut Used) -> String {
        let fitting = self.renamed.iter().filter(|renamed| renamed.languages.contains(&language));
        let found = fitting
            .flat_map(|renamed| &renamed.names)
            .filter_map(|(pattern, row)| Some((pattern, row, matched(pattern, name)?)))
            .max_by_key(|(pattern, ..)| (!pattern.contains('*'), pattern.len()));
        let Some((pattern, row, part)) = found else { return name.to_owned() };
        used.0.insert(format!("{language} {pattern}"));
        row.replacen('*', part, 1)
    }

    /// Returns why a language does without a row, by the longest pattern that fits; and notes what was used.
    pub(crate) fn reason(&self, language: Language, row: &str, used: &mut Used) -> Option<&str> {
        let fitting = self.without.iter().filter(|without| without.languages.contains(&language));
        let (pattern, reason) = fitting
            .flat_map(|without| without.rows.iter().map(|pattern| (pattern, without.reason.as_str())))
            .filter(|(pattern, _)| matched(pattern, row).is_some())
            .max_by_key(|(pattern, _)| (!pattern.contains('*'), pattern.len()))?;
        used.0.insert(format!("{language} without {pattern}"));
        Some(reason)
    }

    /// Returns what was said and fits nothing any more.
    pub(crate) fn unused(&self, used: &Used) -> Vec<String> {
        let renamed = self.renamed.iter().flat_map(|renamed| {
            pairs(&renamed.languages, renamed.names.keys()).map(|(language, name)| format!("{language} {name}"))
        });
        let without = self.without.iter().flat_map(|without| {
            pairs(&without.languages, without.rows.iter()).map(|(language, row)| format!("{language} without {row}"))
        });
        renamed.chain(without).filter(|said| !used.0.contains(said)).collect()
    }
}

/// What of the file was used.
#[derive(Default)]
pub(crate) struct Used(BTreeSet<String>);

/// Returns a name in its one form: members in `snake_case`, and durations without their unit.
///
/// A type keeps its name. `Client.imageStatus(timeoutMs)` becomes `Client.image_status(timeout)`. What makes a type is the
/// type itself, and its options are fields: `Gate.new(per)` becomes `Gate.per`.
pub(crate) fn one_form(name: &str) -> String {
    let mut form = String::new();
    for part in name.split_inclusive(['.', '(', ')']) {
        let (word, mark) = part.split_at(part.trim_end_matches(['.', '(', ')']).len());
        form.push_str(&if is_type(word) { word.to_owned() } else { member(word) });
        form.push_str(mark);
    }
    let of_type = |form: &str| form.split_once(".new").map(|(owner, rest)| (owner.to_owned(), rest.to_owned()));
    match of_type(&form) {
        Some((owner, rest)) if rest.is_empty() => owner,
        Some((owner, rest)) if rest.starts_with('(') => format!("{owner}.{}", rest.trim_matches(['(', ')'])),
        _ => form,
    }
}

fn is_type(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && word.contains(char::is_lowercase)
}

fn member(word: &str) -> String {
    let mut snake = String::new();
    let mut last = '_';
    for letter in word.chars() {
        if letter.is_uppercase() && (last.is_lowercase() || last.is_ascii_digit()) {
            snake.push('_');
        }
        snake.extend(if letter == '-' { '_' } else { letter }.to_lowercase());
        last = letter;
    }
    let snake = snake.trim_end_matches(['?', '!']);
    let without_unit = ["_seconds", "_ms"].into_iter().find_map(|unit| snake.strip_suffix(unit));
    without_unit.unwrap_or(snake).to_owned()
}

/// Returns what the star of a pattern stands for, where it fits.
fn matched<'name>(pattern: &str, name: &'name str) -> Option<&'name str> {
    let Some((before, after)) = pattern.split_once('*') else { return (pattern == name).then_some("") };
    name.strip_prefix(before)?.strip_suffix(after)
}

fn pairs<'all>(
    languages: &'all [Language],
    names: impl Iterator<Item = &'all String> + Clone,
) -> impl Iterator<Item = (Language, &'all String)> {
    languages.iter().flat_map(move |language| names.clone().map(|name| (*language, name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_in_any_manner_has_one_form() {
        for (name, form) in [
            ("Client.imageStatus(timeoutMs)", "Client.image_status(timeout)"),
            ("Client.image_status(timeout)", "Client.image_status(timeout)"),
            ("ClientSettings.timeoutSeconds", "ClientSettings.timeout"),
            ("wait(max-pending)", "wait(max_pending)"),
            ("Outcome.ready?", "Outcome.ready"),
            ("Gate.new", "Gate"),
            ("Gate.new(maxFailed)", "Gate.max_failed"),
            ("Gate.newest", "Gate.newest"),
            ("Gate.fromJSON", "Gate.from_json"),
            ("defaults.BASE_URL", "defaults.base_url"),
        ] {
            assert_eq!(one_form(name), form);
        }
    }

    #[test]
    fn the_longest_pattern_says_the_row_and_the_reason() {
        let names = Names::read(
            r#"
            [[renamed]]
            languages = ["node"]
            names = { "WaitRequest.*" = "Client.wait(*)", "WaitRequest.timeout" = "Policy.timeout", "Old.name" = "New.name" }
            [[without]]
            languages = ["node", "ruby"]
            rows = ["Monitor*"]
            reason = "shown elsewhere"
            "#,
        )
        .unwrap();
        let mut used = Used::default();
        assert_eq!(names.row(Language::Node, "WaitRequest.seed", &mut used), "Client.wait(seed)");
        assert_eq!(names.row(Language::Node, "WaitRequest.timeout", &mut used), "Policy.timeout");
        assert_eq!(names.row(Language::Python, "WaitRequest.seed", &mut used), "WaitRequest.seed");
        assert_eq!(names.reason(Language::Node, "Monitor.observe", &mut used), Some("shown elsewhere"));
        assert_eq!(names.reason(Language::Kotlin, "Monitor.observe", &mut used), None);
        assert_eq!(names.unused(&used), ["Node Old.name", "Ruby without Monitor*"]);
    }
}
