//! Text from outside, made safe to show on one line.

/// The most characters of a foreign text that a sentence quotes.
const MOST: usize = 300;

/// Returns `text` on one line, with control characters escaped, truncated to 300 characters.
///
/// A message of the service or the name of a region may hold anything: a line break could fake another message, and an
/// escape sequence could control the terminal.
///
/// ```
/// assert_eq!(clanforge_core::text::one_line("EU\n\u{1b}[2J"), "EU\\n\\u{1b}[2J");
/// ```
pub fn one_line(text: &str) -> String {
    cut(text, MOST)
}

/// Returns `text` on one line, truncated to `most` characters.
pub(crate) fn cut(text: &str, most: usize) -> String {
    let mut line: String = text.chars().take(most).flat_map(shown).collect();
    if text.chars().nth(most).is_some() {
        line.push('…');
    }
    line
}

/// Returns a character, or its escape if it moves the cursor or changes the writing direction.
fn shown(character: char) -> impl Iterator<Item = char> {
    let moves = character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let escaped = moves.then(|| character.escape_default());
    let plain = (!moves).then_some(character);
    escaped.into_iter().flatten().chain(plain)
}
