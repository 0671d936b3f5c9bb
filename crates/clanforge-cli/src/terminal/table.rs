//! Tables of text.

use clanforge::core::text::one_line;

use crate::terminal::paint::Paint;
use crate::terminal::text_width::{align_left, align_right, width};

/// Returns rows under a header: the first `names` columns aligned left, the others, which hold numbers, aligned right.
/// Control characters in a cell are escaped.
pub(crate) fn table<const COLUMNS: usize>(
    header: [&str; COLUMNS],
    rows: Vec<[String; COLUMNS]>,
    names: usize,
    paint: Paint,
) -> String {
    let rows: Vec<_> = rows.into_iter().map(|row| row.map(|cell| one_line(&cell))).collect();
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
        let text = table(["NAME", "N"], rows, 1, Paint::of(false));
        assert_eq!(text, "NAME         N\nEurope      12\nA\\u{1b}[2J   3");
    }
}
