//! Untrusted text, decoded, and made safe to show on one line.

/// The most characters of an untrusted text that a sentence quotes.
const MOST: usize = 300;

/// Returns `text` on one line, with control characters escaped, truncated to 300 characters.
///
/// A message of the service or the name of a region may hold anything: a line break could fake another message, an escape
/// sequence could control the terminal, and `::error::` is a command of a CI system. Such characters are escaped.
///
/// ```
/// assert_eq!(clanforge_core::text::one_line("EU\n\u{1b}[2J"), "EU\\n\\u{1b}[2J");
/// assert_eq!(clanforge_core::text::one_line("##vso[task.complete]"), "#\\u{23}vso[task.complete]");
/// assert_eq!(clanforge_core::text::one_line("::error::EU"), "\\u{3a}:error::EU");
/// ```
pub fn one_line(text: &str) -> String {
    cut(text, MOST)
}

/// Returns the text of a file in UTF-8, with or without a byte order mark, or in UTF-16 with one; `None` if it is neither.
/// A redirection in PowerShell 5.1 writes UTF-16.
///
/// ```
/// use clanforge_core::text::decode;
///
/// assert_eq!(decode(b"\xef\xbb\xbf{}").as_deref(), Some("{}"));
/// assert_eq!(decode(b"\xff\xfe{\0}\0").as_deref(), Some("{}"));
/// ```
pub fn decode(bytes: &[u8]) -> Option<String> {
    match bytes {
        [0xff, 0xfe, text @ ..] => from_utf16(text, u16::from_le_bytes),
        [0xfe, 0xff, text @ ..] => from_utf16(text, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, text @ ..] | text => std::str::from_utf8(text).ok().map(str::to_owned),
    }
}

fn from_utf16(text: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Option<String> {
    let (units, rest) = text.as_chunks::<2>();
    let text = char::decode_utf16(units.iter().map(|bytes| unit(*bytes))).collect::<Result<_, _>>();
    text.ok().filter(|_| rest.is_empty())
}

/// Returns `text` on one line as [`one_line`] does, truncated to `most` characters.
pub fn cut(text: &str, most: usize) -> String {
    let mut line = String::new();
    for character in text.chars().take(most) {
        if moves(character) {
            line.extend(character.escape_default());
        } else if begins_command(&line, character, text) {
            line.extend(character.escape_unicode());
        } else {
            line.push(character);
        }
    }
    if text.chars().nth(most).is_some() {
        line.push('…');
    }
    line
}

/// Returns true for a character that moves the cursor or changes the writing direction.
fn moves(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns true if the text up to this character would be the beginning of a command of a CI system: `##` anywhere in a line
/// (Azure Pipelines, `TeamCity`), `::` (GitHub) and `---`, `+++`, `~~~`, `^^^` (Buildkite) where a line begins.
fn begins_command(before: &str, character: char, text: &str) -> bool {
    match character {
        '#' => before.ends_with('#'),
        ':' | '-' | '+' | '~' | '^' if before.trim_start().is_empty() => {
            ["::", "---", "+++", "~~~", "^^^"].iter().any(|command| text.trim_start().starts_with(command))
        }
        _ => false,
    }
}
