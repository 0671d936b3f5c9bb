//! The documentation of each exported function, type and field: the same in the Rust sources and in the Kotlin bindings.

use std::collections::BTreeSet;

use anyhow::{Context, ensure};
use syn::{Attribute, Field, ImplItem, Item, TraitItem, Visibility};

use crate::project::Project;

const SOURCES: &str = "bindings/uniffi/src";

/// A name without its case style, and the first paragraph of its documentation in one line.
type Documented = BTreeSet<(String, String)>;

/// Compares the documentation of each exported name with the comment of the same name in the generated Kotlin.
///
/// # Errors
/// Returns an error if Kotlin lacks a comment or has another one.
pub(super) fn check(Project { shell, target }: &Project) -> anyhow::Result<()> {
    let mut rust = Documented::new();
    for file in shell.read_dir(SOURCES)? {
        let source =
            syn::parse_file(&shell.read_file(&file)?).with_context(|| format!("cannot parse {}", file.display()))?;
        source.items.iter().for_each(|item| exported(item, &mut rust));
    }
    let kotlin = documented(&shell.read_file(target.join("uniffi/kotlin/clanforge/clanforge.kt"))?);
    ensure!(rust.len() > 100, "only {} exported names with documentation were found in {SOURCES}", rust.len());
    let missing: Vec<_> = rust.difference(&kotlin).map(|(name, words)| format!("{name}: {words}")).collect();
    ensure!(
        missing.is_empty(),
        "the documentation of these names is not the same in Kotlin:\n  {}",
        missing.join("\n  ")
    );
    Ok(())
}

/// Adds an item with its fields or functions, if UniFFI exports it.
fn exported(item: &Item, found: &mut Documented) {
    match item {
        Item::Fn(function) if is_exported(&function.attrs) => note(&function.sig.ident, &function.attrs, found),
        Item::Struct(record) if is_exported(&record.attrs) => {
            note(&record.ident, &record.attrs, found);
            fields(record.fields.iter().filter(|field| matches!(field.vis, Visibility::Public(_))), found);
        }
        Item::Enum(choice) if is_exported(&choice.attrs) => {
            note(&choice.ident, &choice.attrs, found);
            for variant in &choice.variants {
                note(&variant.ident, &variant.attrs, found);
                fields(variant.fields.iter(), found);
            }
        }
        Item::Trait(listener) if is_exported(&listener.attrs) => {
            note(&listener.ident, &listener.attrs, found);
            for member in &listener.items {
                if let TraitItem::Fn(function) = member {
                    note(&function.sig.ident, &function.attrs, found);
                }
            }
        }
        Item::Impl(block) if is_exported(&block.attrs) => {
            for member in &block.items {
                if let ImplItem::Fn(function) = member
                    && !function.attrs.iter().any(|attribute| is_word(attribute, "constructor"))
                {
                    note(&function.sig.ident, &function.attrs, found);
                }
            }
        }
        _ => {}
    }
}

fn fields<'all>(fields: impl Iterator<Item = &'all Field>, found: &mut Documented) {
    for field in fields {
        if let Some(name) = &field.ident {
            note(name, &field.attrs, found);
        }
    }
}

fn note(name: &impl ToString, attributes: &[Attribute], found: &mut Documented) {
    let lines = attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).filter_map(|attribute| {
        let syn::Expr::Lit(literal) = &attribute.meta.require_name_value().ok()?.value else { return None };
        let syn::Lit::Str(text) = &literal.lit else { return None };
        Some(text.value())
    });
    let words = first_paragraph(lines.collect::<Vec<_>>().iter().map(String::as_str));
    found.insert((without_style(&name.to_string()), words));
}

/// Tells whether an attribute exports an item: `uniffi::export`, or a derive of one of UniFFI's traits.
fn is_exported(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let mut derives = false;
        if attribute.path().is_ident("derive") {
            // An attribute that cannot be parsed is not UniFFI's.
            let _ = attribute.parse_nested_meta(|meta| {
                derives |= meta.path.segments.first().is_some_and(|segment| segment.ident == "uniffi");
                Ok(())
            });
        }
        derives || is_word(attribute, "export")
    })
}

fn is_word(attribute: &Attribute, word: &str) -> bool {
    let path: Vec<_> = attribute.path().segments.iter().map(|segment| segment.ident.to_string()).collect();
    path == ["uniffi", word]
}

/// Reads the comments of generated Kotlin, each with the name that is declared below it.
fn documented(source: &str) -> Documented {
    let comments = source.split("/**").skip(1).filter_map(|part| part.split_once("*/"));
    comments
        .filter_map(|(comment, code)| {
            let lines = comment.lines().map(|line| line.trim().trim_start_matches('*'));
            Some((without_style(declared(code)?), first_paragraph(lines)))
        })
        .collect()
}

/// Returns the name that is declared at the beginning of some code: the quoted one, else the word after `class` and the like.
fn declared(code: &str) -> Option<&str> {
    let line =
        code.lines().map(str::trim).find(|line| !line.is_empty() && (!line.starts_with('@') || line.contains('`')))?;
    if let Some(name) = line.split('`').nth(1) {
        return Some(name);
    }
    let kinds = ["class ", "interface ", "object "];
    let rest = kinds.iter().find_map(|kind| line.split_once(kind)).map_or(line, |(_, rest)| rest);
    rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next()
}

/// Returns a name without the differences between Rust's and Kotlin's case styles.
fn without_style(name: &str) -> String {
    // UniFFI calls Rust's errors exceptions in Kotlin.
    name.replace('_', "").to_lowercase().replace("exception", "error")
}

fn first_paragraph<'text>(lines: impl Iterator<Item = &'text str>) -> String {
    let paragraph = lines.map(str::trim).skip_while(|line| line.is_empty()).take_while(|line| !line.is_empty());
    paragraph.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_of_a_record_is_read_alike_from_rust_and_kotlin() {
        let source = "
            /// Says how far
            /// an image is.
            ///
            /// More of it.
            #[derive(Clone, uniffi::Record)]
            pub struct ImageStatus {
                /// How many are ready.
                pub completed_machines: u64,
            }
            /// Is not exported.
            pub struct Hidden;
        ";
        let mut rust = Documented::new();
        syn::parse_file(source).unwrap().items.iter().for_each(|item| exported(item, &mut rust));
        let kotlin = "
            /**
             * Says how far
             * an image is.
             *
             * More of it.
             */
            data class ImageStatus (
                /**
                 * How many are ready.
                 */
                var `completedMachines`: kotlin.ULong
            )
        ";
        assert_eq!(rust.len(), 2);
        assert_eq!(rust, documented(kotlin));
    }
}
