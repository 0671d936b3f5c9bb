//! Text files as the shells of all systems write them.

use std::io::{self, ErrorKind};
use std::path::Path;

use clanforge_core::text::decode;

/// Reads a text file in UTF-8, with or without a byte order mark, or in UTF-16 with one: `>` in PowerShell 5.1 writes UTF-16.
///
/// # Errors
/// An error of the system, or of the kind `InvalidData` for a file in another encoding.
pub fn read(path: &Path) -> io::Result<String> {
    let bytes = std::fs::read(path)?;
    decode(&bytes).ok_or_else(|| io::Error::new(ErrorKind::InvalidData, "it is neither UTF-8 nor UTF-16"))
}
