//! Which language has which public function and field: read from what each makes public, written to `docs/parity.md`.

mod command_line;
mod declarations;
mod names;
mod rust;
mod table;

use std::collections::BTreeSet;
use std::env;
use std::fmt;
use std::path::Path;

use anyhow::{Context, ensure};
use serde::Deserialize;
use xshell::{Shell, cmd};

use declarations::Manner;
use names::Names;
use table::{Surfaces, Table};

const PAGE: &str = "docs/parity.md";
const NAMES: &str = "tests/parity/names.toml";
const HEAD: &str = "\
# Parity

Every public function, field and option, and which language has it. The page is written by `cargo xtask generate` from what each
language makes public: Rust's sources, the installed Python package, TypeScript's declarations, what UniFFI generates for Kotlin
and Swift, the loaded gem, and the command's own definition and JSON. `cargo xtask test` fails where it is stale, or where
something is neither in a language nor excused in `tests/parity/names.toml`.

A row has the name as Python writes it, without the unit of a duration; `Client.wait(seed)` is an option of `Client.wait`. *yes*
is the same word in the manner of the language; a number leads to the reason why there is none. The values of enums are no rows:
shared cases compare them.
";

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Language {
    Rust,
    Python,
    Node,
    Kotlin,
    Ruby,
    Swift,
    CommandLine,
}

impl Language {
    pub(crate) const ALL: [Self; 7] =
        [Self::Rust, Self::Python, Self::Node, Self::Kotlin, Self::Ruby, Self::Swift, Self::CommandLine];
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine => formatter.write_str("command line"),
            _ => fmt::Debug::fmt(self, formatter),
        }
    }
}

/// Compares the page with what the languages have, all of them built before, or writes it.
///
/// # Errors
/// Where the page is stale, or something is missing in a language without a reason.
pub(crate) fn run(shell: &Shell, check: bool) -> anyhow::Result<()> {
    let names = Names::read(&shell.read_file(NAMES)?)?;
    let surfaces = surfaces(shell)?;
    let table = Table::new(&surfaces, &names);
    ensure!(
        table.problems.is_empty(),
        "public names without a row in every language:\n  {}\n\
         Add what is missing; or say in {NAMES}, under [[renamed]], what a language calls it, or under [[without]] why it has none.",
        table.problems.join("\n  ")
    );
    let page = format!("{HEAD}{}", table.markdown());
    if check {
        let stands = shell.read_file(PAGE).unwrap_or_default();
        ensure!(stands == page, "{PAGE} is stale: run cargo xtask generate");
    } else {
        shell.create_dir("docs")?;
        shell.write_file(PAGE, page)?;
    }
    Ok(())
}

/// Asks every language what it makes public.
fn surfaces(shell: &Shell) -> anyhow::Result<Surfaces> {
    let project = shell.current_dir();
    let command = project.join("target/debug").join(format!("clanforge{}", env::consts::EXE_SUFFIX));
    let surfaces = [
        (Language::Rust, rust::public(&project)?),
        (Language::Python, python(shell)?),
        (Language::Node, node(shell)?),
        (Language::Kotlin, kotlin(shell)?),
        (Language::Ruby, ruby(shell)?),
        (Language::Swift, generated(&shell.read_file("target/uniffi/swift/Clanforge.swift")?, Manner::Swift)),
        (Language::CommandLine, command_line::public(shell, &command.to_string_lossy())?),
    ];
    for (language, surface) in &surfaces {
        ensure!(
            surface.len() > 50,
            "{language} has only {} public names: its surface was not understood",
            surface.len()
        );
    }
    Ok(surfaces.into())
}

fn python(shell: &Shell) -> anyhow::Result<BTreeSet<String>> {
    let script = shell.current_dir().join("tests/parity/surface.py");
    let bin = if cfg!(windows) { "Scripts" } else { "bin" };
    let python = shell.current_dir().join("target/python/requirements-dev").join(bin).join("python");
    // Isolated: what is installed counts, wherever this is called.
    Ok(lines(&cmd!(shell, "{python} -I {script}").quiet().read()?))
}

