//! Removes secrets from text that comes from outside: messages of the service, headers, network errors.

use std::collections::BTreeSet;

use secrecy::{ExposeSecret, SecretString};

/// Replaces a secret.
const MARK: &str = "[redacted]";

/// Shorter secrets are not replaced: such texts occur by chance.
const SHORTEST: usize = 4;

/// Shorter secrets are replaced as whole words only: within a word they occur by chance.
const SHORTEST_WITHIN_A_WORD: usize = 8;

/// A text that was cut within a secret is redacted where at least this many characters of the secret are left.
const BEGINNING: usize = 8;

/// Marks the place where a text was cut.
const CUT: char = '…';

/// Replaces known secrets in text, in any case and with any escapes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Redactor {
    /// In lower case, the longest first: a secret that contains another is replaced first, or its rest would remain.
    secrets: Vec<SecretString>,
}

impl Redactor {
    /// Returns a redactor of those of `secrets` that are long enough.
    pub(crate) fn new(secrets: impl IntoIterator<Item = String>) -> Self {
        Self::of_forms(secrets.into_iter().flat_map(|secret| forms(&secret)))
    }

    /// Returns a redactor that replaces `secrets` as well.
    pub(crate) fn with(&self, secrets: &[String]) -> Self {
        let known = self.secrets.iter().map(|secret| secret.expose_secret().to_owned());
        Self::of_forms(known.chain(secrets.iter().flat_map(|secret| forms(secret))))
    }

    fn of_forms(forms: impl Iterator<Item = String>) -> Self {
        let forms: BTreeSet<_> = forms.filter(|form| form.len() >= SHORTEST).collect();
        let mut forms: Vec<_> = forms.into_iter().collect();
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        Self { secrets: forms.into_iter().map(SecretString::from).collect() }
    }

    /// Returns `text` without any of the secrets, and without the beginning of a secret that the text was cut in.
    pub(crate) fn clean(&self, text: &str) -> String {
        let cleaned = self.secrets.iter().fold(text.to_owned(), |text, secret| replace(&text, secret.expose_secret()));
        self.secrets.iter().fold(cleaned, |text, secret| replace_cut(text, secret.expose_secret()))
    }

    /// Returns a body without any of the secrets; `None` if it contains none.
    pub(crate) fn clean_body(&self, body: &[u8]) -> Option<Vec<u8>> {
        let text = String::from_utf8_lossy(body);
        let cleaned = self.clean(&text);
        (cleaned != text).then(|| cleaned.into_bytes())
    }
}

/// Returns the forms that a secret may have in text: plain, escaped as in JSON, Rust or `JSONPath`, and percent-encoded.
fn forms(secret: &str) -> [String; 5] {
    let escaped = secret.escape_debug().to_string();
    let quoted = secret.replace('\\', "\\\\").replace('"', "\\\"");
    let in_path = secret.replace('\\', "\\\\").replace('\'', "\\'");
    let in_url = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    [secret.to_owned(), escaped, quoted, in_path, in_url].map(|form| form.to_ascii_lowercase())
}

fn replace(text: &str, secret: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut cleaned = String::with_capacity(text.len());
    let mut rest = 0;
    // ASCII lower case does not change the length, so that an index into one is an index into the other.
    for (place, found) in lower.match_indices(secret) {
        if found.len() < SHORTEST_WITHIN_A_WORD && is_within_a_word(&lower, place, found) {
            continue;
        }
        cleaned.push_str(&text[rest..place]);
        cleaned.push_str(MARK);
        rest = place + found.len();
    }
    cleaned.push_str(&text[rest..]);
    cleaned
}

/// Returns true if what was found at this place has a letter or a digit of the same word beside it. An escape, such as `%3A` or
/// `\n`, is no part of a word.
fn is_within_a_word(text: &str, place: usize, found: &str) -> bool {
    let is_word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let is_after_escape = match &text.as_bytes()[..place] {
        [.., b'%', high, low] => high.is_ascii_hexdigit() && low.is_ascii_hexdigit(),
        [.., b'\\', _] => true,
        _ => false,
    };
    let bytes = found.as_bytes();
    (is_word(text.as_bytes()[..place].last()) && is_word(bytes.first()) && !is_after_escape)
        || (is_word(text.as_bytes().get(place + bytes.len())) && is_word(bytes.last()))
}

/// Replaces the beginning of a secret before the mark of a cut.
fn replace_cut(text: String, secret: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let ends = lower.match_indices(CUT).map(|(place, _)| place);
    let found = ends.filter_map(|end| {
        let beginnings = secret.char_indices().map(|(place, _)| &secret[..place]).skip(BEGINNING);
        let longest = beginnings.filter(|beginning| lower[..end].ends_with(*beginning)).last()?;
        Some(end - longest.len()..end)
    });
    let found: Vec<_> = found.collect();
    found.into_iter().rev().fold(text, |mut text, range| {
        text.replace_range(range, MARK);
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_contains_another_is_replaced_whole() {
        let redactor = Redactor::new(["canary", "canary-and-more", "abc"].map(str::to_owned));
        assert_eq!(redactor.clean("canary-and-more, canary, abc"), "[redacted], [redacted], abc");
    }

    #[test]
    fn a_short_secret_is_replaced_as_a_whole_word_only() {
        let redactor = Redactor::new(["test", "a-key/"].map(str::to_owned));
        for (text, expected) in [
            ("the latest test, TEST", "the latest [redacted], [redacted]"),
            ("key=test&x_test_", "key=[redacted]&x_[redacted]_"),
            ("%3Atest%22, \\ntest\\n", "%3A[redacted]%22, \\n[redacted]\\n"),
            ("testing contests", "testing contests"),
            ("a-key/5", "[redacted]5"),
        ] {
            assert_eq!(redactor.clean(text), expected);
        }
    }

    #[test]
    fn a_secret_is_replaced_in_any_case_and_with_any_escape() {
        let redactor = Redactor::new(["Can\"a\\r'y/1+2=".to_owned()]);
        for text in [
            "Can\"a\\r'y/1+2=",
            "can\"a\\r'Y/1+2=",
            r#"Can\"a\\r\'y/1+2="#,
            r#"Can"a\\r\'y/1+2="#,
            "Can%22a%5Cr%27y%2F1%2B2%3D",
        ] {
            assert_eq!(redactor.clean(&format!("<{text}>")), "<[redacted]>", "{text}");
        }
    }

    #[test]
    fn the_beginning_of_a_secret_before_a_cut_is_replaced() {
        let redactor = Redactor::new(["canary-0123456789".to_owned()]);
        assert_eq!(redactor.clean("say canary-01234…, canary-0…"), "say [redacted]…, [redacted]…");
        assert_eq!(redactor.clean("say canar…"), "say canar…");
    }
}
