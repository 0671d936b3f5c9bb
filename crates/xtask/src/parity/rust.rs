//! What the crate `clanforge` makes public, read from its sources: modules, re-exports, types, their fields and functions.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use syn::{Fields, ImplItem, Item, ItemUse, Type, UseTree, Visibility};

/// The crates whose items the client's crate exports, by the names that code calls them.
const CRATES: [(&str, &str); 2] =
    [("clanforge", "crates/clanforge/src"), ("clanforge_core", "crates/clanforge-core/src")];
/// The one enum whose values are rows: other languages have a class for each.
const KINDS: &str = "ErrorKind";

/// Returns the names that are public.
///
/// # Errors
/// Where a source cannot be read, or exports what is not found.
pub(crate) fn public(project: &Path) -> anyhow::Result<BTreeSet<String>> {
    let mut sources = Sources::default();
    for (name, folder) in CRATES {
        sources.read(name, &project.join(folder).join("lib.rs"), &project.join(folder))?;
    }
    let mut exports = BTreeMap::new();
    sources.exports("clanforge", "", &mut exports)?;
    let mut names = BTreeSet::new();
    for (definition, path) in &exports {
        let module = path.rsplit_once("::").map_or("", |(module, _)| module);
        let is_alone = exports.keys().filter(|other| other.name == definition.name).count() == 1;
        let is_type = definition.name.starts_with(char::is_uppercase) && definition.name.contains(char::is_lowercase);
        let nearest = module.rsplit("::").next().unwrap_or_default();
        // A type is called by its name where only one has it; everything else with its module.
        let name = match (is_type && (is_alone || module.is_empty()), nearest) {
            (true, _) | (_, "") => definition.name.clone(),
            (false, module) => format!("{module}.{}", definition.name),
        };
        sources.members(definition, &name, &mut names);
        names.insert(name);
    }
    Ok(names)
}

/// Where something is defined.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Definition {
    /// The module's path, its crate first.
    module: String,
    name: String,
}

/// The items of every module, by its path.
#[derive(Default)]
struct Sources(BTreeMap<String, Vec<Item>>);

impl Sources {
    fn read(&mut self, path: &str, file: &Path, folder: &Path) -> anyhow::Result<()> {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let items = syn::parse_file(&text).with_context(|| format!("cannot parse {}", file.display()))?.items;
        for item in &items {
            if let Item::Mod(module) = item
                && module.content.is_none()
            {
                let name = module.ident.to_string();
                let beside: PathBuf = folder.join(format!("{name}.rs"));
                let below = folder.join(&name);
                let file = if beside.exists() { beside } else { below.join("mod.rs") };
                self.read(&format!("{path}::{name}"), &file, &below)?;
            }
        }
        let expanded = expanded(&items).with_context(|| format!("cannot expand the macros of {}", file.display()))?;
        self.0.insert(path.to_owned(), items.into_iter().chain(expanded).collect());
        Ok(())
    }

    /// Adds what a module makes public, each with the shortest path by which it is reached.
    fn exports(&self, module: &str, public: &str, found: &mut BTreeMap<Definition, String>) -> anyhow::Result<()> {
        let within = |name: &str| if public.is_empty() { name.to_owned() } else { format!("{public}::{name}") };
        for item in self.items(module)? {
            match item {
                Item::Mod(each) if is_public(&each.vis) => {
                    self.exports(&format!("{module}::{}", each.ident), &within(&each.ident.to_string()), found)?;
                }
                Item::Use(each) if is_public(&each.vis) => {
                    for (path, name) in used(each) {
                        self.reexport(module, &path, &within(&name), found)?;
                    }
                }
                _ => {
                    if let Some(name) = public_name(item) {
                        note(found, Definition { module: module.to_owned(), name: name.clone() }, within(&name));
                    }
                }
            }
        }
        Ok(())
    }

    fn reexport(
        &self,
        module: &str,
        path: &str,
        public: &str,
        found: &mut BTreeMap<Definition, String>,
    ) -> anyhow::Result<()> {
        let inside = format!("{module}::{path}");
        let own =
            path.strip_prefix("crate::").map(|rest| format!("{}::{rest}", module.split("::").next().unwrap_or(module)));
        let candidates = [own, Some(inside), Some(path.to_owned())];
        for path in candidates.into_iter().flatten() {
            if self.0.contains_key(&path) {
                return self.exports(&path, public, found);
            }
            let Some((module, name)) = path.rsplit_once("::") else { continue };
            let Some(items) = self.0.get(module) else { continue };
            for item in items {
                match item {
                    Item::Use(each) => {
                        if let Some((path, _)) = used(each).into_iter().find(|(_, other)| other == name) {
                            return self.reexport(module, &path, public, found);
                        }
                    }
                    _ if public_name(item).is_some_and(|other| other == name) => {
                        note(found, Definition { module: module.to_owned(), name: name.to_owned() }, public.to_owned());
                        return Ok(());
                    }
                    _ => {}
                }
            }
        }
        anyhow::bail!("{module} exports {path}, which was not found in its sources")
    }

