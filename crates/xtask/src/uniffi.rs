//! Kotlin: the library, what UniFFI writes for it, and its tests.

use std::env;

use xshell::{Shell, cmd};

/// Builds the library, and writes its other half below the target folder.
///
/// # Errors
/// Where it cannot be built.
pub(crate) fn prepare(shell: &Shell) -> anyhow::Result<()> {
    cmd!(shell, "cargo build --locked --package clanforge-uniffi --package clanforge-uniffi-bindgen").run()?;
    let library = format!("target/debug/{}clanforge_uniffi{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    let folder = "target/uniffi/kotlin";
    cmd!(
        shell,
        "target/debug/uniffi-bindgen generate --library {library} --language kotlin --out-dir {folder} --no-format"
    )
    .run()?;
    // Where JNA looks for a library among the resources of a jar.
    let native = format!("target/uniffi/native/{}", jna_platform());
    shell.create_dir(&native)?;
    shell.copy_file(&library, &native)?;
    Ok(())
}

/// Runs the tests of Kotlin, where there are tools for it.
///
/// # Errors
/// Where a test fails, or CI asks for everything and something is missing.
pub(crate) fn test(shell: &Shell) -> anyhow::Result<()> {
    let has = |command: &str| cmd!(shell, "{command} --version").quiet().ignore_stdout().ignore_stderr().run().is_ok();
    let has_tools = has("javac") && has("mvn");
    if !has_tools {
        anyhow::ensure!(env::var_os("CI").is_none(), "there is no JDK with Maven, and CI tests everything");
        say("left out: Kotlin, because there is no JDK with Maven");
        return Ok(());
    }
    prepare(shell)?;
    let repository = shell.current_dir().join("target/uniffi/repository");
    let _project = shell.push_dir("bindings/uniffi/kotlin");
    Ok(cmd!(shell, "mvn --batch-mode --quiet -Dmaven.repo.local={repository} test").run()?)
}

fn jna_platform() -> String {
    let system = match env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let machine = match env::consts::ARCH {
        "x86_64" => "x86-64",
        other => other,
    };
    format!("{system}-{machine}")
}

#[allow(clippy::print_stdout)] // Nobody should take what was left out for tested.
fn say(line: &str) {
    println!("{line}");
}
