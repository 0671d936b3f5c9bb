//! Names and values as each language writes them.

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// Returns a text whose words in code, between backticks, are replaced where `rename` returns another name.
pub(super) fn in_code(text: &str, rename: impl Fn(&str) -> Option<String>) -> String {
    let renamed = |code: &str| {
        let words = code.split(' ').map(|word| rename(word).unwrap_or_else(|| word.to_owned()));
        words.collect::<Vec<_>>().join(" ")
    };
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(index, part)| if index % 2 == 1 { renamed(part) } else { part.to_owned() });
    parts.collect::<Vec<_>>().join("`")
}

/// Returns a duration in seconds as people write it: `60 min`, `2 s`, `0.5 s`.
pub(super) fn duration(seconds: f64) -> String {
    if seconds >= 120.0 && seconds % 60.0 == 0.0 { format!("{} min", seconds / 60.0) } else { format!("{seconds} s") }
}

/// Returns paragraphs, each broken into lines of at most `width` columns, each line after `indent`.
pub(super) fn wrapped(text: &str, indent: &str, width: usize) -> String {
    let options = Options::new(width - indent.len())
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .break_words(false);
    let lines = textwrap::wrap(text, options).into_iter().map(|line| format!("{indent}{line}").trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}
