//! Where a command writes.

use std::io::{self, ErrorKind, IsTerminal, Write};

use serde::Serialize;

use crate::exit::{Exit, Failure};
use crate::terminal::paint::Paint;

/// Where a command writes: data to one stream, everything else to the other.
///
/// A reader that has gone away, as in `clanforge status | head -1`, ends the writing and changes no exit code.
pub struct Streams<'a> {
    stdout: Box<dyn Write + 'a>,
    stderr: Box<dyn Write + 'a>,
    stdout_is_terminal: bool,
    stderr_is_terminal: bool,
}

impl Streams<'static> {
    /// Returns the streams of the process.
    pub fn standard() -> Self {
        Self {
            stdout: Box::new(io::stdout()),
            stderr: Box::new(io::stderr()),
            stdout_is_terminal: io::stdout().is_terminal(),
            stderr_is_terminal: io::stderr().is_terminal(),
        }
    }
}

impl<'a> Streams<'a> {
    /// Returns streams that are no terminals.
    pub fn new(stdout: impl Write + 'a, stderr: impl Write + 'a) -> Self {
        Self {
            stdout: Box::new(stdout),
            stderr: Box::new(stderr),
            stdout_is_terminal: false,
            stderr_is_terminal: false,
        }
    }

    /// Writes data.
    pub(crate) fn data(&mut self, text: &str) -> io::Result<()> {
        outlive_reader(self.stdout.write_all(text.as_bytes()).and_then(|()| self.stdout.flush()))
    }

    /// Writes data as one JSON document.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string_pretty(value)?;
        self.data(&format!("{text}\n"))
    }

    /// Writes data as one line of JSON.
    pub(crate) fn json_line(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string(value)?;
        self.data(&format!("{text}\n"))
    }

    /// Writes what people should know beside the data. A log that cannot be written ends nothing.
    #[allow(clippy::unnecessary_wraps)] // It is written like data.
    pub(crate) fn message(&mut self, text: &str) -> io::Result<()> {
        let _ = self.stderr.write_all(text.as_bytes()).and_then(|()| self.stderr.flush());
        Ok(())
    }

    /// Returns true where data is read on a terminal.
    pub(crate) const fn shows_data(&self) -> bool {
        self.stdout_is_terminal
    }

    /// Returns whether data is painted.
    pub(crate) fn data_paint(&self) -> Paint {
        Paint::of(self.stdout_is_terminal)
    }

    /// Returns whether messages are painted.
    pub(crate) fn message_paint(&self) -> Paint {
        Paint::of(self.stderr_is_terminal)
    }

    /// Returns true where messages are read on a terminal, which can be drawn on.
    pub(crate) fn draws(&self) -> bool {
        self.stderr_is_terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
    }

    /// Tells why a command could not do what it was asked for.
    pub(crate) fn fail(&mut self, failure: &Failure) -> Exit {
        let label = self.message_paint().bad("error:");
        // Where standard error is closed as well nobody can be told; the exit code remains.
        let _ = self.message(&format!("{label} {}\n", failure.message));
        failure.exit
    }

    /// Shows a help text that was asked for, or what is wrong with the arguments.
    pub(crate) fn usage(&mut self, error: &clap::Error) -> Result<Exit, Failure> {
        let text = error.render();
        if error.use_stderr() {
            let text = if self.stderr_is_terminal { text.ansi().to_string() } else { text.to_string() };
            self.message(&text)?;
            return Ok(Exit::Usage);
        }
        let text = if self.stdout_is_terminal { text.ansi().to_string() } else { text.to_string() };
        self.data(&text)?;
        Ok(Exit::Ready)
    }
}

fn outlive_reader(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
