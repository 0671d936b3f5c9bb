//! From the contract to the files of each language: a template each, in `crates/xtask/templates`.

use std::collections::HashSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value, context, path_loader};
use serde_json::Value as Json;

use super::{Form, Kind, Type, names, schema};

const SCHEMAS: &str = "crates/clanforge/schemas";
const STATUS_PARTS: &str = "crates/xtask/contract/status-parts.json";
const TEMPLATES: &str = "crates/xtask/templates";

/// Each template, and the file that it writes.
const FILES: [(&str, &str); 16] = [
    ("cli/options.rs", "crates/clanforge-cli/src/options/generated.rs"),
    ("docs/options.md", "docs/options.md"),
    ("node/error-kinds.ts", "node/src/generated/error-kinds.ts"),
    ("node/errors.ts", "node/src/generated/errors.ts"),
    ("node/models.ts", "node/src/generated/models.ts"),
    ("node/options.ts", "node/src/generated/options.ts"),
    ("node/settings.ts", "node/src/generated/settings.ts"),
    ("node/status-parts.ts", "node/src/generated/status-parts.ts"),
    ("python/errors.py", "python/clanforge/errors.py"),
    ("python/init.py", "python/clanforge/__init__.py"),
    ("python/models.py", "python/clanforge/_generated/models.py"),
    ("python/options.py", "python/clanforge/_generated/options.py"),
    ("python/status.py", "python/clanforge/_generated/status.py"),
    ("uniffi/generated.rs", "bindings/uniffi/src/generated.rs"),
    ("kotlin/errors.kt", "bindings/uniffi/kotlin/src/main/kotlin/clanforge/Errors.kt"),
    ("ruby/generated.rb", "bindings/uniffi/ruby/lib/clanforge/generated.rb"),
];

/// Writes every generated file of the project in this folder.
pub(crate) fn write(project: &Path) -> anyhow::Result<()> {
    for (file, text) in files(project)? {
        let file = project.join(file);
        fs::create_dir_all(file.parent().context("a file in a folder")?)?;
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

fn files(project: &Path) -> anyhow::Result<Vec<(&'static str, String)>> {
    let contract = schema::read(&project.join(SCHEMAS), &project.join(STATUS_PARTS))?;
    let environment = environment(&project.join(TEMPLATES), &contract.types);
    let render = |(template, file): (&str, &'static str)| {
        // Methods that a language writes by hand are mixed in where its file of methods has a class for them.
        let methods =
            Path::new(file).parent().and_then(Path::parent).map(|folder| project.join(folder).join("_methods.py"));
        let methods = methods.and_then(|file| fs::read_to_string(file).ok()).unwrap_or_default();
        let text = environment
            .get_template(&format!("{template}.jinja"))?
            .render(context!(types => Value::from(Serde(&contract.types)), methods => methods))
            .with_context(|| format!("in {template}"))?;
        let text = format!("{}\n", text.trim());
        Ok((
            file,
            if Path::new(file).extension().is_some_and(|extension| extension == "rs") {
                formatted(project, &text)?
            } else {
                text
            },
        ))
    };
    FILES.into_iter().map(render).collect()
}

/// Returns Rust code as rustfmt formats it.
fn formatted(project: &Path, code: &str) -> anyhow::Result<String> {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .current_dir(project)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("rustfmt")?;
    rustfmt.stdin.take().context("rustfmt takes no input")?.write_all(code.as_bytes())?;
    let output = rustfmt.wait_with_output()?;
    ensure!(output.status.success(), "rustfmt refuses the generated code");
    Ok(String::from_utf8(output.stdout)?)
}

fn environment(templates: &Path, types: &[Type]) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_loader(path_loader(templates));
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // A line that holds a block alone leaves nothing behind.
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("the usual delimiters"));
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.add_filter("pascal", |name: &str| names::pascal(name));
    environment.add_filter("camel", |name: &str| names::camel(name));
    environment.add_filter("snake", |name: &str| names::snake(name));
    environment.add_filter("kebab", |name: &str| name.replace('_', "-"));
    environment.add_filter("duration", |seconds: f64| names::duration(seconds));
    environment.add_filter("wrapped", |text: &str, indent: &str, width: usize| names::wrapped(text, indent, width));
    environment.add_filter("typed_duration", |seconds: f64| names::typed_duration(seconds));
    environment.add_filter("sentence", |text: &str| names::sentence(text).to_owned());
    environment.add_filter("absent", |text: &str| names::absent(text));
    environment.add_filter("json", |value: Value| serde_json::to_string(&value).unwrap_or_default());
    environment.add_filter("python", |value: Serde<Json>| python(&value));
    let types = types.to_vec();
    environment.add_function("reached", move |roots: Vec<String>| {
        let mut reached = HashSet::new();
        for root in roots {
            reach(&root, &types, &mut reached);
        }
        let in_order = types.iter().filter(|found| reached.contains(&found.name)).cloned();
        Value::from(Serde(in_order.collect::<Vec<_>>()))
    });
    environment
}

/// Adds a type and all that its readers meet. What is derived is computed by each language.
fn reach(name: &str, types: &[Type], reached: &mut HashSet<String>) {
    let Some(found) = types.iter().find(|found| found.name == name) else { return };
    if !reached.insert(name.to_owned()) {
        return;
    }
    match &found.form {
        Form::Record { fields, .. } => {
            for field in fields.iter().filter(|field| !field.derived) {
                reach_kind(&field.kind, types, reached);
            }
        }
        Form::Union { members, .. } => members.iter().for_each(|member| reach(&member.name, types, reached)),
        Form::Enum { .. } | Form::Scalar { .. } | Form::Handle => {}
    }
}

fn reach_kind(kind: &Kind, types: &[Type], reached: &mut HashSet<String>) {
    match kind {
        Kind::Named { of, .. } => reach(of, types, reached),
        Kind::List { item } | Kind::Map { item } => reach_kind(item, types, reached),
        _ => {}
    }
}

/// Returns a value as Python writes it.
fn python(value: &Json) -> String {
    match value {
        Json::Null => "None".to_owned(),
        Json::Bool(true) => "True".to_owned(),
        Json::Bool(false) => "False".to_owned(),
        Json::Array(items) if items.is_empty() => "()".to_owned(),
        other => other.to_string(),
    }
}
