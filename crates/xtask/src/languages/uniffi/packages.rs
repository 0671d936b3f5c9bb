//! The READMEs of Kotlin, Ruby and Swift, and the packages as users get them: installed by the commands of the READMEs, and used
//! by a project outside of the checkout.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use xshell::{Shell, cmd};

use crate::project::{self, Project};
use crate::suite::Suite;

/// The first command of every README, which xtask has run before.
const PREPARE: &str = "cargo xtask uniffi";

/// The sections that a reader looks for in the README of each language.
const HEADINGS: [&str; 4] = ["Install", "First call", "Wait", "Errors"];

/// Checks that the READMEs of all three languages have the same sections.
///
/// # Errors
/// Returns an error if a README lacks one.
pub(super) fn pages(shell: &Shell) -> anyhow::Result<()> {
    for language in ["kotlin", "ruby", "swift"] {
        let page = shell.read_file(format!("bindings/uniffi/{language}/README.md"))?;
        for heading in HEADINGS {
            ensure!(page.contains(&format!("\n## {heading}\n")), "the README of {language} has no section `{heading}`");
        }
        ensure!(block(&page, "sh")?.starts_with(PREPARE), "the README of {language} does not begin with `{PREPARE}`");
    }
    Ok(())
}

/// Tests the jar, installs it into a Maven repository below the target directory, and runs a project that has nothing but the
/// dependency of the README and waits for a simulated rollout.
///
/// # Errors
/// Returns an error if a test fails or the package does not work.
pub(super) fn kotlin(project: &Project) -> anyhow::Result<()> {
    let shell = &project.shell;
    let readme = shell.read_file("bindings/uniffi/kotlin/README.md")?;
    let target = project.target.join("uniffi");
    let installed = target.join("repository/clanforge");
    shell.remove_path(&installed)?;
    let _options = shell.push_env("MAVEN_OPTS", maven_options(project));
    follow(shell, &readme)?;
    ensure!(installed.exists(), "mvn install did not install the jar");

    let user = target.join("user");
    let dependency = block(&readme, "xml")?;
    let pom = shell.read_file("tests/packages/kotlin/pom.xml")?;
    let same = |text: &str| text.split_whitespace().collect::<String>();
    ensure!(
        same(&pom).contains(&same(dependency)),
        "tests/packages/kotlin/pom.xml has another dependency than the README"
    );
    copy(shell, "tests/packages/kotlin", &user)?;
    let _user = shell.push_dir(&user);
    let printed = project::read(cmd!(shell, "mvn --batch-mode --quiet compile exec:java"))?;
    ensure!(printed.contains("READY"), "the user's project printed {printed:?}");
    Ok(())
}

/// Returns the tests of the jar.
pub(super) fn kotlin_suite(project: &Project) -> Suite {
    let shell = &project.shell;
    let _package = shell.push_dir("bindings/uniffi/kotlin");
    Suite::new("Kotlin", cmd!(shell, "mvn --batch-mode test").env("MAVEN_OPTS", maven_options(project)))
}

fn maven_options(Project { target, .. }: &Project) -> String {
    let repository = target.join("uniffi/repository");
    // Kotlin's compiler would otherwise leave a process that waits for half an hour.
    let options = "-Dkotlin.compiler.daemon=false -Dorg.slf4j.simpleLogger.defaultLogLevel=warn";
    format!("-Dmaven.repo.local={} {options}", repository.display())
}

/// Installs the gem into an empty directory, and runs a script that requires it by its name and waits for a simulated rollout.
///
/// # Errors
/// Returns an error if the package does not work.
pub(super) fn ruby(Project { shell, target }: &Project) -> anyhow::Result<()> {
    let gems = target.join("uniffi/gems");
    shell.remove_path(&gems)?;
    let user = target.join("uniffi/user");
    copy(shell, "tests/packages/ruby", &user)?;
    let _home = shell.push_env("GEM_HOME", &gems);
    follow(shell, &shell.read_file("bindings/uniffi/ruby/README.md")?)?;
    let _user = shell.push_dir(&user);
    let printed = project::read(cmd!(shell, "ruby wait_for_rollout.rb"))?;
    let (outcome, path) = printed.trim_end().split_once('\n').context("the user's script printed too little")?;
    ensure!(outcome == "ready", "the user's script printed {printed:?}");
    let path = fs::canonicalize(path).with_context(|| format!("the script loaded {path}"))?;
    let gems = fs::canonicalize(&gems)?;
    ensure!(path.starts_with(gems), "the script loaded {}, and not the gem that was installed", path.display());
    Ok(())
}

/// Runs the commands by which a README installs the package, except the first, which xtask has run before.
fn follow(shell: &Shell, readme: &str) -> anyhow::Result<()> {
    let (first, rest) = block(readme, "sh")?.split_once('\n').context("a README has one command only")?;
    ensure!(first == PREPARE, "a README begins with `{first}` instead of `{PREPARE}`");
    // In one shell, as people paste them: `cd` applies to the commands after it.
    project::read(cmd!(shell, "sh -e -c {rest}")).map(drop)
}

/// Returns the first block of a language within a README.
fn block<'readme>(readme: &'readme str, language: &str) -> anyhow::Result<&'readme str> {
    let block = readme.split_once(&format!("```{language}\n")).and_then(|(_, rest)| rest.split_once("\n```"));
    Ok(block.with_context(|| format!("a README has no block of {language}"))?.0)
}

fn copy(shell: &Shell, from: &str, to: &Path) -> anyhow::Result<()> {
    shell.create_dir(to)?;
    for entry in shell.read_dir(from)? {
        let place = to.join(entry.file_name().unwrap_or_default());
        match entry.is_dir() {
            true => copy(shell, &entry.to_string_lossy(), &place)?,
            false => shell.copy_file(&entry, &place)?,
        }
    }
    Ok(())
}
