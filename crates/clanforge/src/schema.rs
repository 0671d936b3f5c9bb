//! JSON Schema (2020-12) of the documents that this crate, the command and the packages of other languages write.

macro_rules! documents {
    ($($name:literal),* $(,)?) => {
        /// Every document: its name, and its JSON Schema.
        pub const DOCUMENTS: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../schemas/", $name, ".json")))),*
        ];
    };
}

documents![
    "baseline",
    "check",
    "client",
    "combined-check",
    "combined-outcome",
    "combined-pending",
    "combined-status",
    "error",
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

/// Returns the JSON Schema of a document; `None` if there is no document of that name.
pub fn get(name: &str) -> Option<&'static str> {
    DOCUMENTS.iter().find(|(document, _)| *document == name).map(|(_, schema)| *schema)
}

/// Returns what [`DOCUMENTS`] is generated from: the JSON Schema of each document, derived from its type.
#[cfg(feature = "schema")]
pub fn generate() -> Vec<(&'static str, String)> {
    let mut documents = clanforge_core::schema::documents();
    documents.push(("client", clanforge_core::schema::document::<crate::ClientOptions>()));
    documents
}
