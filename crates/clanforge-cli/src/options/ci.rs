//! Which CI system to write for, and which files.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::failure::Failure;
use crate::options::values::single;
use crate::terminal::ci::{Ci, Files, System};

#[derive(Args)]
pub(crate) struct CiOptions {
    /// CI system to write annotations, log groups and progress for
    #[arg(long, value_name = "SYSTEM", value_enum, default_value_t = CiSystem::Auto)]
    ci: CiSystem,

    /// Write the outcome to this file as lines of NAME=VALUE, such as for GitLab's dotenv reports
    #[arg(long, value_name = "FILE")]
    ci_outputs: Vec<PathBuf>,

    /// Write a summary to this file as Markdown, such as for `buildkite-agent annotate`
    #[arg(long, value_name = "FILE")]
    ci_summary: Vec<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(clippy::doc_markdown)] // The help has no code.
enum CiSystem {
    /// The one that runs the command, detected by its environment variables
    Auto,
    /// GitHub Actions; also writes the outputs and the summary of the step
    Github,
    /// GitLab CI
    Gitlab,
    /// TeamCity
    Teamcity,
    /// Azure Pipelines
    Azure,
    /// Buildkite
    Buildkite,
    /// No CI system
    None,
}

/// The variable that each system sets in its jobs.
const VARIABLES: [(&str, System); 5] = [
    ("GITHUB_ACTIONS", System::GitHub),
    ("GITLAB_CI", System::GitLab),
    ("TEAMCITY_VERSION", System::TeamCity),
    ("TF_BUILD", System::Azure),
    ("BUILDKITE", System::Buildkite),
];

impl CiOptions {
    /// Returns the reporter to the CI system. `stdout_is_text` is false if the command writes data to standard output.
    ///
    /// # Errors
    /// A failure for a file that cannot be written, before anything else is done.
    pub(crate) fn start(&self, stdout_is_text: bool) -> Result<Ci, Failure> {
        let file = |name| std::env::var_os(name).filter(|path| !path.is_empty()).map(PathBuf::from);
        let of_step = |name| if self.ci == CiSystem::Github { file(name) } else { None };
        let files = Files {
            step_outputs: of_step("GITHUB_OUTPUT"),
            step_summary: of_step("GITHUB_STEP_SUMMARY"),
            outputs: single("--ci-outputs", &self.ci_outputs)?.cloned(),
            summary: single("--ci-summary", &self.ci_summary)?.cloned(),
        };
        Ci::new(self.ci.system(|name| std::env::var_os(name)), stdout_is_text, files)
    }
}

impl CiSystem {
    fn system(self, variable: impl Fn(&str) -> Option<OsString>) -> Option<System> {
        match self {
            Self::Auto => {
                let is_set = |name| variable(name).is_some_and(|value| !value.is_empty() && value != "false");
                VARIABLES.into_iter().find(|(name, _)| is_set(name)).map(|(_, system)| system)
            }
            Self::Github => Some(System::GitHub),
            Self::Gitlab => Some(System::GitLab),
            Self::Teamcity => Some(System::TeamCity),
            Self::Azure => Some(System::Azure),
            Self::Buildkite => Some(System::Buildkite),
            Self::None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_system_is_known_by_its_own_variable() {
        for (variables, expected) in [
            (&[][..], None),
            (&[("CI", "true")], None),
            (&[("CI", "true"), ("GITHUB_ACTIONS", "true")], Some(System::GitHub)),
            (&[("GITHUB_ACTIONS", "false")], None),
            (&[("GITLAB_CI", "true")], Some(System::GitLab)),
            (&[("TEAMCITY_VERSION", "2026.1")], Some(System::TeamCity)),
            (&[("TF_BUILD", "True")], Some(System::Azure)),
            (&[("BUILDKITE", "true")], Some(System::Buildkite)),
            (&[("BUILDKITE", "")], None),
        ] {
            let find = |name: &str| variables.iter().find(|(set, _)| *set == name).map(|(_, value)| value.into());
            assert_eq!(CiSystem::Auto.system(find), expected, "{variables:?}");
            assert_eq!(CiSystem::None.system(find), None, "{variables:?}");
        }
    }
}
