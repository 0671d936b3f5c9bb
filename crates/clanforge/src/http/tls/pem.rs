//! Reads files of PEM certificates as OpenSSL reads them: RFC 7468 with text around the blocks, and OpenSSL's own labels. They
//! may also be in UTF-16.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clanforge_core::text::decode;
use rustls::pki_types::CertificateDer;

const SEQUENCE: u8 = 0x30;
const REJECTED_USES: u8 = 0xa0;

/// The object identifiers serverAuth and anyExtendedKeyUsage (RFC 5280, section 4.2.1.12), in DER.
const USES_FOR_SERVERS: [&[u8]; 2] = [b"\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01", b"\x06\x04\x55\x1d\x25\x00"];

/// The certificates of a file, and why each other block was skipped.
#[derive(Debug, Default)]
pub(crate) struct PemFile {
    pub(crate) certificates: Vec<CertificateDer<'static>>,
    pub(crate) skipped: Vec<String>,
}

impl PemFile {
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        // The text around the blocks may be in another encoding.
        let text = decode(bytes).unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned());
        let mut file = Self::default();
        let mut open: Option<(usize, &str, String)> = None;
        for (line, number) in text.lines().zip(1..) {
            // A file that was concatenated from several may have byte order marks inside.
            let line = line.trim_start_matches('\u{feff}').trim_end();
            if let Some(label) = boundary(line, "-----BEGIN ") {
                let unended = open.replace((number, label, String::new()));
                file.skipped.extend(unended.map(|(begin, label, _)| has_no_end(begin, label)));
            } else if let Some(end) = boundary(line, "-----END ") {
                match open.take() {
                    Some((begin, label, body)) if label == end => file.add(begin, label, &body),
                    unended => file.skipped.extend(unended.map(|(begin, label, _)| has_no_end(begin, label))),
                }
            } else if let Some((_, _, body)) = &mut open {
                body.extend(line.split_whitespace());
            }
        }
        file.skipped.extend(open.map(|(begin, label, _)| has_no_end(begin, label)));
        file
    }

    fn add(&mut self, line: usize, label: &str, body: &str) {
        let is_trusted = label == "TRUSTED CERTIFICATE";
        let problem = match label {
            "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => match STANDARD.decode(body) {
                Err(_) => "it is not valid base64",
                Ok(der) => match split_value(&der) {
                    Some((SEQUENCE, _, rest)) if is_trusted && !allows_servers(rest) => "it is not trusted for servers",
                    Some((SEQUENCE, _, rest)) => {
                        let length = der.len() - rest.len();
                        self.certificates.push(CertificateDer::from(der[..length].to_vec()));
                        return;
                    }
                    _ => "it is not valid DER",
                },
            },
            _ => "it is not a certificate",
        };
        self.skipped.push(format!("the block {label:?} in line {line}: {problem}"));
    }
}

fn has_no_end(line: usize, label: &str) -> String {
    format!("the block {label:?} in line {line}: it has no end")
}

fn boundary<'a>(line: &'a str, begin: &str) -> Option<&'a str> {
    line.strip_prefix(begin)?.strip_suffix("-----")
}

/// Returns true if the settings after a `TRUSTED CERTIFICATE` trust it for servers: `X509_CERT_AUX` of OpenSSL, which
/// lists trusted uses, then rejected ones. Without a list of trusted uses every use is trusted that is not rejected.
fn allows_servers(settings: &[u8]) -> bool {
    if settings.is_empty() {
        return true;
    }
    let Some((SEQUENCE, mut rest, [])) = split_value(settings) else { return false };
    while !rest.is_empty() {
        let Some((tag, uses, after)) = split_value(rest) else { return false };
        let is_listed = USES_FOR_SERVERS.iter().any(|object| uses.windows(object.len()).any(|part| part == *object));
        if (tag == SEQUENCE && !is_listed) || (tag == REJECTED_USES && is_listed) {
            return false;
        }
        rest = after;
    }
    true
}

/// Splits DER into the tag of its first value, the contents of that value, and what follows it.
fn split_value(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, first], rest) = der.split_first_chunk::<2>()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (contents, rest) = rest.split_at_checked(length)?;
    Some((tag, contents, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(label: &str, der: &[u8]) -> String {
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
    }

    /// A `TRUSTED CERTIFICATE` whose settings have `list` with the use serverAuth or, if not `servers`, clientAuth.
    fn trusted(list: u8, servers: bool) -> String {
        let mut der = vec![SEQUENCE, 1, 7, SEQUENCE, 12, list, 10];
        der.extend(USES_FOR_SERVERS[0]);
        *der.last_mut().unwrap() = if servers { 1 } else { 2 };
        block("TRUSTED CERTIFICATE", &der)
    }

    #[test]
    fn certificates_are_read_as_openssl_reads_them() {
        let certificate = [SEQUENCE, 1, 7];
        let plain = block("CERTIFICATE", &certificate);
        for text in [
            plain.clone(),
            format!("\u{feff}{plain}"),
            format!("none here\n\u{feff}{plain}"),
            format!("subject=CN = Root\n{plain}-- the end --\n"),
            plain.replace('\n', " \r\n"),
            block("X509 CERTIFICATE", &certificate),
            block("TRUSTED CERTIFICATE", &certificate),
            trusted(SEQUENCE, true),
            trusted(REJECTED_USES, false),
        ] {
            let file = PemFile::parse(text.as_bytes());
            assert_eq!(file.certificates, [CertificateDer::from(&certificate[..])], "{text}");
            assert!(file.skipped.is_empty(), "{text}: {:?}", file.skipped);
        }
        let mut latin1 = b"Autorit\xe9\n".to_vec();
        latin1.extend(plain.as_bytes());
        assert_eq!(PemFile::parse(&latin1).certificates.len(), 1);
        let utf16: Vec<_> = format!("\u{feff}{plain}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(PemFile::parse(&utf16).certificates.len(), 1);
    }

    #[test]
    fn a_skipped_block_is_named_with_its_line_and_the_reason() {
        let good = block("CERTIFICATE", &[SEQUENCE, 0]);
        for (text, expected) in [
            (block("PRIVATE KEY", b"secret"), "\"PRIVATE KEY\" in line 4: it is not a certificate"),
            (block("CERTIFICATE", &[SEQUENCE, 9]), "\"CERTIFICATE\" in line 4: it is not valid DER"),
            (block("CERTIFICATE", b"").replace("\n\n", "\n?\n"), "\"CERTIFICATE\" in line 4: it is not valid base64"),
            ("-----BEGIN CERTIFICATE-----\nMAA=\n".to_owned(), "\"CERTIFICATE\" in line 4: it has no end"),
            (trusted(SEQUENCE, false), "\"TRUSTED CERTIFICATE\" in line 4: it is not trusted for servers"),
            (trusted(REJECTED_USES, true), "\"TRUSTED CERTIFICATE\" in line 4: it is not trusted for servers"),
        ] {
            let file = PemFile::parse(format!("{good}{text}").as_bytes());
            assert_eq!(file.certificates.len(), 1, "{text}");
            assert_eq!(file.skipped, [format!("the block {expected}")]);
        }
    }
}
