//! JSON Schema (2020-12) of the documents that this crate, the command and the packages of other languages write.

use std::io;
use std::sync::LazyLock;

use flate2::read::GzDecoder;

/// The name of every document, in alphabetical order.
pub const NAMES: &[&str] = &[
    "baseline",
    "check",
    "client",
    "combined-check",
    "combined-outcome",
    "combined-pending",
    "combined-status",
    "error",
    "failure",
    "gate",
    "image-status",
    "outcome",
    "pending",
    "policy",
    "recording",
    "rollout",
    "snapshot",
    "status",
    "update",
    "verdict",
];

/// The text of every schema, each followed by a zero, in the order of their names: see `build.rs`.
static SCHEMAS: LazyLock<String> = LazyLock::new(|| {
    let compressed = include_bytes!(concat!(env!("OUT_DIR"), "/schemas.gz"));
    io::read_to_string(GzDecoder::new(&compressed[..])).unwrap_or_default()
});

/// Returns the JSON Schema of a document; `None` if there is no document of that name.
pub fn get(name: &str) -> Option<&'static str> {
    let index = NAMES.iter().position(|document| *document == name)?;
    SCHEMAS.split('\0').nth(index)
}

/// Returns the JSON Schema of each document, derived from its type.
#[cfg(feature = "schema")]
pub fn generate() -> Vec<(&'static str, String)> {
    let mut documents = clanforge_core::schema::documents();
    documents.push(("client", clanforge_core::schema::document::<crate::ClientOptions>()));
    documents
}
