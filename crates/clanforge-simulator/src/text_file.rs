//! Text files as the shells of all systems write them.

use std::io::{self, ErrorKind};
use std::path::Path;

/// Reads a text file in UTF-8, with or without a byte order mark, or in UTF-16 with one: `>` in PowerShell 5.1 writes UTF-16.
///
/// # Errors
/// An error of the system, or of the kind `InvalidData` for a file in another encoding.
pub fn read(path: &Path) -> io::Result<String> {
    let bytes = std::fs::read(path)?;
    let text = match bytes.as_slice() {
        [0xff, 0xfe, text @ ..] => from_utf16(text, u16::from_le_bytes),
        [0xfe, 0xff, text @ ..] => from_utf16(text, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, text @ ..] | text => std::str::from_utf8(text).ok().map(str::to_owned),
    };
    text.ok_or_else(|| io::Error::new(ErrorKind::InvalidData, "it is neither UTF-8 nor UTF-16"))
}

fn from_utf16(text: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Option<String> {
    let (units, rest) = text.as_chunks::<2>();
    let text = char::decode_utf16(units.iter().map(|bytes| unit(*bytes))).collect::<Result<_, _>>();
    text.ok().filter(|_| rest.is_empty())
}
