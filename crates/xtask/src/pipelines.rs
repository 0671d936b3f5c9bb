//! The GitHub action, the GitLab component and the recipes, run by act, by gitlab-ci-local, by Groovy, and by the shell.

use std::path::{Path, PathBuf};

use xshell::cmd;

use crate::languages::node::{self, NPM};
use crate::project::{Project, left_out};
use crate::suite::Suite;
use crate::tools::{self, ACT};

/// The programs that the pipelines and their runners call.
const PROGRAMS: [&str; 6] = ["curl", "git", "java", "jq", "mvn", "rsync"];

/// The release of Groovy, the language of a Jenkinsfile.
const GROOVY: &str = "5.0.8";

/// Returns the tests of the pipelines against the command that cargo built; `None` if the machine lacks a tool.
///
/// # Errors
/// Returns an error if a tool cannot be installed, or is missing under `CI`.
pub(crate) fn suite(project: &Project) -> anyhow::Result<Option<Suite>> {
    const WHAT: &str = "pipelines";
    let shell = &project.shell;
    if !cfg!(target_os = "linux") {
        left_out(WHAT, "Linux")?;
        return Ok(None);
    }
    for program in PROGRAMS {
        if cmd!(shell, "{program} --version").quiet().ignore_stdout().ignore_stderr().run().is_err() {
            left_out(WHAT, program)?;
            return Ok(None);
        }
    }
    if !node::is_there(project)? || !tools::has_go(shell, WHAT)? {
        return Ok(None);
    }
    let act = ACT.installed(project)?;
    let groovy = groovy(project)?;
    let folder = project.target.join("pipelines");
    shell.remove_path(&folder)?;
    node::copy(shell, Path::new("tests/pipelines"), &folder)?;
    let root = shell.current_dir();
    let _folder = shell.push_dir(&folder);
    cmd!(shell, "{NPM} ci --no-audit --no-fund --silent").run()?;
    // gitlab-ci-local needs a newer Node than the packages.
    let newer = folder.join("node_modules/.bin/node");
    let command = cmd!(shell, "{newer} --test --test-reporter=spec").env("CLANFORGE_PROJECT", root);
    let command = command.env("CLANFORGE_COMMAND", project.program("debug", "clanforge")).env("CLANFORGE_ACT", act);
    let command = command.env("CLANFORGE_GROOVY", groovy);
    Ok(Some(Suite::new(WHAT, command)))
}

/// Returns Groovy's archive, and downloads it first if it is missing.
fn groovy(Project { shell, target }: &Project) -> anyhow::Result<PathBuf> {
    let tools = target.join("tools");
    let archive = tools.join(format!("groovy-{GROOVY}.jar"));
    if !archive.exists() {
        let artifact = format!("-Dartifact=org.apache.groovy:groovy:{GROOVY}");
        let output = format!("-DoutputDirectory={}", tools.display());
        let repository = format!("-Dmaven.repo.local={}", tools.join("maven").display());
        cmd!(shell, "mvn --batch-mode --quiet {repository} dependency:copy {artifact} {output}").run()?;
    }
    Ok(archive)
}
