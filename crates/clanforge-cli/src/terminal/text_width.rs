//! Text by its width in columns of a terminal: a character takes one column, two or none.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// Returns the beginning of a text that fits into a width.
pub(crate) fn truncate(text: &str, max_width: usize) -> String {
    let mut width = 0;
    let fits = |character: &char| {
        width += character.width().unwrap_or(0);
        width <= max_width
    };
    text.chars().take_while(fits).collect()
}

/// Returns a text filled with spaces on the right, up to a width.
pub(crate) fn align_left(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Returns a text filled with spaces on the left, up to a width.
pub(crate) fn align_right(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns_and_combining_ones_none() {
        assert_eq!((width("東京"), width("Europe"), width("e\u{301}")), (4, 6, 1));
        assert_eq!((truncate("東京", 3), truncate("Europe", 3)), ("東".to_owned(), "Eur".to_owned()));
        assert_eq!((align_left("東", 4), align_right("東", 4)), ("東  ".to_owned(), "  東".to_owned()));
    }
}
