//! The Python package: virtual environments below the target directory, the wheel, and the tests against it.

use std::path::{Path, PathBuf};

use anyhow::Context;
use xshell::{Shell, cmd};

use crate::project::{Project, left_out};
use crate::suite::Suite;

/// A script that exits with 0 if this Python is new enough for the package.
const IS_SUPPORTED: &str = "import sys; sys.exit(sys.version_info < (3, 10))";

/// A virtual environment.
pub(crate) struct Environment {
    bin: PathBuf,
}

impl Environment {
    /// Returns the environment of the package's tests; `None` if there is no Python that is new enough.
    ///
    /// # Errors
    /// Returns the errors of [`Environment::with_package`].
    pub(crate) fn for_tests(project: &Project) -> anyhow::Result<Option<Self>> {
        Self::with_package(project, "python/requirements-dev.txt", "dev")
    }

    /// Returns an environment with these requirements and the package's wheel, built in one of cargo's profiles; `None`
    /// if there is no Python that is new enough.
    ///
    /// # Errors
    /// Returns an error if something cannot be built or installed, or is missing under `CI`.
    pub(crate) fn with_package(project: &Project, requirements: &str, profile: &str) -> anyhow::Result<Option<Self>> {
        let environment = Self::with(project, requirements)?;
        if let Some(environment) = &environment {
            environment.install(project, profile)?;
        }
        Ok(environment)
    }

    /// Returns an environment with these requirements; `None` if there is no Python that is new enough.
    ///
    /// # Errors
    /// Returns an error if something cannot be installed, or is missing under `CI`.
    pub(crate) fn with(Project { shell, target }: &Project, requirements: &str) -> anyhow::Result<Option<Self>> {
        let Some(python) = find(shell) else {
            left_out("Python", "Python 3.10 or newer")?;
            return Ok(None);
        };
        let folder = target.join("python").join(Path::new(requirements).file_stem().unwrap_or_default());
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

    /// Returns the folder of the programs of this environment.
    pub(crate) fn bin(&self) -> &Path {
        &self.bin
    }

    /// Returns the path of a program of this environment.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }

    fn install(&self, Project { shell, target }: &Project, profile: &str) -> anyhow::Result<()> {
        let _quiet = shell.push_env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
        let (python, maturin) = (self.program("python"), self.program("maturin"));
        let wheels = target.join("python/wheels").join(profile);
        shell.remove_path(&wheels)?;
        {
            let _package = shell.push_dir("python");
            cmd!(shell, "{maturin} build --quiet --profile {profile} --out {wheels}").run()?;
        }
        let wheel = shell.read_dir(&wheels)?.pop().context("maturin built no wheel")?;
        Ok(cmd!(shell, "{python} -m pip install --quiet --no-deps --force-reinstall {wheel}").run()?)
    }
}

/// Returns the tests of the Python package that is installed in an environment.
pub(crate) fn suite(Project { shell, .. }: &Project, environment: &Environment) -> Suite {
    // Next to the package's sources, Python would import those instead of the installed package.
    let _tests = shell.push_dir("python/tests");
    let pytest = environment.program("pytest");
    Suite::new("Python", cmd!(shell, "{pytest} -c ../pyproject.toml -p no:cacheprovider"))
}

fn find(shell: &Shell) -> Option<&'static str> {
    ["python3", "python"]
        .into_iter()
        .find(|python| cmd!(shell, "{python} -c {IS_SUPPORTED}").quiet().ignore_stderr().run().is_ok())
}
