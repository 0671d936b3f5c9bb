//! Texts from outside, made fit for a line that people read.

/// How many characters of a text from outside a sentence bears.
const MOST: usize = 300;

/// Returns `text` on one line, with control characters as escapes and cut to 300 characters.
///
/// A message of the service or the name of a region may hold anything: a line break starts a line that looks like
/// another message, and an escape character repaints a terminal.
///
/// ```
/// assert_eq!(clanforge_core::text::one_line("EU\n\u{1b}[2J"), "EU\\n\\u{1b}[2J");
/// ```
pub fn one_line(text: &str) -> String {
    cut(text, MOST)
}

/// Returns `text` on one line, cut to `most` characters.
pub(crate) fn cut(text: &str, most: usize) -> String {
    let mut line: String = text.chars().take(most).flat_map(shown).collect();
    if text.chars().nth(most).is_some() {
        line.push('…');
    }
    line
}

/// Returns a character, or the escape of one that moves the cursor or turns the direction of writing.
fn shown(character: char) -> impl Iterator<Item = char> {
    let moves = character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let escaped = moves.then(|| character.escape_default());
    let plain = (!moves).then_some(character);
    escaped.into_iter().flatten().chain(plain)
}