    /// Adds the public fields and functions of a type.
    fn members(&self, definition: &Definition, called: &str, names: &mut BTreeSet<String>) {
        let items = self.0.get(&definition.module).into_iter().flatten();
        for item in items.filter(|item| public_name(item).as_ref() == Some(&definition.name)) {
            match item {
                Item::Struct(found) => {
                    names.extend(public_fields(&found.fields).map(|field| format!("{called}.{field}")));
                }
                Item::Enum(found) if definition.name == KINDS => {
                    names.extend(found.variants.iter().map(|variant| format!("{called}.{}", variant.ident)));
                }
                _ => {}
            }
        }
        let crate_name = definition.module.split("::").next();
        for (_, items) in self.0.iter().filter(|(module, _)| self.implements(definition, module, crate_name)) {
            for item in items {
                let Item::Impl(block) = item else { continue };
                if block.trait_.is_some() || !is_called(&block.self_ty, &definition.name) {
                    continue;
                }
                for member in &block.items {
                    let (visibility, name, attributes) = match member {
                        ImplItem::Fn(function) => (&function.vis, &function.sig.ident, &function.attrs),
                        ImplItem::Const(constant) => (&constant.vis, &constant.ident, &constant.attrs),
                        _ => continue,
                    };
                    if is_public(visibility) && !is_hidden(attributes) {
                        names.insert(format!("{called}.{name}"));
                    }
                }
            }
        }
    }

    /// Tells whether an `impl` in a module can be one of this type: it is defined there, or it is the only one of its name.
    fn implements(&self, definition: &Definition, module: &str, crate_name: Option<&str>) -> bool {
        let defines = |items: &[Item]| items.iter().any(|item| public_name(item).as_ref() == Some(&definition.name));
        let namesakes = self.0.iter().filter(|(other, items)| other.split("::").next() == crate_name && defines(items));
        module == definition.module || (module.split("::").next() == crate_name && namesakes.count() == 1)
    }

    fn items(&self, module: &str) -> anyhow::Result<&[Item]> {
        self.0.get(module).map(Vec::as_slice).with_context(|| format!("there is no module {module}"))
    }
}

/// Returns the items that the macros of a file make, where they are as simple as ours: one rule, its arguments in a list.
fn expanded(items: &[Item]) -> anyhow::Result<Vec<Item>> {
    let macros = || items.iter().filter_map(|item| if let Item::Macro(found) = item { Some(found) } else { None });
    let mut made = Vec::new();
    for definition in macros() {
        let Some(name) = &definition.ident else { continue };
        let rule = definition.mac.tokens.to_string();
        let (matcher, body) = rule.split_once("=>").context("a macro has no rule")?;
        let body = body.trim().trim_end_matches(';').trim_end().trim_start_matches('{').trim_end_matches('}');
        let parameters = || matcher.split('$').skip(1).filter_map(|part| part.split(':').next()).map(str::trim);
        for call in macros().filter(|call| call.ident.is_none() && call.mac.path.is_ident(name)) {
            let arguments = call.mac.tokens.to_string();
            let text = parameters().zip(arguments.split(',')).fold(body.to_owned(), |text, (parameter, argument)| {
                text.replace(&format!("${parameter}"), argument).replace(&format!("$ {parameter}"), argument)
            });
            made.extend(syn::parse_file(&text)?.items);
        }
    }
    Ok(made)
}

fn note(found: &mut BTreeMap<Definition, String>, definition: Definition, path: String) {
    let shortest = found.entry(definition).or_insert_with(|| path.clone());
    if path.split("::").count() < shortest.split("::").count() {
        *shortest = path;
    }
}

/// Returns what a `use` brings in: the path, and the name that it has here.
fn used(item: &ItemUse) -> Vec<(String, String)> {
    fn collect(tree: &UseTree, before: &str, found: &mut Vec<(String, String)>) {
        let path = |name: &str| if before.is_empty() { name.to_owned() } else { format!("{before}::{name}") };
        match tree {
            UseTree::Path(part) => collect(&part.tree, &path(&part.ident.to_string()), found),
            UseTree::Name(name) => found.push((path(&name.ident.to_string()), name.ident.to_string())),
            UseTree::Rename(name) => found.push((path(&name.ident.to_string()), name.rename.to_string())),
            UseTree::Group(group) => group.items.iter().for_each(|tree| collect(tree, before, found)),
            // Refused where it is looked up: what it brings in is not said here.
            UseTree::Glob(_) => found.push((path("*"), "*".to_owned())),
        }
    }
    let mut found = Vec::new();
    collect(&item.tree, "", &mut found);
    found
}

fn public_name(item: &Item) -> Option<String> {
    let (visibility, name, attributes) = match item {
        Item::Struct(found) => (&found.vis, &found.ident, &found.attrs),
        Item::Enum(found) => (&found.vis, &found.ident, &found.attrs),
        Item::Fn(found) => (&found.vis, &found.sig.ident, &found.attrs),
        Item::Const(found) => (&found.vis, &found.ident, &found.attrs),
        Item::Trait(found) => (&found.vis, &found.ident, &found.attrs),
        Item::Type(found) => (&found.vis, &found.ident, &found.attrs),
        _ => return None,
    };
    (is_public(visibility) && !is_hidden(attributes)).then(|| name.to_string())
}

fn public_fields(fields: &Fields) -> impl Iterator<Item = String> {
    fields.iter().filter(|field| is_public(&field.vis)).filter_map(|field| Some(field.ident.as_ref()?.to_string()))
}

const fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_hidden(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("doc")
            && attribute.parse_args::<syn::Path>().is_ok_and(|word| word.is_ident("hidden"))
    })
}

fn is_called(of: &Type, name: &str) -> bool {
    matches!(of, Type::Path(path) if path.path.segments.last().is_some_and(|segment| segment.ident == name))
}
