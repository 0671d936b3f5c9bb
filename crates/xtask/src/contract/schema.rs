//! From JSON Schema to the contract.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::Value;

use super::{Field, Form, Kind, Member, Type, Word};

const DEFINITIONS: &str = "#/$defs/";

/// Reads every type of the schemas of a folder, each after the types that it uses. The types of `own` are those of the languages
/// only. They replace those of the same names: a status has other parts in a language than in the service's response.
pub(super) fn read(folder: &Path, own: &[PathBuf]) -> anyhow::Result<Vec<Type>> {
    let mut schemas = BTreeMap::new();
    let files = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    for file in files.iter().chain(own) {
        let mut document: Value = serde_json::from_str(&fs::read_to_string(file)?)?;
        let definitions = document.as_object_mut().and_then(|document| document.remove("$defs"));
        let defined = definitions.as_ref().and_then(Value::as_object).into_iter().flatten();
        schemas.extend(defined.map(|(name, schema)| (name.clone(), schema.clone())));
        if let Some(title) = document["title"].as_str() {
            schemas.insert(title.to_owned(), document.clone());
        }
    }
    let mut types = Vec::new();
    for name in schemas.keys() {
        place(name, &schemas, &mut types)?;
    }
    Ok(types)
}

/// Adds a type, after those that it uses.
fn place(name: &str, schemas: &BTreeMap<String, Value>, types: &mut Vec<Type>) -> anyhow::Result<()> {
    if types.iter().any(|placed| placed.name == name) {
        return Ok(());
    }
    let found = read_type(name, &schemas[name], schemas).with_context(|| format!("type {name}"))?;
    for used in found.used() {
        place(used, schemas, types)?;
    }
    types.push(found);
    Ok(())
}

fn read_type(name: &str, schema: &Value, schemas: &BTreeMap<String, Value>) -> anyhow::Result<Type> {
    let form = match form(schema) {
        "enum" => Form::Enum { words: variants(schema).iter().map(word).collect() },
        "handle" => Form::Handle,
        "union" => union(variants(schema))?,
        "scalar" => Form::Scalar { with_numbers: schema["anyOf"].is_array() },
        _ if schema["oneOf"].is_array() => {
            Form::Record { fields: merged(variants(schema), schemas)?, is_options: false }
        }
        _ => {
            let fields = fields(schema, schemas)?;
            let has_default = |field: &Field| field.default.is_some() || is_constant(&field.kind);
            let is_options = schema["additionalProperties"] == false && fields.iter().all(has_default);
            Form::Record { fields, is_options }
        }
    };
    Ok(Type { name: name.to_owned(), description: text(schema, "description"), form })
}

/// Returns what form a type has.
fn form(schema: &Value) -> &'static str {
    match schema["oneOf"].as_array() {
        _ if schema["x-handle"] == true => "handle",
        Some(words) if words.iter().all(|word| word["const"].is_string()) => "enum",
        Some(variants) if variants.iter().all(|variant| variant["$ref"].is_string()) => "union",
        Some(_) => "record",
        None if schema["properties"].is_object() => "record",
        None => "scalar",
    }
}

fn variants(schema: &Value) -> &[Value] {
    schema["oneOf"].as_array().map_or(&[], Vec::as_slice)
}

fn word(word: &Value) -> Word {
    let exit_code = word["x-exit-code"].as_u64();
    Word { value: text(word, "const"), description: text(word, "description"), exit_code }
}

/// Reads records that a property with a constant value distinguishes.
fn union(variants: &[Value]) -> anyhow::Result<Form> {
    let tag = required(&variants[0]).next().context("a union has no tag")?.to_owned();
    let member = |variant: &Value| {
        let value = text(&variant["properties"][&tag], "const");
        let name = reference(variant).context("a member of a union is not a reference")?.to_owned();
        Ok(Member { value, name })
    };
    Ok(Form::Union { members: variants.iter().map(member).collect::<anyhow::Result<_>>()?, tag })
}

