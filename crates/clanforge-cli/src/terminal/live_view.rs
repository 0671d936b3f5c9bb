//! Lines that are drawn over those before, without taking the whole screen.

use std::io;

use terminal_size::terminal_size_of;

use crate::terminal::paint::Paint;
use crate::terminal::progress::Line;
use crate::terminal::streams::Streams;

/// What is on the terminal now.
#[derive(Default)]
pub(crate) struct Picture {
    lines: usize,
}

/// What is taken for the size of a terminal that does not tell.
const COLUMNS: usize = 80;
const ROWS: usize = 24;

impl Picture {
    /// Draws lines in the place of the last ones, each on one row of the terminal and no more of them than it has.
    pub(crate) fn draw(&mut self, lines: &[Line], paint: Paint, streams: &mut Streams<'_>) -> io::Result<()> {
        let (columns, rows) = size();
        let lines: Vec<_> =
            lines.iter().take(rows.saturating_sub(1).max(1)).map(|line| line.text(columns, paint)).collect();
        let back = match self.lines {
            0 => String::new(),
            lines => format!("\u{1b}[{lines}A\u{1b}[J"),
        };
        self.lines = lines.len();
        streams.message(&format!("{back}{}\n", lines.join("\n")))
    }
}

fn size() -> (usize, usize) {
    match terminal_size_of(io::stderr()) {
        Some((columns, rows)) if columns.0 > 0 && rows.0 > 0 => (columns.0.into(), rows.0.into()),
        _ => (COLUMNS, ROWS),
    }
}
