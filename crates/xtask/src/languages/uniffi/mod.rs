//! Kotlin, Ruby and Swift: the library, the bindings that UniFFI generates, and the tests.

mod documentation;
mod packages;
mod swift;

use std::env;
use std::path::Path;

use anyhow::Context;
use xshell::cmd;

use crate::project::{Project, left_out};
use crate::suite::Suite;

/// Builds the library, and generates the bindings of each language: Kotlin's below the target directory, Ruby's into its gem,
/// and Swift's into its package.
///
/// # Errors
/// Returns an error if the library cannot be built.
pub(crate) fn prepare(project: &Project) -> anyhow::Result<()> {
    let Project { shell, target } = project;
    cmd!(shell, "cargo build --locked --package clanforge-uniffi --package clanforge-uniffi-bindgen").run()?;
    let bindgen = project.program("debug", "uniffi-bindgen");
    let library =
        target.join("debug").join(format!("{}clanforge_uniffi{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX));
    let folder = target.join("uniffi");
    for language in ["kotlin", "ruby", "swift"] {
        let out = folder.join(language);
        cmd!(shell, "{bindgen} generate --library {library} --language {language} --out-dir {out} --no-format")
            .run()?;
    }
    complete_kotlin(project)?;
    copy_into_gem(project, &library)?;
    for (file, module) in [("Clanforge.swift", "Clanforge"), ("ClanforgeFFI.h", "ClanforgeFFI")] {
        let sources = format!("bindings/uniffi/swift/Sources/{module}");
        shell.create_dir(&sources)?;
        shell.copy_file(folder.join("swift").join(file), sources)?;
    }
    // Where JNA looks for a library among the resources of a jar.
    let native = folder.join("native").join(jna_platform());
    shell.create_dir(&native)?;
    shell.copy_file(&library, &native)?;
    Ok(())
}

/// Runs the tests of the languages that the machine has tools for, and those of their packages.
///
/// # Errors
/// Returns an error if a test fails, or a tool is missing under `CI`.
pub(crate) fn test(project: &Project) -> anyhow::Result<()> {
    let tools = Tools::find(project)?;
    prepare(project)?;
    packages::pages(&project.shell)?;
    documentation::check(project)?;
    swift::check(project)?;
    if tools.has_kotlin {
        // Maven tests the jar before it installs it.
        packages::kotlin(project)?;
    }
    if tools.has_ruby {
        ruby(project).into_iter().try_for_each(Suite::run)?;
        packages::ruby(project)?;
    }
    Ok(())
}

/// Builds the library, and returns the tests of the languages that the machine has tools for.
///
/// # Errors
/// Returns an error if the library cannot be built, or a tool is missing under `CI`.
pub(crate) fn suites(project: &Project) -> anyhow::Result<Vec<Suite>> {
    let tools = Tools::find(project)?;
    prepare(project)?;
    let kotlin = tools.has_kotlin.then(|| packages::kotlin_suite(project));
    let ruby = tools.has_ruby.then(|| ruby(project));
    Ok(kotlin.into_iter().chain(ruby.into_iter().flatten()).collect())
}

fn ruby(Project { shell, .. }: &Project) -> Vec<Suite> {
    let files = ["cases", "client", "secrets"];
    let suite =
        |file| Suite::new(format!("Ruby {file}"), cmd!(shell, "ruby -W bindings/uniffi/ruby/test/{file}_test.rb"));
    files.into_iter().map(suite).collect()
}

/// The languages that the machine has tools for.
struct Tools {
    has_kotlin: bool,
    has_ruby: bool,
}

impl Tools {
    fn find(Project { shell, .. }: &Project) -> anyhow::Result<Self> {
        let has =
            |command: &str| cmd!(shell, "{command} --version").quiet().ignore_stdout().ignore_stderr().run().is_ok();
        let has_kotlin = has("javac") && has("mvn");
        let has_ruby = cmd!(shell, "ruby -rffi -e 0").quiet().ignore_stderr().run().is_ok();
        if !has_kotlin {
            left_out("Kotlin", "JDK with Maven")?;
        }
        if !has_ruby {
            left_out("Ruby", "Ruby with ffi")?;
        }
        Ok(Self { has_kotlin, has_ruby })
    }
}

/// Completes the generated Kotlin code: warnings go to `SystemLogger`, which is written by hand, as soon as the library is
/// loaded, and `close` stops what has a function `stop`.
fn complete_kotlin(Project { shell, target }: &Project) -> anyhow::Result<()> {
    let file = target.join("uniffi/kotlin/clanforge/clanforge.kt");
    let mut generated = shell.read_file(&file)?;
    insert(&mut generated, "", "uniffiCallbackInterfaceLogger.register(this)\n", "        setLogger(SystemLogger)\n")?;
    for class in ["Client", "Simulation", "Watch"] {
        let closes = "if (this.wasDestroyed.compareAndSet(false, true)) {\n";
        insert(&mut generated, &format!("open class {class}:"), closes, "            stop()\n")?;
    }
    Ok(shell.write_file(file, generated)?)
}

/// Inserts a line of code after the first `place` that follows `start`.
fn insert(code: &mut String, start: &str, place: &str, line: &str) -> anyhow::Result<()> {
    let start = code.find(start);
    let end = start.and_then(|start| Some(start + code[start..].find(place)? + place.len()));
    code.insert_str(end.with_context(|| format!("UniFFI generates no `{}`", place.trim()))?, line);
    Ok(())
}

/// Copies the Ruby bindings, under the module that the gem's classes build on, and the library into the gem.
fn copy_into_gem(Project { shell, target }: &Project, library: &Path) -> anyhow::Result<()> {
    let gem = "bindings/uniffi/ruby/lib/clanforge";
    let generated = shell.read_file(target.join("uniffi/ruby/clanforge.rb"))?;
    let mut native = generated
        .replace("::Clanforge.", "::Clanforge::Native.")
        .replace("::Clanforge::uniffi", "::Clanforge::Native.uniffi")
        .replacen("\nmodule Clanforge\n", "\nmodule Clanforge\nmodule Native\n", 1)
        .replace("ffi_lib 'clanforge_uniffi'", "ffi_lib ::Clanforge::LIBRARY");
    // Without the interpreter's lock: a thread that waits for a call must not block the others.
    for call in ["client_image_status_blocking", "client_baseline_blocking", "watch_next_blocking"] {
        let attached = native.find(&format!("attach_function :uniffi_clanforge_uniffi_fn_method_{call},"));
        let end = attached.and_then(|start| Some(start + native[start..].find("\n  \n")?));
        native.insert_str(end.context("UniFFI generates Ruby's functions in another form")?, ",\n    blocking: true");
    }
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
