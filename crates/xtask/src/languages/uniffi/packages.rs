//! The pages of Kotlin, Ruby and Swift, and the packages as a user gets them: installed by the commands of the pages, and used
//! from outside.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use xshell::{Shell, cmd};

/// What every README begins with, and what was done before.
const PREPARE: &str = "cargo xtask uniffi";

/// What a reader looks for on the page of each language.
const HEADINGS: [&str; 4] = ["Install", "First call", "Wait", "Errors"];

/// Looks for the parts that the pages of all three languages have.
///
/// # Errors
/// Where a page lacks one.
pub(super) fn pages(shell: &Shell) -> anyhow::Result<()> {
    for language in ["kotlin", "ruby", "swift"] {
        let page = shell.read_file(format!("bindings/uniffi/{language}/README.md"))?;
        for heading in HEADINGS {
            ensure!(page.contains(&format!("\n## {heading}\n")), "the page of {language} has no part `{heading}`");
        }
        ensure!(block(&page, "sh")?.starts_with(PREPARE), "the page of {language} does not begin with `{PREPARE}`");
    }
    Ok(())
}

/// Installs the jar into a repository of Maven's below the target folder, testing it on the way, and lets a project that has
/// nothing but the dependency of the README wait for a simulated rollout.
///
/// # Errors
/// Where a test fails, or the package does not work.
pub(super) fn kotlin(shell: &Shell) -> anyhow::Result<()> {
    let readme = shell.read_file("bindings/uniffi/kotlin/README.md")?;
    let target = shell.current_dir().join("target/uniffi");
    let repository = target.join("repository");
    let installed = repository.join("clanforge");
    shell.remove_path(&installed)?;
    let options = format!("-Dmaven.repo.local={} -Dorg.slf4j.simpleLogger.defaultLogLevel=warn", repository.display());
    let _options = shell.push_env("MAVEN_OPTS", options);
    follow(shell, &readme)?;
    ensure!(installed.exists(), "mvn install did not install the jar");

    let project = target.join("user");
    let dependency = block(&readme, "xml")?;
    let pom = shell.read_file("tests/packages/kotlin/pom.xml")?;
    let same = |text: &str| text.split_whitespace().collect::<String>();
    ensure!(
        same(&pom).contains(&same(dependency)),
        "tests/packages/kotlin/pom.xml has another dependency than the README"
    );
    copy(shell, "tests/packages/kotlin", &project)?;
    let _project = shell.push_dir(&project);
    let printed = cmd!(shell, "mvn --batch-mode --quiet compile exec:java").read()?;
    ensure!(printed.contains("READY"), "the user's project printed {printed:?}");
    Ok(())
}

/// Installs the gem into an empty folder, and lets a script that knows nothing but its name wait for a simulated rollout.
///
/// # Errors
/// Where the package does not work.
pub(super) fn ruby(shell: &Shell) -> anyhow::Result<()> {
    let gems = shell.current_dir().join("target/uniffi/gems");
    shell.remove_path(&gems)?;
    let user = shell.current_dir().join("target/uniffi/user");
    copy(shell, "tests/packages/ruby", &user)?;
    let _home = shell.push_env("GEM_HOME", &gems);
    follow(shell, &shell.read_file("bindings/uniffi/ruby/README.md")?)?;
    let _user = shell.push_dir(&user);
    let printed = cmd!(shell, "ruby wait_for_rollout.rb").read()?;
    let (outcome, path) = printed.split_once('\n').context("the user's script printed too little")?;
    ensure!(outcome == "ready", "the user's script printed {printed:?}");
    let (path, gems) = (fs::canonicalize(path)?, fs::canonicalize(&gems)?);
    ensure!(path.starts_with(gems), "the script loaded {}, and not the gem that was installed", path.display());
    Ok(())
}

/// Runs the commands that a README has for installing, but the first, which was done before.
fn follow(shell: &Shell, readme: &str) -> anyhow::Result<()> {
    let (first, rest) = block(readme, "sh")?.split_once('\n').context("a README has one command only")?;
    ensure!(first == PREPARE, "a README begins with `{first}` instead of `{PREPARE}`");
    // In a shell, as people copy them: it keeps the folder from one to the next.
    let output = cmd!(shell, "sh -e -c {rest}").quiet().ignore_status().output()?;
    let said = || format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "the README's commands failed:\n{rest}\n{}", said());
    Ok(())
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