/// Reads variants of one object as one record: what only some of them have is optional.
fn merged(variants_of_one: &[Value], schemas: &BTreeMap<String, Value>) -> anyhow::Result<Vec<Field>> {
    let mut merged: Vec<Field> = Vec::new();
    for variant in variants_of_one {
        let mut found = fields(variant, schemas)?;
        if let Some(name) = reference(variant) {
            let inner = schemas.get(name).with_context(|| format!("no definition {name}"))?;
            found.extend(self::merged(variants(inner), schemas)?);
        }
        for mut field in found {
            if is_constant(&field.kind) {
                // A tag: which values it has depends on the variant.
                field.kind = Kind::Text;
            }
            match merged.iter_mut().find(|known| known.json == field.json) {
                Some(known) if known.description == field.description => {}
                Some(known) => known.description = format!("{} {}", known.description, field.description),
                None => merged.push(field),
            }
        }
    }
    for field in &mut merged {
        field.optional = variants_of_one.iter().any(|variant| required(variant).all(|name| name != field.json));
    }
    Ok(merged)
}

fn fields(schema: &Value, schemas: &BTreeMap<String, Value>) -> anyhow::Result<Vec<Field>> {
    let Some(properties) = schema["properties"].as_object() else { return Ok(Vec::new()) };
    // Required fields are in the order of their declaration. The others follow.
    let later = properties.keys().map(String::as_str).filter(|name| required(schema).all(|required| required != *name));
    let names: Vec<_> = required(schema).filter(|name| properties.contains_key(*name)).chain(later).collect();
    names.into_iter().map(|json| field(json, &properties[json], schema, schemas)).collect()
}

fn field(json: &str, property: &Value, schema: &Value, schemas: &BTreeMap<String, Value>) -> anyhow::Result<Field> {
    let alternatives = property["anyOf"].as_array();
    let is_null = |schema: &Value| schema["type"] == "null";
    let nullable = alternatives.is_some_and(|alternatives| alternatives.iter().any(is_null))
        || property["type"].as_array().is_some_and(|types| types.iter().any(|name| name == "null"));
    let inner = alternatives.and_then(|alternatives| alternatives.iter().find(|schema| !is_null(schema)));
    let kind = kind(inner.unwrap_or(property), schemas).with_context(|| format!("property {json}"))?;
    let stem = json.strip_suffix("_seconds").filter(|_| kind == Kind::Number);
    let name = property["x-name"].as_str().or(stem).unwrap_or(json);
    Ok(Field {
        json: json.to_owned(),
        name: name.to_owned(),
        description: text(property, "description"),
        kind: if stem.is_some() { Kind::Seconds } else { kind },
        nullable,
        optional: required(schema).all(|required| required != json),
        default: property.get("default").cloned(),
        derived: property["x-derived"] == true,
        secret: property["writeOnly"] == true,
        no_flag: property["x-no-flag"] == true,
    })
}

fn kind(schema: &Value, schemas: &BTreeMap<String, Value>) -> anyhow::Result<Kind> {
    if let Some(name) = reference(schema) {
        let named = schemas.get(name).with_context(|| format!("no definition {name}"))?;
        return Ok(Kind::Named { of: name.to_owned(), is: form(named) });
    }
    if let Some(value) = schema.get("const") {
        return Ok(Kind::Constant { value: value.clone() });
    }
    let types = schema["type"].as_array().map_or_else(|| std::slice::from_ref(&schema["type"]), Vec::as_slice);
    let name = types.iter().filter_map(Value::as_str).find(|name| *name != "null");
    Ok(match name {
        Some("string") if schema["format"] == "path" => Kind::Path,
        Some("string") => Kind::Text,
        Some("boolean") => Kind::Boolean,
        Some("number") => Kind::Number,
        Some("integer") => Kind::Integer {
            minimum: schema["minimum"].as_i64().unwrap_or(i64::MIN),
            maximum: schema["maximum"].as_u64().unwrap_or(u64::try_from(i64::MAX)?),
        },
        Some("array") if schema["uniqueItems"] == true => Kind::Set,
        Some("array") => Kind::List { item: Box::new(kind(&schema["items"], schemas)?) },
        Some("object") if schema["additionalProperties"].is_object() => {
            Kind::Map { item: Box::new(kind(&schema["additionalProperties"], schemas)?) }
        }
        _ => bail!("the contract has no kind for this schema: {schema}"),
    })
}

fn is_constant(kind: &Kind) -> bool {
    matches!(kind, Kind::Constant { .. })
}

fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.split_once(DEFINITIONS).map(|(_, name)| name)
}

fn required(schema: &Value) -> impl Iterator<Item = &str> {
    schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn text(schema: &Value, name: &str) -> String {
    schema[name].as_str().unwrap_or_default().to_owned()
}