fn ruby(shell: &Shell) -> anyhow::Result<BTreeSet<String>> {
    let printed = cmd!(shell, "ruby -I bindings/uniffi/ruby/lib tests/parity/surface.rb");
    Ok(lines(&printed.quiet().read()?))
}

fn node(shell: &Shell) -> anyhow::Result<BTreeSet<String>> {
    let folder = Path::new("target/node/dev/node_modules/clanforge/dist");
    let mut text = String::new();
    for file in shell.read_dir(folder)? {
        if file.to_string_lossy().ends_with(".d.ts") {
            text.push_str(&shell.read_file(&file)?);
        }
    }
    let declared = declarations::public(&text, Manner::TypeScript);
    let index = shell.read_file(folder.join("index.d.ts"))?;
    let exported: BTreeSet<&str> = index
        .split("export ")
        .filter_map(|part| part.split_once('{')?.1.split_once('}'))
        .flat_map(|(names, _)| names.split(','))
        .map(|name| name.trim().trim_start_matches("type "))
        .collect();
    let owner = |name: &str| name.split(['.', '(']).next().unwrap_or_default().to_owned();
    for name in exported.iter().filter(|name| !name.is_empty()) {
        ensure!(declared.contains(*name), "Node exports {name}, whose declaration was not understood");
    }
    let inherited =
        declared_bases(&text).into_iter().filter(|(name, base)| exported.contains(name) && !exported.contains(base));
    let members = inherited.flat_map(|(name, base)| {
        let members = declared.iter().filter_map(move |other| other.strip_prefix(base)?.strip_prefix('.'));
        members.map(move |member| format!("{name}.{member}"))
    });
    let own = declared.iter().filter(|name| exported.contains(owner(name).as_str())).cloned();
    Ok(own.chain(members).collect())
}

/// Returns which interface extends which: `interface ReadyOutcome extends Ended {`.
fn declared_bases(text: &str) -> Vec<(&str, &str)> {
    let heads = text.lines().filter_map(|line| line.split_once("interface ")?.1.split_once(" extends "));
    heads
        .flat_map(|(name, bases)| bases.trim_end_matches('{').split(',').map(move |base| (name, base.trim())))
        .collect()
}

fn kotlin(shell: &Shell) -> anyhow::Result<BTreeSet<String>> {
    let mut names = generated(&shell.read_file("target/uniffi/kotlin/clanforge/clanforge.kt")?, Manner::Kotlin);
    for file in shell.read_dir("bindings/uniffi/kotlin/src/main/kotlin/clanforge").context("there is no Kotlin")? {
        names.extend(declarations::public(&shell.read_file(file)?, Manner::Kotlin));
    }
    Ok(names)
}

/// Returns what UniFFI generates for users, without its machinery and without what the cases of an enum carry. What it calls
/// an interface or a protocol of a class has the defaults of that class's functions.
fn generated(source: &str, manner: Manner) -> BTreeSet<String> {
    const BEGINNINGS: [&str; 8] =
        ["Ffi", "Uniffi", "uniffi", "RustBuffer", "ForeignBytes", "NoHandle", "Disposable", "InternalException"];
    const ENDINGS: [&str; 5] = ["Interface", "Protocol", "Impl", ".destroy", ".lift"];
    let is_machinery = |name: &str| {
        BEGINNINGS.iter().any(|part| name.starts_with(part) || name.contains(&format!(".{part}")))
            || ENDINGS.iter().any(|part| name.ends_with(part))
            || name.contains("Impl.")
            || name.matches('.').count() > 1
    };
    let declared = declarations::public(source, manner).into_iter().filter(|name| !is_machinery(name));
    declared.map(|name| name.replacen("Interface.", ".", 1).replacen("Protocol.", ".", 1)).collect()
}

fn lines(text: &str) -> BTreeSet<String> {
    text.lines().map(str::to_owned).collect()
}
