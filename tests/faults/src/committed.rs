//! Servers with the certificates that OpenSSL created: rcgen and ring have no P-521, and sign no certificate of another curve
//! with SHA-512.

use std::io;
use std::path::Path;
use std::sync::Arc;

use p521::ecdsa::signature::Signer as _;
use p521::ecdsa::{Signature, SigningKey};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, Signer, SingleCertAndKey};
use rustls::{ServerConfig, SignatureAlgorithm, SignatureScheme, SupportedProtocolVersion};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates/clanforge/tests/certificates");

/// The bytes before the number of a private key of P-521 (RFC 5915): the version, and an octet string of 66 bytes.
const BEFORE_KEY: &[u8] = &[2, 1, 1, 4, KEY_LENGTH];
const KEY_LENGTH: u8 = 66;

/// Returns the configuration of a server with the certificate of this name, and the file of the CA to trust.
///
/// # Errors
/// If the files cannot be read.
pub(crate) fn server(name: &str, version: &'static SupportedProtocolVersion) -> io::Result<(ServerConfig, String)> {
    let file = |ending| Path::new(FOLDER).join(format!("{name}.{ending}"));
    let chain = vec![CertificateDer::from_pem_file(file("pem")).map_err(io::Error::other)?];
    let key = PrivateKeyDer::from_pem_file(file("key")).map_err(io::Error::other)?;
    let provider = rustls::crypto::ring::default_provider();
    let key = match P521Key::read(key.secret_der()) {
        Some(key) => Arc::new(key),
        None => provider.key_provider.load_private_key(key).map_err(io::Error::other)?,
    };
    let config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[version])
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(CertifiedKey::new(chain, key))));
    Ok((config, file("ca.pem").to_string_lossy().into_owned()))
}

#[derive(Clone, Debug)]
struct P521Key(SigningKey);

impl P521Key {
    /// Returns `None` for a key of another curve.
    fn read(der: &[u8]) -> Option<Self> {
        let start = der.windows(BEFORE_KEY.len()).position(|bytes| bytes == BEFORE_KEY)? + BEFORE_KEY.len();
        Some(Self(SigningKey::from_slice(der.get(start..start + usize::from(KEY_LENGTH))?).ok()?))
    }
}

impl rustls::sign::SigningKey for P521Key {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        offered.contains(&self.scheme()).then(|| Box::new(self.clone()) as Box<dyn Signer>)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ECDSA
    }
}

impl Signer for P521Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        let signature: Signature =
            self.0.try_sign(message).map_err(|error| rustls::Error::General(error.to_string()))?;
        Ok(signature.to_der().as_bytes().to_vec())
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ECDSA_NISTP521_SHA512
    }
}
