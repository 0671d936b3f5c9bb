//! The packages of every language but Rust: built as users get them, installed below the target directory, and tested there.

pub(crate) mod node;
pub(crate) mod python;
pub(crate) mod uniffi;
