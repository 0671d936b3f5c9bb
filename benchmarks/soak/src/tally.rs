//! How many results there were of each kind.

use std::collections::BTreeMap;

/// How many results there were of each kind, and which were wrong.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    kinds: BTreeMap<String, u64>,
    wrong: u64,
    /// The first wrong results, in words.
    examples: Vec<String>,
}

/// The most wrong results that are printed.
const EXAMPLES: usize = 10;

impl Tally {
    /// Counts a result, which is right if it is the expected one.
    pub(crate) fn add(&mut self, what: &str, expected: &str, actual: &str) {
        let kind = if expected == actual { format!("{what}: {actual}") } else { format!("WRONG {what}") };
        *self.kinds.entry(kind).or_default() += 1;
        if expected != actual {
            self.fail(format!("{what}: expected {expected}, got {actual}"));
        }
    }

    pub(crate) fn fail(&mut self, problem: String) {
        self.wrong += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(problem);
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        for (kind, results) in other.kinds {
            *self.kinds.entry(kind).or_default() += results;
        }
        self.wrong += other.wrong;
        let room = EXAMPLES.saturating_sub(self.examples.len());
        self.examples.extend(other.examples.into_iter().take(room));
    }

    /// Returns how many results were counted.
    pub(crate) fn results(&self) -> u64 {
        self.kinds.values().sum()
    }

    /// Prints the counts and the first wrong results; returns how many were wrong.
    pub(crate) fn conclude(&self) -> u64 {
        for (kind, results) in &self.kinds {
            println!("{results:>10}  {kind}");
        }
        self.examples.iter().for_each(|example| println!("wrong: {example}"));
        self.wrong
    }
}
