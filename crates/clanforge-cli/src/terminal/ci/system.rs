//! The commands of each CI system, which it reads from the lines of a job.

/// A CI system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    GitHub,
    GitLab,
    TeamCity,
    Azure,
    Buildkite,
}

/// How the command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Notice,
    Warning,
    Error,
}

impl System {
    /// Returns the line that begins a group; `began` is its time in seconds since 1970.
    pub(super) fn begin(self, title: &str, began: u64) -> String {
        match self {
            Self::GitHub => format!("::group::{}\n", github(title)),
            Self::GitLab => format!("\u{1b}[0Ksection_start:{began}:clanforge_{began}\r\u{1b}[0K{title}\n"),
            Self::TeamCity => format!("##teamcity[blockOpened name='{}']\n", teamcity(title)),
            Self::Azure => format!("##[group]{}\n", azure(title)),
            Self::Buildkite => format!("--- {title}\n"),
        }
    }

    /// Returns the line that ends a group.
    pub(super) fn end(self, title: &str, began: u64, now: u64) -> String {
        match self {
            Self::GitHub => "::endgroup::\n".to_owned(),
            Self::GitLab => format!("\u{1b}[0Ksection_end:{now}:clanforge_{began}\r\u{1b}[0K\n"),
            Self::TeamCity => format!("##teamcity[blockClosed name='{}']\n", teamcity(title)),
            Self::Azure => "##[endgroup]\n".to_owned(),
            // The next group ends it.
            Self::Buildkite => String::new(),
        }
    }

    /// Returns the line that shows progress, if the system has a place for it.
    pub(super) fn progress(self, percent: Option<&str>, text: &str) -> String {
        match self {
            Self::TeamCity => format!("##teamcity[progressMessage '{}']\n", teamcity(text)),
            Self::Azure => percent.map_or_else(String::new, |percent| {
                let whole = percent.split('.').next().unwrap_or_default();
                format!("##vso[task.setprogress value={whole};]{}\n", azure(text))
            }),
            Self::GitHub | Self::GitLab | Self::Buildkite => String::new(),
        }
    }

    /// Returns the line that says how the command ended.
    pub(super) fn result(self, level: Level, text: &str) -> String {
        match (self, level) {
            (Self::GitHub, Level::Notice) => format!("::notice title=clanforge::{}\n", github(text)),
            (Self::GitHub, Level::Warning) => format!("::warning title=clanforge::{}\n", github(text)),
            (Self::GitHub, Level::Error) => format!("::error title=clanforge::{}\n", github(text)),
            (Self::TeamCity, Level::Notice) => {
                format!("##teamcity[message status='NORMAL' text='{}']\n", teamcity(text))
            }
            (Self::TeamCity, Level::Warning) => {
                format!("##teamcity[message status='WARNING' text='{}']\n", teamcity(text))
            }
            (Self::TeamCity, Level::Error) => {
                format!("##teamcity[buildProblem description='{}' identity='clanforge']\n", teamcity(text))
            }
            (Self::Azure, Level::Notice) => format!("##[section]{}\n", azure(text)),
            (Self::Azure, Level::Warning) => format!("##vso[task.logissue type=warning;]{}\n", azure(text)),
            (Self::Azure, Level::Error) => format!("##vso[task.logissue type=error;]{}\n", azure(text)),
            // An expanded group is what the reader sees first.
            (Self::Buildkite, Level::Error | Level::Warning) => format!("+++ {}\n", text.replace('\n', "\n    ")),
            (Self::Buildkite, Level::Notice) => format!("--- {}\n", text.replace('\n', "\n    ")),
            (Self::GitLab, _) => format!("{text}\n"),
        }
    }

    /// Returns the line that passes a value on to later steps, or to a chart if it is a number.
    pub(super) fn value(self, name: &str, value: &str) -> String {
        match self {
            Self::TeamCity if value.parse::<f64>().is_ok() => {
                format!("##teamcity[buildStatisticValue key='clanforge.{name}' value='{}']\n", teamcity(value))
            }
            Self::TeamCity => {
                format!("##teamcity[setParameter name='clanforge.{name}' value='{}']\n", teamcity(value))
            }
            Self::Azure => format!("##vso[task.setvariable variable={name};isOutput=true;]{}\n", azure(value)),
            Self::GitHub | Self::GitLab | Self::Buildkite => String::new(),
        }
    }
}

/// Escapes the text of a command as `@actions/core` does.
fn github(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the text of a command as `azure-pipelines-task-lib` does.
fn azure(text: &str) -> String {
    text.replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a value as `teamcity-messages` does.
fn teamcity(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '|' | '\'' | '[' | ']' => escaped.extend(['|', character]),
            '\n' => escaped.push_str("|n"),
            '\r' => escaped.push_str("|r"),
            _ => escaped.push(character),
        }
    }
    escaped
}
