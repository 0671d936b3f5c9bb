//! Kotlin, Ruby and Swift: the library, what UniFFI writes for each language, and the tests of each.

mod documentation;
mod packages;
mod swift;

use std::env;

use xshell::{Shell, cmd};

/// Builds the library, and writes the other half for each language: Kotlin's below the target folder, Ruby's into its gem, and
/// Swift's into its package.
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
    lay_into_gem(shell, &library)?;
    lay_into_package(shell, &library)?;
    // Where JNA looks for a library among the resources of a jar.
    let native = format!("target/uniffi/native/{}", jna_platform());
    shell.create_dir(&native)?;
    shell.copy_file(&library, &native)?;
    Ok(())
}

/// Runs the tests of the languages that there are tools for, and returns whether that were all.
///
/// # Errors
/// Where a test fails, or CI asks for everything and something is missing.
pub(crate) fn test(shell: &Shell) -> anyhow::Result<bool> {
    let has = |command: &str| cmd!(shell, "{command} --version").quiet().ignore_stdout().ignore_stderr().run().is_ok();
    let (kotlin, ruby) =
        (has("javac") && has("mvn"), cmd!(shell, "ruby -rffi -e 0").quiet().ignore_stderr().run().is_ok());
    for (there, language, needed) in [(kotlin, "Kotlin", "a JDK with Maven"), (ruby, "Ruby", "Ruby with ffi")] {
        anyhow::ensure!(there || env::var_os("CI").is_none(), "there is no {needed}, and CI tests everything");
        if !there {
            say(&format!("left out: {language}, because there is no {needed}"));
        }
    }
    prepare(shell)?;
    packages::pages(shell)?;
    documentation::check(shell)?;
    swift::check(shell)?;
    if kotlin {
        packages::kotlin(shell)?;
    }
    if ruby {
        for file in ["cases_test.rb", "client_test.rb", "secrets_test.rb"] {
            cmd!(shell, "ruby -W bindings/uniffi/ruby/test/{file}").run()?;
        }
        packages::ruby(shell)?;
    }
    Ok(kotlin && ruby)
}

/// Lays what UniFFI writes for Swift into its package, beside the module map that is kept there.
fn lay_into_package(shell: &Shell, library: &str) -> anyhow::Result<()> {
    let folder = "target/uniffi/swift";
    cmd!(
        shell,
        "target/debug/uniffi-bindgen generate --library {library} --language swift --out-dir {folder} --no-format"
    )
    .run()?;
    for (file, module) in [("Clanforge.swift", "Clanforge"), ("ClanforgeFFI.h", "ClanforgeFFI")] {
        let place = format!("bindings/uniffi/swift/Sources/{module}");
        shell.create_dir(&place)?;
        shell.copy_file(format!("{folder}/{file}"), place)?;
    }
    Ok(())
}

/// Lays what Ruby loads into its gem: under a module of its own, over which the gem's classes stand, and the library beside it.
fn lay_into_gem(shell: &Shell, library: &str) -> anyhow::Result<()> {
    let gem = "bindings/uniffi/ruby/lib/clanforge";
    let generated = shell.read_file("target/uniffi/ruby/clanforge.rb")?;
    let native = generated
        .replace("::Clanforge.", "::Clanforge::Native.")
        .replace("::Clanforge::uniffi", "::Clanforge::Native.uniffi")
        .replacen("\nmodule Clanforge\n", "\nmodule Clanforge\nmodule Native\n", 1)
        .replace("ffi_lib 'clanforge_uniffi'", "ffi_lib ::Clanforge::LIBRARY");
    // Without the interpreter's lock: whoever waits for a call must not hold up the other threads.
    let waits = "attach_function :uniffi_clanforge_uniffi_fn_method_pendingcall_wait_for,\n    [:uint64, :double, RustCallStatus.by_ref],\n    RustBuffer.by_value";
    anyhow::ensure!(native.contains(waits), "UniFFI writes Ruby's functions in another form");
    let native = native.replace(waits, &format!("{waits},\n    blocking: true"));
    shell.write_file(format!("{gem}/native.rb"), format!("{native}\nend\n"))?;
    shell.copy_file(library, gem)?;
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
