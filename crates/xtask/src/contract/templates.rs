//! From the contract to the files of each language: a template each, in `crates/xtask/templates`.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use heck::{ToKebabCase, ToLowerCamelCase, ToSnakeCase, ToUpperCamelCase};
use humantime::format_duration;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value, context, path_loader};
use serde_json::Value as Json;
use xshell::{Shell, cmd};

use super::{names, schema};
use crate::dist::targets::{GLIBC, TARGETS};
use crate::pages::filled;

const SCHEMAS: &str = "crates/clanforge/schemas";
/// The types that only the languages have.
const OWN_TYPES: [&str; 2] = ["crates/xtask/contract/status-parts.json", "crates/xtask/contract/calls.json"];
/// The methods that several languages share.
const METHODS: &str = "crates/xtask/contract/methods.json";
const TEMPLATES: &str = "crates/xtask/templates";

/// Writes every generated file of the project in this folder.
pub(crate) fn write(project: &Path) -> anyhow::Result<()> {
    for (file, text) in files(project)? {
        let file = project.join(file);
        fs::create_dir_all(file.parent().context("the path of the file has no parent folder")?)?;
        fs::write(file, text)?;
    }
    Ok(())
}

/// Fails if a generated file is stale.
pub(crate) fn check(project: &Path) -> anyhow::Result<()> {
    let stale: Vec<_> = files(project)?
        .into_iter()
        .filter(|(file, text)| fs::read_to_string(project.join(file)).ok().as_ref() != Some(text))
        .map(|(file, _)| file)
        .collect();
    ensure!(stale.is_empty(), "stale: {}; run cargo xtask generate", stale.join(", "));
    Ok(())
}

/// Returns the path and the text of each generated file. The first line of a template names the file that it writes. A template
/// whose name has no extension but `.jinja` is a part of others.
fn files(project: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let types = schema::read(&project.join(SCHEMAS), &OWN_TYPES.map(|file| project.join(file)))?;
    let methods: Json = serde_json::from_str(&fs::read_to_string(project.join(METHODS))?)?;
    let environment = environment(project, &types);
    let (shell, folder) = (Shell::new()?, project.join(TEMPLATES));
    let mut files = Vec::new();
    for language in shell.read_dir(&folder)? {
        for template in shell.read_dir(language)? {
            let source = fs::read_to_string(&template)?;
            let file = source.strip_prefix("{# Writes ").and_then(|rest| rest.split_once(". #}"));
            let is_part = template.file_stem().is_some_and(|stem| Path::new(stem).extension().is_none());
            ensure!(is_part != file.is_some(), "{}: the first line is not {{# Writes FILE. #}}", template.display());
            let Some((file, _)) = file else { continue };
            let context = context!(
                types => Value::from(Serde(&types)),
                methods => Value::from(Serde(&methods)),
                targets => Value::from(Serde(TARGETS)),
                glibc => GLIBC,
                version => env!("CARGO_PKG_VERSION"),
                rust => env!("CARGO_PKG_RUST_VERSION"),
                repository => env!("CARGO_PKG_REPOSITORY"),
            );
            let name = template.strip_prefix(&folder)?.display().to_string();
            let text = environment.template_from_named_str(&name, &source)?.render(context)?;
            let text = text.trim();
            let is_rust = Path::new(file).extension().is_some_and(|extension| extension == "rs");
            let text = if is_rust { formatted(project, text)? } else { text.to_owned() } + "\n";
            files.push((file.to_owned(), if file.starts_with("docs/") { filled(project, &text)? } else { text }));
        }
    }
    Ok(files)
}

/// Returns Rust code as rustfmt formats it.
fn formatted(project: &Path, code: &str) -> anyhow::Result<String> {
    let shell = Shell::new()?;
    shell.change_dir(project);
    Ok(cmd!(shell, "rustfmt --edition 2024").quiet().stdin(code).read()?)
}

fn environment(project: &Path, types: &[Json]) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_loader(path_loader(project.join(TEMPLATES)));
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // A line that contains only a block tag produces no line of output.
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("the usual delimiters"));
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.add_filter("pascal", |name: &str| name.to_upper_camel_case());
    environment.add_filter("camel", |name: &str| name.to_lower_camel_case());
    environment.add_filter("snake", |name: &str| name.to_snake_case());
    environment.add_filter("kebab", |name: &str| name.to_kebab_case());
    environment.add_filter("duration", |seconds: f64| names::duration(seconds));
    environment.add_filter("wrapped", |text: &str, indent: &str, width: usize| names::wrapped(text, indent, width));
    environment
        .add_filter("typed_duration", |seconds: f64| format_duration(Duration::from_secs_f64(seconds)).to_string());
    environment.add_filter("json", |value: Value| serde_json::to_string(&value).unwrap_or_default());
    let flags = options(types);
    environment.add_filter("with_flags", move |text: &str| {
        names::in_code(text, |name| flags.contains_key(name).then(|| format!("--{}", name.to_kebab_case())))
    });
    // Descriptions name options as Rust does. Languages with camel case add a unit to the name of a duration.
    let options = options(types);
    environment.add_filter("with_options", move |text: &str, unit: &str| {
        let unit_of = |is_seconds: &bool| if *is_seconds { unit } else { "" };
        names::in_code(text, |name| {
            options.get(name).map(|is_seconds| name.to_lower_camel_case() + unit_of(is_seconds))
        })
    });
    // The text of a file that is written by hand, so that a template can use what the file defines.
    let project = project.to_owned();
    environment.add_function("source", move |file: &str| fs::read_to_string(project.join(file)).unwrap_or_default());
    let types = types.to_vec();
    environment.add_function("reached", move |roots: Vec<String>| {
        let (mut reached, mut names) = (HashSet::new(), roots);
        while let Some(name) = names.pop() {
            if reached.insert(name.clone()) {
                let found = types.iter().filter(|found| found["name"] == name);
                names.extend(found.flat_map(schema::used).map(str::to_owned));
            }
        }
        let is_reached = |found: &&Json| found["name"].as_str().is_some_and(|name| reached.contains(name));
        let in_order = types.iter().filter(is_reached).cloned();
        Value::from(Serde(in_order.collect::<Vec<_>>()))
    });
    environment
}

/// Returns the name of each option in Rust, and whether it is a duration.
fn options(types: &[Json]) -> HashMap<String, bool> {
    let fields =
        types.iter().filter(|found| found["is_options"] == true).filter_map(|found| found["fields"].as_array());
    let option = |field: &Json| (field["name"].as_str().unwrap_or_default().to_owned(), field["kind"] == "seconds");
    fields.flatten().map(option).collect()
}
