//! Colours, where somebody sees them.

use anstyle::{AnsiColor, Effects, Style};
use clanforge::Readiness;

/// Whether text is painted: on a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Paint(bool);

impl Paint {
    pub(crate) fn of(is_terminal: bool) -> Self {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self(is_terminal && !is_set("NO_COLOR") && !is_dumb)
    }

    pub(crate) fn good(self, text: &str) -> String {
        self.with(AnsiColor::Green.on_default(), text)
    }

    pub(crate) fn busy(self, text: &str) -> String {
        self.with(AnsiColor::Yellow.on_default(), text)
    }

    pub(crate) fn bad(self, text: &str) -> String {
        self.with(AnsiColor::Red.on_default().effects(Effects::BOLD), text)
    }

    pub(crate) fn strong(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    pub(crate) fn readiness(self, readiness: Readiness) -> String {
        match readiness {
            Readiness::Ready => self.good(readiness.as_str()),
            Readiness::Installing => self.busy(readiness.as_str()),
            Readiness::Degraded | Readiness::Empty => self.bad(readiness.as_str()),
        }
    }

    fn with(self, style: Style, text: &str) -> String {
        match self.0 {
            true => format!("{style}{text}{style:#}"),
            false => text.to_owned(),
        }
    }
}
