//! Kotlin, Ruby and Swift: the library, what UniFFI writes for each language, and their tests.

use std::env;

use xshell::{Shell, cmd};

/// Builds the library, and writes the other half for each language below the target folder.
///
/// # Errors
/// Where it cannot be built.
pub(crate) fn prepare(shell: &Shell) -> anyhow::Result<()> {
    cmd!(shell, "cargo build --locked --package clanforge-uniffi --package clanforge-uniffi-bindgen").run()?;
    let library = format!("target/debug/{}clanforge_uniffi{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    for language in ["kotlin", "ruby"] {
        let folder = format!("target/uniffi/{language}");
        cmd!(
            shell,
            "target/debug/uniffi-bindgen generate --library {library} --language {language} --out-dir {folder} --no-format"
        )
        .run()?;
    }
    // Where JNA looks for a library among the resources of a jar.
    let native = format!("target/uniffi/native/{}", jna_platform());
    shell.create_dir(&native)?;
    shell.copy_file(&library, &native)?;
    Ok(())
}

/// Runs the tests of the languages that there are tools for.
///
/// # Errors
/// Where a test fails, or CI asks for everything and something is missing.
pub(crate) fn test(shell: &Shell) -> anyhow::Result<()> {
    let has = |command: &str| cmd!(shell, "{command} --version").quiet().ignore_stdout().ignore_stderr().run().is_ok();
    let (kotlin, ruby) = (has("javac") && has("mvn"), has("ruby"));
    for (there, language, needed) in [(kotlin, "Kotlin", "a JDK with Maven"), (ruby, "Ruby", "Ruby with ffi")] {
        anyhow::ensure!(there || env::var_os("CI").is_none(), "there is no {needed}, and CI tests everything");
        if !there {
            say(&format!("left out: {language}, because there is no {needed}"));
        }
    }
    if kotlin || ruby {
        prepare(shell)?;
    }
    if kotlin {
        let repository = shell.current_dir().join("target/uniffi/repository");
        let _project = shell.push_dir("bindings/uniffi/kotlin");
        cmd!(shell, "mvn --batch-mode --quiet -Dmaven.repo.local={repository} test").run()?;
    }
    Ok(())
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
