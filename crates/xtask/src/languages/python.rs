//! The Python package: an environment of its own in the target folder, the wheel, and the tests against it.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::Context;
use xshell::{Shell, cmd};

/// The oldest Python that the package supports.
const OLDEST: &str = "import sys; sys.exit(sys.version_info < (3, 10))";

/// An environment in which the package is installed as a user installs it.
pub(crate) struct Environment {
    bin: PathBuf,
}

impl Environment {
    /// Returns the environment of the package's tests; `None` where there is no Python that is new enough.
    ///
    /// # Errors
    /// As [`Environment::with_package`] has them.
    pub(crate) fn for_tests(shell: &Shell) -> anyhow::Result<Option<Self>> {
        Self::with_package(shell, "python/requirements-dev.txt", "dev")
    }

    /// Returns an environment with these requirements and the package's wheel, built in a profile of cargo's; `None`
    /// where there is no Python that is new enough.
    ///
    /// # Errors
    /// Where CI asks for everything and something is missing, and where something cannot be built or installed.
    pub(crate) fn with_package(shell: &Shell, requirements: &str, profile: &str) -> anyhow::Result<Option<Self>> {
        let environment = Self::with(shell, requirements)?;
        if let Some(environment) = &environment {
            environment.install(shell, profile)?;
        }
        Ok(environment)
    }

    /// Returns an environment with these requirements; `None` where there is no Python that is new enough.
    ///
    /// # Errors
    /// Where CI asks for everything and something is missing, and where something cannot be installed.
    pub(crate) fn with(shell: &Shell, requirements: &str) -> anyhow::Result<Option<Self>> {
        let Some(python) = find(shell) else {
            anyhow::ensure!(env::var_os("CI").is_none(), "there is no Python 3.10 or newer, and CI tests everything");
            say("left out: Python, because there is no Python 3.10 or newer");
            return Ok(None);
        };
        let folder =
            shell.current_dir().join("target/python").join(Path::new(requirements).file_stem().unwrap_or_default());
        if !folder.exists() {
            cmd!(shell, "{python} -m venv {folder}").run()?;
        }
        let bin = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
        let environment = Self { bin };
        let python = environment.program("python");
        let _quiet = shell.push_env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
        cmd!(shell, "{python} -m pip install --quiet --requirement {requirements}").run()?;
        Ok(Some(environment))
    }

    /// Returns the path of a program of this environment.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }

    fn install(&self, shell: &Shell, profile: &str) -> anyhow::Result<()> {
        let _quiet = shell.push_env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
        let (python, maturin) = (self.program("python"), self.program("maturin"));
        let target = shell.current_dir().join("target");
        let wheels = target.join("python/wheels").join(profile);
        shell.remove_path(&wheels)?;
        let _target = shell.push_env("CARGO_TARGET_DIR", &target);
        {
            let _project = shell.push_dir("python");
            cmd!(shell, "{maturin} build --quiet --profile {profile} --out {wheels}").run()?;
        }
        let wheel = shell.read_dir(&wheels)?.pop().context("maturin built no wheel")?;
        Ok(cmd!(shell, "{python} -m pip install --quiet --no-deps --force-reinstall {wheel}").run()?)
    }
}

/// Runs the tests of the Python package, where there is a Python for it.
///
/// # Errors
/// Where a test fails, or the package cannot be built.
pub(crate) fn test(shell: &Shell) -> anyhow::Result<()> {
    let Some(environment) = Environment::for_tests(shell)? else { return Ok(()) };
    // Beside the package's sources Python would find those in place of what is installed.
    let _tests = shell.push_dir("python/tests");
    let pytest = environment.program("pytest");
    cmd!(shell, "{pytest} -c ../pyproject.toml -p no:cacheprovider").run()?;
    Ok(())
}

fn find(shell: &Shell) -> Option<&'static str> {
    ["python3", "python"]
        .into_iter()
        .find(|python| cmd!(shell, "{python} -c {OLDEST}").quiet().ignore_stderr().run().is_ok())
}

#[allow(clippy::print_stdout)] // Nobody should take what was left out for tested.
fn say(line: &str) {
    println!("{line}");
}
