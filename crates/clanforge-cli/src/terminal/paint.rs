//! Colours.

use anstyle::{AnsiColor, Effects, Style};
use clanforge::Readiness;

/// Whether to write colours: on a terminal that shows them, unless `NO_COLOR` is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Paint(bool);

impl Paint {
    pub(crate) fn of(is_terminal: bool) -> Self {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        Self(is_terminal && !is_set("NO_COLOR"))
    }

    pub(crate) fn green(self, text: &str) -> String {
        self.with(AnsiColor::Green.on_default(), text)
    }

    pub(crate) fn yellow(self, text: &str) -> String {
        self.with(AnsiColor::Yellow.on_default(), text)
    }

    pub(crate) fn red(self, text: &str) -> String {
        self.with(AnsiColor::Red.on_default().effects(Effects::BOLD), text)
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    pub(crate) fn readiness(self, readiness: Readiness) -> String {
        match readiness {
            Readiness::Ready => self.green(readiness.as_str()),
            Readiness::Installing => self.yellow(readiness.as_str()),
            Readiness::Degraded | Readiness::Empty => self.red(readiness.as_str()),
        }
    }

    fn with(self, style: Style, text: &str) -> String {
        match self.0 {
            true => format!("{style}{text}{style:#}"),
            false => text.to_owned(),
        }
    }
}
