//! The checks of the Swift package that need no Swift compiler; its README lists them.

use std::collections::BTreeSet;
use std::env;
use std::fmt::Write;

use anyhow::{Context, ensure};
use xshell::{Shell, cmd};

use crate::languages::python::Environment;
use crate::project::Project;

const PACKAGE: &str = "bindings/uniffi/swift";
const SOURCE: &str = "bindings/uniffi/swift/Sources/Clanforge/Clanforge.swift";
const FOLDER_OF_HEADER: &str = "bindings/uniffi/swift/Sources/ClanforgeFFI";

/// Checks the generated package.
///
/// # Errors
/// Returns an error if its parts do not fit each other or the library.
pub(super) fn check(project: &Project) -> anyhow::Result<()> {
    let shell = &project.shell;
    let source = shell.read_file(SOURCE)?;
    let header = shell.read_file(format!("{FOLDER_OF_HEADER}/ClanforgeFFI.h"))?;
    names_fit(shell, &source)?;
    let declared = declared(&header);
    let called = called(&source);
    let missing: Vec<_> = called.difference(&declared).collect();
    ensure!(called.len() > 50 && missing.is_empty(), "Swift calls what the header does not declare: {missing:?}");
    library_fits(project, &declared, &expected(&source))?;
    parse(project)
}

/// Compares the names of the package's parts in the manifest, the module map and the source.
fn names_fit(shell: &Shell, source: &str) -> anyhow::Result<()> {
    let manifest = shell.read_file(format!("{PACKAGE}/Package.swift"))?;
    let map = shell.read_file(format!("{FOLDER_OF_HEADER}/module.modulemap"))?;
    let parts = [
        ("Package.swift", &*manifest, r#".systemLibrary(name: "ClanforgeFFI")"#),
        ("Package.swift", &*manifest, r#".target(name: "Clanforge", dependencies: ["ClanforgeFFI"])"#),
        ("module.modulemap", &*map, "module ClanforgeFFI {"),
        ("module.modulemap", &*map, r#"header "ClanforgeFFI.h""#),
        ("module.modulemap", &*map, r#"link "clanforge_uniffi""#),
        ("Clanforge.swift", source, "import ClanforgeFFI"),
    ];
    for (file, text, part) in parts {
        ensure!(text.contains(part), "{file} does not say `{part}`");
    }
    Ok(())
}

/// Compiles the header without a warning, links every declared function with the library, and compares the checksums of the
/// library with those that the Swift source expects when it is loaded.
fn library_fits(
    Project { shell, target }: &Project,
    declared: &BTreeSet<String>,
    expected: &[(String, String)],
) -> anyhow::Result<()> {
    ensure!(expected.len() > 30, "only {} checksums were found in {SOURCE}", expected.len());
    let mut program =
        "#include \"ClanforgeFFI.h\"\n#include <stdio.h>\nint main(void) {\n    void (*all[])(void) = {\n".to_owned();
    for function in declared {
        writeln!(program, "        (void (*)(void)){function},")?;
    }
    program.push_str("    };\n    int wrong = 0;\n");
    for (function, checksum) in expected {
        writeln!(program, "    if ({function}() != {checksum}) wrong += puts(\"{function}\") >= 0;")?;
    }
    program.push_str(
        "    for (size_t at = 0; at < sizeof all / sizeof *all; at++) wrong += !all[at];\n    return wrong != 0;\n}\n",
    );
    let folder = target.join("uniffi/header");
    let (file, program_file) = (folder.join("every_function.c"), folder.join("every_function"));
    shell.create_dir(&folder)?;
    shell.write_file(&file, program)?;
    let libraries = target.join("debug");
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    // Only clang knows the annotations of nullability.
    cmd!(
        shell,
        "{compiler} -Wall -Werror -D_Nonnull= -D_Nullable= -I {FOLDER_OF_HEADER} {file} -L {libraries} -lclanforge_uniffi -Wl,-rpath,{libraries} -o {program_file}"
    )
    .run()
    .context("the header for Swift and the library do not fit")?;
    cmd!(shell, "{program_file}").run().context("these checksums in Swift are not those of the library")
}

/// Parses the source, the manifest and the examples of the README by a grammar, if there is a Python for it.
fn parse(project: &Project) -> anyhow::Result<()> {
    let Some(environment) = Environment::with(project, "tests/swift/requirements-swift.txt")? else { return Ok(()) };
    let (shell, python) = (&project.shell, environment.program("python"));
    Ok(cmd!(shell, "{python} tests/swift/parse.py {SOURCE} {PACKAGE}/Package.swift {PACKAGE}/README.md").run()?)
}

/// Returns the functions that the header declares: the word in front of a parenthesis that begins with the library's name.
fn declared(header: &str) -> BTreeSet<String> {
    header.split('(').filter_map(last_word).filter(|word| is_function(word)).map(str::to_owned).collect()
}

/// Returns the functions of the library that the source mentions.
fn called(source: &str) -> BTreeSet<String> {
    let words = source.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words.filter(|word| is_function(word)).map(str::to_owned).collect()
}

/// Returns the checksums that the Swift source expects of the library: `if (uniffi_…_checksum_…() != 12693) {`.
fn expected(source: &str) -> Vec<(String, String)> {
    let conditions = source.lines().filter_map(|line| line.trim().strip_prefix("if (uniffi_"));
    let parts = conditions.filter_map(|line| line.strip_suffix(") {")?.split_once("() != "));
    parts.map(|(function, checksum)| (format!("uniffi_{function}"), checksum.to_owned())).collect()
}

fn last_word(text: &str) -> Option<&str> {
    text.rsplit(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').next()
}

fn is_function(word: &str) -> bool {
    word.starts_with("uniffi_clanforge_uniffi_") || word.starts_with("ffi_clanforge_uniffi_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_and_checksums_are_found() {
        let header =
            "typedef void (*Callback)(uint64_t);\nuint16_t uniffi_clanforge_uniffi_checksum_func_version(void\n\n);\n";
        assert!(declared(header).contains("uniffi_clanforge_uniffi_checksum_func_version"));
        assert_eq!(declared(header).len(), 1);
        let source = "    if (uniffi_clanforge_uniffi_checksum_func_version() != 12693) {\n";
        assert_eq!(
            expected(source),
            [("uniffi_clanforge_uniffi_checksum_func_version".to_owned(), "12693".to_owned())]
        );
        assert_eq!(called(source), declared(header));
    }
}
