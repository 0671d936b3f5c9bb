//! What a terminal can show, by the environment.

use std::borrow::Cow;
use std::ffi::OsString;
use std::fmt::Write as _;

/// What a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TerminalKind {
    /// Whether it moves its cursor and shows colours.
    pub(crate) has_sequences: bool,
    /// Whether it is the log of a CI system, where a view that is redrawn would repeat itself.
    pub(crate) is_log: bool,
    /// Whether it shows characters other than ASCII.
    pub(crate) has_unicode: bool,
}

impl TerminalKind {
    /// One that shows everything.
    pub(crate) const UNICODE: Self = Self { has_sequences: true, is_log: false, has_unicode: true };

    /// Returns the kind of the terminal that this process runs in.
    pub(crate) fn of_process() -> Self {
        Self::from(|name| std::env::var_os(name), cfg!(windows))
    }

    /// Returns the kind by these variables. A Windows console needs none of them.
    fn from(variable: impl Fn(&str) -> Option<OsString>, is_windows: bool) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let has_sequences = set("TERM").map_or(is_windows, |term| term != "dumb");
        let is_log = set("CI").is_some_and(|value| value != "false" && value != "0");
        // By POSIX, the first that is set decides, and the locale without any is `C`, which is ASCII.
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
        let is_utf8 = |locale: OsString| {
            let locale = locale.to_string_lossy().to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        };
        Self { has_sequences, is_log, has_unicode: is_windows || locale.is_some_and(is_utf8) }
    }

    /// Returns a text with the characters that the terminal does not show escaped as in JSON, which stays valid.
    pub(crate) fn shown(self, text: &str) -> Cow<'_, str> {
        if self.has_unicode || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        let mut shown = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                '…' => shown.push_str("..."),
                character if character.is_ascii() => shown.push(character),
                character => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        let _ = write!(shown, "\\u{unit:04x}");
                    }
                }
            }
        }
        Cow::Owned(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(variables: &[(&str, &str)], is_windows: bool) -> TerminalKind {
        let find = |name: &str| variables.iter().find(|(set, _)| *set == name).map(|(_, value)| OsString::from(value));
        TerminalKind::from(find, is_windows)
    }

    #[test]
    fn a_terminal_without_a_name_or_that_is_dumb_has_no_sequences() {
        for (variables, expected) in
            [(&[][..], false), (&[("TERM", "")], false), (&[("TERM", "dumb")], false), (&[("TERM", "xterm")], true)]
        {
            assert_eq!(kind(variables, false).has_sequences, expected, "{variables:?}");
        }
        assert!(kind(&[], true).has_sequences && !kind(&[("TERM", "dumb")], true).has_sequences);
    }

    #[test]
    fn ci_makes_a_terminal_a_log() {
        for (value, expected) in [("true", true), ("1", true), ("woodpecker", true), ("", false), ("false", false)] {
            assert_eq!(kind(&[("CI", value)], false).is_log, expected, "{value}");
        }
    }

    #[test]
    fn the_locale_that_takes_precedence_decides_on_ascii() {
        for (variables, expected) in [
            (&[][..], false),
            (&[("LANG", "C")], false),
            (&[("LANG", "de_DE.ISO-8859-1")], false),
            (&[("LANG", "en_GB.UTF-8")], true),
            (&[("LANG", "C.utf8")], true),
            (&[("LANG", "en_GB.UTF-8"), ("LC_ALL", "POSIX")], false),
            (&[("LANG", "C"), ("LC_CTYPE", "C.UTF-8"), ("LC_ALL", "")], true),
        ] {
            assert_eq!(kind(variables, false).has_unicode, expected, "{variables:?}");
        }
        assert!(kind(&[("LANG", "C")], true).has_unicode);
    }

    #[test]
    fn what_a_terminal_does_not_show_is_escaped() {
        let ascii = kind(&[], false);
        assert_eq!(ascii.shown("Köln… 🎮"), "K\\u00f6ln... \\ud83c\\udfae");
        assert_eq!(kind(&[("LANG", "C.UTF-8")], false).shown("Köln…"), "Köln…");
    }
}
