//! Columns of text.

use clanforge::core::text::one_line;

use crate::terminal::columns::{to_the_left, to_the_right, width};
use crate::terminal::paint::Paint;

/// Rows under a heading: names to the left, numbers to the right.
pub(crate) struct Table<const COLUMNS: usize> {
    rows: Vec<[String; COLUMNS]>,
    names: usize,
}

impl<const COLUMNS: usize> Table<COLUMNS> {
    /// Returns a table whose first `names` columns hold names, and whose others hold numbers.
    pub(crate) fn new(heading: [&str; COLUMNS], names: usize) -> Self {
        Self { rows: vec![heading.map(str::to_owned)], names }
    }

    /// Adds a row. What could repaint a terminal is shown as an escape.
    pub(crate) fn row(&mut self, cells: [String; COLUMNS]) {
        self.rows.push(cells.map(|cell| one_line(&cell)));
    }

    pub(crate) fn text(&self, paint: Paint) -> String {
        let widest = |column: usize| self.rows.iter().map(|row| width(&row[column])).max().unwrap_or(0);
        let widths: Vec<_> = (0..COLUMNS).map(widest).collect();
        let line = |row: &[String; COLUMNS]| {
            let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| match column < self.names {
                true => to_the_left(cell, *width),
                false => to_the_right(cell, *width),
            });
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        let lines = self.rows.iter().enumerate().map(|(index, row)| match index {
            0 => paint.strong(&line(row)),
            _ => line(row),
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_to_the_left_and_numbers_to_the_right() {
        let mut table = Table::new(["NAME", "N"], 1);
        table.row(["Europe".to_owned(), "12".to_owned()]);
        table.row(["A\u{1b}[2J".to_owned(), "3".to_owned()]);
        assert_eq!(table.text(Paint::of(false)), "NAME         N\nEurope      12\nA\\u{1b}[2J   3");
    }
}
