//! From JSON Schema to the contract.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::{Value, json};

const DEFINITIONS: &str = "#/$defs/";

/// Reads every type of the schemas of a folder, each after the types that it uses. The types of `own` are those of the languages
/// only. They replace those of the same names: a status has other parts in a language than in the service's response.
pub(super) fn read(folder: &Path, own: &[PathBuf]) -> anyhow::Result<Vec<Value>> {
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
fn place(name: &str, schemas: &BTreeMap<String, Value>, types: &mut Vec<Value>) -> anyhow::Result<()> {
    if types.iter().any(|placed| placed["name"] == name) {
        return Ok(());
    }
    let found = read_type(name, &schemas[name], schemas).with_context(|| format!("type {name}"))?;
    for used in used(&found) {
        place(used, schemas, types)?;
    }
    types.push(found);
    Ok(())
}

/// Returns the names of the types of its fields and members. Each language computes derived fields by itself.
pub(super) fn used(found: &Value) -> impl Iterator<Item = &str> {
    fn named(kind: &Value) -> Option<&str> {
        kind["of"].as_str().or_else(|| named(kind.get("item")?))
    }
    let fields = list(found, "fields").iter().filter(|field| field["derived"] == false).filter_map(named);
    fields.chain(list(found, "members").iter().filter_map(|member| member["name"].as_str()))
}

fn read_type(name: &str, schema: &Value, schemas: &BTreeMap<String, Value>) -> anyhow::Result<Value> {
    let form = form(schema);
    let mut found = match form {
        "enum" => json!({ "words": variants(schema).iter().map(word).collect::<Vec<_>>() }),
        "handle" => json!({}),
        "union" => union(variants(schema))?,
        "scalar" => json!({ "with_numbers": schema["anyOf"].is_array() }),
        _ if schema["oneOf"].is_array() => json!({ "fields": merged(variants(schema), schemas)?, "is_options": false }),
        _ => {
            let has_default = |property: &Value| property.get("default").or(property.get("const")).is_some();
            let has_defaults = schema["properties"].as_object().is_some_and(|all| all.values().all(has_default));
            let is_options = has_defaults && schema["additionalProperties"] == false;
            json!({ "fields": fields(schema, schemas)?, "is_options": is_options })
        }
    };
    found["name"] = name.into();
    found["description"] = text(schema, "description").into();
    found["form"] = form.into();
    Ok(found)
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
    list(schema, "oneOf")
}

fn word(word: &Value) -> Value {
    json!({ "value": word["const"], "description": text(word, "description"), "exit_code": word["x-exit-code"] })
}

/// Reads records that a property with a constant value distinguishes.
fn union(variants: &[Value]) -> anyhow::Result<Value> {
    let tag = required(&variants[0]).next().context("a union has no tag")?;
    let member = |variant: &Value| {
        let name = reference(variant).context("a member of a union is not a reference")?;
        Ok(json!({ "value": variant["properties"][tag]["const"], "name": name }))
    };
    Ok(json!({ "tag": tag, "members": variants.iter().map(member).collect::<anyhow::Result<Vec<_>>>()? }))
}

/// Reads variants of one object as one record: what only some of them have is optional.
fn merged(variants_of_one: &[Value], schemas: &BTreeMap<String, Value>) -> anyhow::Result<Vec<Value>> {
    let mut merged: Vec<Value> = Vec::new();
    for variant in variants_of_one {
        let inner = reference(variant).map_or(&[][..], |name| variants(&schemas[name]));
        for mut field in fields(variant, schemas)?.into_iter().chain(self::merged(inner, schemas)?) {
            if field["kind"] == "constant" {
                // A tag: which values it has depends on the variant.
                field["kind"] = "text".into();
            }
            match merged.iter_mut().find(|known| known["json"] == field["json"]) {
                Some(known) if known["description"] == field["description"] => {}
                Some(known) => {
                    known["description"] = [known, &field].map(|each| text(each, "description")).join(" ").into();
                }
                None => merged.push(field),
            }
        }
    }
    for field in &mut merged {
        let is_absent = |variant| required(variant).all(|name| field["json"] != name);
        field["optional"] = variants_of_one.iter().any(is_absent).into();
    }
    Ok(merged)
}

fn fields(schema: &Value, schemas: &BTreeMap<String, Value>) -> anyhow::Result<Vec<Value>> {
    let Some(properties) = schema["properties"].as_object() else { return Ok(Vec::new()) };
    // Required fields are in the order of their declaration. The others follow.
    let later = properties.keys().map(String::as_str).filter(|name| required(schema).all(|required| required != *name));
    let names: Vec<_> = required(schema).filter(|name| properties.contains_key(*name)).chain(later).collect();
    names.into_iter().map(|json| field(json, &properties[json], schema, schemas)).collect()
}

fn field(json: &str, property: &Value, schema: &Value, schemas: &BTreeMap<String, Value>) -> anyhow::Result<Value> {
    let is_null = |schema: &&Value| schema["type"] == "null";
    let alternatives = list(property, "anyOf");
    let inner = alternatives.iter().find(|schema| !is_null(schema)).unwrap_or(property);
    let mut field = kind(inner, schemas).with_context(|| format!("property {json}"))?;
    let stem = json.strip_suffix("_seconds").filter(|_| field["kind"] == "number");
    if stem.is_some() {
        field["kind"] = "seconds".into();
    }
    field["json"] = json.into();
    field["name"] = property["x-name"].as_str().or(stem).unwrap_or(json).into();
    field["description"] = text(property, "description").into();
    field["nullable"] =
        (alternatives.iter().any(|schema| is_null(&schema)) || list(property, "type").contains(&json!("null"))).into();
    field["optional"] = required(schema).all(|required| required != json).into();
    field["default"] = property["default"].clone();
    field["derived"] = (property["x-derived"] == true).into();
    field["secret"] = (property["writeOnly"] == true).into();
    field["no_flag"] = (property["x-no-flag"] == true).into();
    Ok(field)
}

fn kind(schema: &Value, schemas: &BTreeMap<String, Value>) -> anyhow::Result<Value> {
    if let Some(name) = reference(schema) {
        let named = schemas.get(name).with_context(|| format!("no definition {name}"))?;
        return Ok(json!({ "kind": "named", "of": name, "is": form(named) }));
    }
    if let Some(value) = schema.get("const") {
        return Ok(json!({ "kind": "constant", "value": value }));
    }
    let types = schema["type"].as_array().map_or_else(|| std::slice::from_ref(&schema["type"]), Vec::as_slice);
    let name = types.iter().filter_map(Value::as_str).find(|name| *name != "null");
    Ok(match name {
        Some("string") if schema["format"] == "path" => json!({ "kind": "path" }),
        Some("string") => json!({ "kind": "text" }),
        Some(name @ ("boolean" | "number")) => json!({ "kind": name }),
        Some("integer") => json!({
            "kind": "integer",
            "minimum": schema["minimum"].as_i64().unwrap_or(i64::MIN),
            "maximum": schema["maximum"].as_u64().unwrap_or(u64::try_from(i64::MAX)?),
        }),
        Some("array") if schema["uniqueItems"] == true => json!({ "kind": "set" }),
        Some("array") => json!({ "kind": "list", "item": kind(&schema["items"], schemas)? }),
        Some("object") if schema["additionalProperties"].is_object() => {
            json!({ "kind": "map", "item": kind(&schema["additionalProperties"], schemas)? })
        }
        _ => bail!("the contract has no kind for this schema: {schema}"),
    })
}

fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.split_once(DEFINITIONS).map(|(_, name)| name)
}

fn required(schema: &Value) -> impl Iterator<Item = &str> {
    list(schema, "required").iter().filter_map(Value::as_str)
}

fn text(schema: &Value, name: &str) -> String {
    schema[name].as_str().unwrap_or_default().to_owned()
}

/// Returns a list in a schema; empty if there is none.
fn list<'a>(schema: &'a Value, name: &str) -> &'a [Value] {
    schema[name].as_array().map_or(&[], Vec::as_slice)
}
