//! The content codings of a response body (RFC 9110, section 8.4).

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

/// The longest name of an unknown coding that is shown.
const MAX_NAME_CHARS: usize = 64;

/// How a body is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContentCoding {
    Identity,
    Gzip,
}

impl ContentCoding {
    /// Returns the coding that the headers name, in any case.
    ///
    /// # Errors
    /// The names of the codings, if the client cannot decode them.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Result<Self, String> {
        let values = headers.get_all(CONTENT_ENCODING).into_iter();
        let values: Vec<_> = values.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        let names = values.iter().flat_map(|value| value.split(',')).map(str::trim);
        let names: Vec<_> = names.filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case("identity")).collect();
        match names[..] {
            [] => Ok(Self::Identity),
            [name] if ["gzip", "x-gzip"].iter().any(|gzip| name.eq_ignore_ascii_case(gzip)) => Ok(Self::Gzip),
            _ => Err(names.join(", ").chars().take(MAX_NAME_CHARS).collect()),
        }
    }
}

/// Decompresses a gzip body, all of its members (RFC 1952, section 2.2), up to a number of bytes.
pub(crate) struct Gunzip(MultiGzDecoder<Limited>);

impl Gunzip {
    pub(crate) fn new(limit: usize) -> Self {
        Self(MultiGzDecoder::new(Limited { limit, bytes: Vec::new(), is_exceeded: false }))
    }

    /// Decompresses the next bytes of the body.
    ///
    /// # Errors
    /// What is wrong with them; [`is_exceeded`](Self::is_exceeded) tells whether they decompress to too many bytes.
    pub(crate) fn write(&mut self, chunk: &[u8]) -> io::Result<()> {
        self.0.write_all(chunk)
    }

    /// Ends the body: it must be complete.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.0.try_finish()
    }

    pub(crate) fn is_exceeded(&self) -> bool {
        self.0.get_ref().is_exceeded
    }

    /// Takes what is decompressed.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0.get_mut().bytes)
    }
}

struct Limited {
    limit: usize,
    bytes: Vec<u8>,
    is_exceeded: bool,
}

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > self.limit - self.bytes.len() {
            self.is_exceeded = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn codings_are_read_in_any_case_and_from_all_headers() {
        for (values, expected) in [
            (&[][..], Ok(ContentCoding::Identity)),
            (&[""], Ok(ContentCoding::Identity)),
            (&["Identity"], Ok(ContentCoding::Identity)),
            (&["GZip"], Ok(ContentCoding::Gzip)),
            (&["X-GZIP"], Ok(ContentCoding::Gzip)),
            (&["identity, gzip"], Ok(ContentCoding::Gzip)),
            (&["identity", "gzip"], Ok(ContentCoding::Gzip)),
            (&["br"], Err("br".to_owned())),
            (&["gzip", "gzip"], Err("gzip, gzip".to_owned())),
            (&["gzip, deflate"], Err("gzip, deflate".to_owned())),
        ] {
            let headers = values.iter().map(|value| (CONTENT_ENCODING, HeaderValue::from_static(value)));
            let mut map = HeaderMap::new();
            headers.for_each(|(name, value)| {
                map.append(name, value);
            });
            assert_eq!(ContentCoding::from_headers(&map), expected, "{values:?}");
        }
    }
}
