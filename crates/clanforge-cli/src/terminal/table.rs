//! Tables of text.

use clanforge::core::text::one_line;

use crate::terminal::paint::Paint;
use crate::terminal::terminal_kind::TerminalKind;
use crate::terminal::text_width::{align_left, align_right, width};

/// Returns rows under a header: the first `names` columns aligned left, the others, which hold numbers, aligned right.
/// Control characters in a cell are escaped, and so is what the terminal does not show: before the widths are known.
pub(crate) fn table<const COLUMNS: usize>(
    header: [&str; COLUMNS],
    rows: Vec<[String; COLUMNS]>,
    names: usize,
    paint: Paint,
    terminal: TerminalKind,
) -> String {
    let shown = |cell: String| terminal.shown(&one_line(&cell)).into_owned();
    let rows: Vec<_> = rows.into_iter().map(|row| row.map(shown)).collect();
    let widths: [usize; COLUMNS] = std::array::from_fn(|column| {
        rows.iter().map(|row| width(&row[column])).fold(width(header[column]), usize::max)
    });
    let line = |cells: [&str; COLUMNS]| {
        let cells = cells.iter().enumerate().map(|(column, cell)| match column < names {
            true => align_left(cell, widths[column]),
            false => align_right(cell, widths[column]),
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let lines = rows.iter().map(|row| line(row.each_ref().map(String::as_str)));
    [paint.bold(&line(header))].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_aligned_left_and_numbers_right() {
        let rows = vec![["Europe".to_owned(), "12".to_owned()], ["A\u{1b}[2J".to_owned(), "3".to_owned()]];
        let text = table(["NAME", "N"], rows, 1, Paint::of(false), TerminalKind::UNICODE);
        assert_eq!(text, "NAME         N\nEurope      12\nA\\u{1b}[2J   3");
    }

    #[test]
    fn names_that_the_terminal_does_not_show_are_aligned_by_what_it_shows_instead() {
        let rows = vec![["Europe".to_owned(), "12".to_owned()], ["Köln".to_owned(), "3".to_owned()]];
        let terminal = TerminalKind { has_unicode: false, ..TerminalKind::UNICODE };
        let text = table(["NAME", "N"], rows, 1, Paint::of(false), terminal);
        assert_eq!(text, "NAME        N\nEurope     12\nK\\u00f6ln   3");
    }
}
