//! How many columns of a terminal a text takes: a character may take two, or none.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// Returns the beginning of a text that takes no more than so many columns.
pub(crate) fn cut(text: &str, most: usize) -> String {
    let mut taken = 0;
    let fits = |character: &char| {
        taken += character.width().unwrap_or(0);
        taken <= most
    };
    text.chars().take_while(fits).collect()
}

/// Returns a text with spaces after it, up to so many columns.
pub(crate) fn to_the_left(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Returns a text with spaces before it, up to so many columns.
pub(crate) fn to_the_right(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!((width("東京"), width("Europe"), width("e\u{301}")), (4, 6, 1));
        assert_eq!((cut("東京", 3), cut("Europe", 3)), ("東".to_owned(), "Eur".to_owned()));
        assert_eq!((to_the_left("東", 4), to_the_right("東", 4)), ("東  ".to_owned(), "  東".to_owned()));
    }
}
