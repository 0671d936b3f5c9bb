//! The table: a row for each public function and field, a column for each language.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::Language;
use super::names::{Names, Used, one_form};

/// What each language makes public, in its own words.
pub(crate) type Surfaces = BTreeMap<Language, BTreeSet<String>>;

/// Rows by their names; in each the own names of the languages that have it.
pub(crate) struct Table<'names> {
    rows: BTreeMap<String, BTreeMap<Language, Vec<String>>>,
    /// Why languages do without a row.
    reasons: BTreeMap<(String, Language), &'names str>,
    /// What is to be mended, a line each.
    pub(crate) problems: Vec<String>,
}

impl<'names> Table<'names> {
    /// Puts every name into its row, and looks for a reason where a language has none.
    pub(crate) fn new(surfaces: &Surfaces, names: &'names Names) -> Self {
        let mut used = Used::default();
        let mut rows: BTreeMap<String, BTreeMap<Language, Vec<String>>> = BTreeMap::new();
        for (language, surface) in surfaces {
            for name in surface {
                let row = names.row(*language, &one_form(name), &mut used);
                rows.entry(row).or_default().entry(*language).or_default().push(name.clone());
            }
        }
        let (mut reasons, mut problems) = (BTreeMap::new(), Vec::new());
        for (row, have) in &rows {
            let mut lacking = Vec::new();
            for language in Language::ALL.into_iter().filter(|language| !have.contains_key(language)) {
                match names.reason(language, row, &mut used) {
                    Some(reason) => drop(reasons.insert((row.clone(), language), reason)),
                    None => lacking.push(language.to_string()),
                }
            }
            if !lacking.is_empty() {
                let have: Vec<_> =
                    have.iter().map(|(language, own)| format!("{language} ({})", own.join(", "))).collect();
                problems.push(format!("{row}: in {}; missing in {}", have.join(", "), lacking.join(", ")));
            }
        }
        problems.extend(names.unused(&used).into_iter().map(|said| format!("fits nothing any more: {said}")));
        Self { rows, reasons, problems }
    }

    /// Returns the table as Markdown: a part for each type, and the reasons below.
    pub(crate) fn markdown(&self) -> String {
        let mut text = String::new();
        let mut notes: Vec<&str> = Vec::new();
        let mut part = None;
        for (row, have) in self.in_order() {
            if part.as_deref() != Some(title(row)) {
                part = Some(title(row).to_owned());
                let columns = Language::ALL.map(|language| language.to_string()).join(" | ");
                let line = "| --- ".repeat(Language::ALL.len() + 1);
                let _ = write!(text, "\n## {}\n\n| | {columns} |\n{line}|\n", title(row));
            }
            let _ = write!(text, "| `{row}` |");
            for language in Language::ALL {
                let cell = match (have.get(&language), self.reasons.get(&(row.clone(), language))) {
                    (Some(own), _) => own_names(row, own),
                    (None, Some(reason)) => {
                        let number = notes.iter().position(|note| note == reason).unwrap_or_else(|| {
                            notes.push(reason);
                            notes.len() - 1
                        });
                        format!("[{}](#why-not)", number + 1)
                    }
                    (None, None) => "missing".to_owned(),
                };
                let _ = write!(text, " {cell} |");
            }
            text.push('\n');
        }
        text.push_str("\n## Why not\n\n");
        for (number, note) in notes.iter().enumerate() {
            let _ = writeln!(text, "{}. {note}", number + 1);
        }
        text
    }

    /// Returns the rows, those of one part together: the functions first, then type after type.
    fn in_order(&self) -> Vec<(&String, &BTreeMap<Language, Vec<String>>)> {
        let mut rows: Vec<_> = self.rows.iter().collect();
        rows.sort_by_key(|(row, _)| (title(row) != FUNCTIONS, title(row), *row));
        rows
    }
}

const FUNCTIONS: &str = "Functions";

fn title(row: &str) -> &str {
    let owner = row.split(['.', '(']).next().unwrap_or(row);
    if owner.starts_with(char::is_uppercase) { owner } else { FUNCTIONS }
}

/// Says yes where a language has the last word of the row in its own manner, and else what it says instead.
fn own_names(row: &str, own: &[String]) -> String {
    let last = |name: &str| name.trim_end_matches(')').rsplit(['.', '(']).next().unwrap_or_default().to_owned();
    let is_same = |name: &String| last(&one_form(name)) == last(row);
    if own.iter().any(is_same) {
        return "yes".to_owned();
    }
    let names: BTreeSet<_> = own.iter().map(|name| format!("`{name}`")).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surfaces(of: &[(Language, &[&str])]) -> Surfaces {
        let all = Language::ALL.into_iter().map(|language| {
            let names = of.iter().filter(|(other, _)| *other == language).flat_map(|(_, names)| names.iter());
            (language, names.map(|name| (*name).to_owned()).collect())
        });
        all.collect()
    }

    #[test]
    fn a_new_name_in_one_language_is_missing_in_all_others() {
        let names = Names::read("").unwrap();
        let table = Table::new(&surfaces(&[(Language::Python, &["Client.fresh"])]), &names);
        assert_eq!(
            table.problems,
            ["Client.fresh: in Python (Client.fresh); missing in Rust, Node, Kotlin, Ruby, Swift, command line"]
        );
    }

    #[test]
    fn what_is_missing_has_a_reason_below_the_table() {
        let names = Names::read(
            r#"
            [[without]]
            languages = ["rust", "python", "kotlin", "ruby", "swift", "command-line"]
            rows = ["Client.*"]
            reason = "only here"
            "#,
        )
        .unwrap();
        let table = Table::new(&surfaces(&[(Language::Node, &["Client.close"])]), &names);
        assert_eq!(table.problems, [""; 0]);
        let text = table.markdown();
        assert!(text.contains("| `Client.close` | [1](#why-not) | [1](#why-not) | yes |"), "{text}");
        assert!(text.ends_with("\n1. only here\n"), "{text}");
    }
}
