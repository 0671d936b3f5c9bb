//! The committed JSON Schemas are those of the types.

use std::path::Path;

use clanforge::schema;

#[test]
fn the_committed_schemas_are_those_of_the_types() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let generated = schema::generate();
    if std::env::var_os("CLANFORGE_GENERATE").is_some() {
        for (name, text) in &generated {
            std::fs::write(folder.join(format!("{name}.json")), text).unwrap();
        }
        return;
    }
    for (name, text) in &generated {
        assert_eq!(schema::get(name), Some(text.as_str()), "the schema {name} is stale: cargo xtask generate");
    }
    assert_eq!(schema::NAMES.len(), generated.len());
}
