//! Standard output and standard error.

use std::io::{self, ErrorKind, IsTerminal, Write};

use serde::Serialize;

use crate::failure::Failure;
use crate::options::image::label;
use crate::terminal::paint::Paint;
use crate::terminal::terminal_kind::TerminalKind;
use clanforge::{ExitCode, ImageRef};

/// The streams of a command: data goes to standard output, and everything else to standard error.
///
/// A reader that closes standard output early, as in `clanforge status | head -1`, does not change the exit code.
pub struct Streams<'a> {
    stdout: Box<dyn Write + 'a>,
    stderr: Box<dyn Write + 'a>,
    stdout_is_terminal: bool,
    stderr_is_terminal: bool,
    terminal: TerminalKind,
    /// Whether standard output gets one JSON document, and has not got it yet.
    owes_document: bool,
}

impl Streams<'static> {
    /// Returns the streams of the process.
    pub fn standard() -> Self {
        Self {
            stdout: Box::new(io::stdout()),
            stderr: Box::new(io::stderr()),
            stdout_is_terminal: io::stdout().is_terminal(),
            stderr_is_terminal: io::stderr().is_terminal(),
            terminal: TerminalKind::of_process(),
            owes_document: false,
        }
    }
}

impl<'a> Streams<'a> {
    /// Returns streams that are not terminals.
    pub fn new(stdout: impl Write + 'a, stderr: impl Write + 'a) -> Self {
        Self {
            stdout: Box::new(stdout),
            stderr: Box::new(stderr),
            stdout_is_terminal: false,
            stderr_is_terminal: false,
            terminal: TerminalKind::of_process(),
            owes_document: false,
        }
    }

    /// Makes standard output get one JSON document, even if the command fails.
    pub(crate) const fn expect_document(&mut self) {
        self.owes_document = true;
    }

    /// Writes to standard output. On a terminal, characters that it cannot show are escaped.
    pub(crate) fn write_data(&mut self, text: &str) -> Result<(), Failure> {
        let text = self.stdout_kind().shown(text);
        match self.stdout.write_all(text.as_bytes()).and_then(|()| self.stdout.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(Failure::system("write to standard output", &error))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Writes a JSON document to standard output.
    pub(crate) fn write_json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        self.owes_document = false;
        self.write_data(&json_document(value)?)
    }

    /// Writes a line of JSON to standard output.
    pub(crate) fn write_json_line(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        self.write_data(&json_line(value)?)
    }

    /// Writes to standard error. A failure to write it does not end the command.
    pub(crate) fn write_message(&mut self, text: &str) {
        let text = if self.stderr_is_terminal { self.terminal.shown(text) } else { text.into() };
        let _ = self.stderr.write_all(text.as_bytes()).and_then(|()| self.stderr.flush());
    }

    /// Writes a warning, with the image that it is about if there are several.
    pub(crate) fn write_warning(&mut self, image: Option<ImageRef>, warning: &str) {
        let image = image.map_or_else(String::new, |image| format!("{}: ", label(image)));
        self.write_message(&format!("warning: {image}{warning}\n"));
    }

    pub(crate) const fn stdout_is_terminal(&self) -> bool {
        self.stdout_is_terminal
    }

    /// Returns what standard output can show: a file can hold every character.
    pub(crate) const fn stdout_kind(&self) -> TerminalKind {
        if self.stdout_is_terminal { self.terminal } else { TerminalKind::UNICODE }
    }

    pub(crate) fn stdout_paint(&self) -> Paint {
        Paint::of(self.stdout_is_terminal && self.terminal.has_sequences)
    }

    pub(crate) fn stderr_paint(&self) -> Paint {
        Paint::of(self.stderr_is_terminal && self.terminal.has_sequences)
    }

    pub(crate) const fn terminal(&self) -> TerminalKind {
        self.terminal
    }

    /// Returns true if standard error is a terminal that can move its cursor, and not the log of a CI system.
    pub(crate) const fn can_redraw_stderr(&self) -> bool {
        self.stderr_is_terminal && self.terminal.has_sequences && !self.terminal.is_log
    }

    /// Writes an error that does not end the command.
    pub(crate) fn write_error(&mut self, failure: &Failure) {
        let label = self.stderr_paint().red("error:");
        self.write_message(&format!("{label} {}\n", failure.message()));
    }

    /// Writes why a command failed, and returns its exit code.
    pub(crate) fn fail(&mut self, failure: &Failure) -> ExitCode {
        self.write_error(failure);
        self.write_document(failure);
        failure.exit
    }

    /// Writes a failure to standard output, if a document is due there.
    fn write_document(&mut self, failure: &Failure) {
        if self.owes_document {
            // The message has been written.
            let _ = self.write_json(&failure.document());
        }
    }

    /// Writes the help that was asked for, or what is wrong with the arguments.
    pub(crate) fn write_usage(&mut self, error: &clap::Error) -> Result<ExitCode, Failure> {
        let text = |is_terminal| match is_terminal && self.terminal.has_sequences {
            true => error.render().ansi().to_string(),
            false => error.render().to_string(),
        };
        if error.use_stderr() {
            let text = text(self.stderr_is_terminal);
            self.write_message(&text);
            let text = error.render().to_string();
            let message = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
            self.write_document(&Failure::usage(message.split_whitespace().collect::<Vec<_>>().join(" ")));
            return Ok(ExitCode::Usage);
        }
        let text = text(self.stdout_is_terminal);
        self.write_data(&text)?;
        Ok(ExitCode::Ready)
    }
}

/// Returns the text of a JSON document.
pub(crate) fn json_document(value: &impl Serialize) -> Result<String, Failure> {
    json_text(serde_json::to_string_pretty(value))
}

/// Returns a JSON document as a line.
pub(crate) fn json_line(value: &impl Serialize) -> Result<String, Failure> {
    json_text(serde_json::to_string(value))
}

/// Returns the same JSON without the beginning of a command that `TeamCity` and Azure Pipelines find anywhere in a line.
fn json_text(written: serde_json::Result<String>) -> Result<String, Failure> {
    let text = written.map_err(|error| Failure::internal(&error.to_string()))?;
    // Only strings have this character.
    Ok(text.replace("##", r"#\u0023") + "\n")
}
