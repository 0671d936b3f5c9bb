//! ECDSA signatures that ring does not verify, but OpenSSL does: P-521, and SHA-512 with P-256 or P-384.
//!
//! Only certificates and signatures of servers are verified here, which are public: the code need not run in constant
//! time.

use rustls::SignatureScheme;
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};
use sha2::{Digest, Sha256, Sha384, Sha512};

type Algorithm = &'static dyn SignatureVerificationAlgorithm;

const P256_SHA512: Algorithm = &Ecdsa { curve: Curve::P256, hash: Hash::Sha512 };
const P384_SHA512: Algorithm = &Ecdsa { curve: Curve::P384, hash: Hash::Sha512 };
const P521_SHA256: Algorithm = &Ecdsa { curve: Curve::P521, hash: Hash::Sha256 };
const P521_SHA384: Algorithm = &Ecdsa { curve: Curve::P521, hash: Hash::Sha384 };
const P521_SHA512: Algorithm = &Ecdsa { curve: Curve::P521, hash: Hash::Sha512 };

/// The length of a number of P-521, in bytes.
const P521_LENGTH: usize = 66;

/// Returns the algorithms that are given, and those of this module.
pub(crate) fn extended(ring: WebPkiSupportedAlgorithms) -> WebPkiSupportedAlgorithms {
    let WebPkiSupportedAlgorithms { all, mapping } = ring;
    let all = [all, &[P256_SHA512, P384_SHA512, P521_SHA256, P521_SHA384, P521_SHA512]].concat();
    // TLS 1.3 takes the first algorithm of a scheme, TLS 1.2 the one of the key.
    let p521: (SignatureScheme, &[Algorithm]) =
        (SignatureScheme::ECDSA_NISTP521_SHA512, &[P521_SHA512, P384_SHA512, P256_SHA512]);
    let mapping = [&[p521], mapping].concat();
    // They are leaked once per process: rustls requires `'static` references.
    WebPkiSupportedAlgorithms { all: all.leak(), mapping: mapping.leak() }
}

#[derive(Clone, Copy, Debug)]
enum Curve {
    P256,
    P384,
    P521,
}

#[derive(Clone, Copy, Debug)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

#[derive(Debug)]
struct Ecdsa {
    curve: Curve,
    hash: Hash,
}

impl Ecdsa {
    fn verify(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), p521::ecdsa::Error> {
        use p521::ecdsa::signature::hazmat::PrehashVerifier;

        let digest = match self.hash {
            Hash::Sha256 => Sha256::digest(message).to_vec(),
            Hash::Sha384 => Sha384::digest(message).to_vec(),
            Hash::Sha512 => Sha512::digest(message).to_vec(),
        };
        match self.curve {
            Curve::P256 => {
                let signature = p256::ecdsa::Signature::from_der(signature)?;
                p256::ecdsa::VerifyingKey::from_sec1_bytes(key)?.verify_prehash(&digest, &signature)
            }
            Curve::P384 => {
                let signature = p384::ecdsa::Signature::from_der(signature)?;
                p384::ecdsa::VerifyingKey::from_sec1_bytes(key)?.verify_prehash(&digest, &signature)
            }
            Curve::P521 => {
                // The crate rejects hashes of less than half the length, such as SHA-256: leading zeros do not change
                // the number.
                let mut number = vec![0; P521_LENGTH - digest.len()];
                number.extend(digest);
                let signature = p521::ecdsa::Signature::from_der(signature)?;
                p521::ecdsa::VerifyingKey::from_sec1_bytes(key)?.verify_prehash(&number, &signature)
            }
        }
    }
}

impl SignatureVerificationAlgorithm for Ecdsa {
    fn verify_signature(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        self.verify(key, message, signature).map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        match self.curve {
            Curve::P256 => alg_id::ECDSA_P256,
            Curve::P384 => alg_id::ECDSA_P384,
            Curve::P521 => alg_id::ECDSA_P521,
        }
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        match self.hash {
            Hash::Sha256 => alg_id::ECDSA_SHA256,
            Hash::Sha384 => alg_id::ECDSA_SHA384,
            Hash::Sha512 => alg_id::ECDSA_SHA512,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use rustls::RootCertStore;
    use rustls::client::WebPkiServerVerifier;
    use rustls::client::danger::ServerCertVerifier;
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, ServerName, UnixTime};

    use super::*;
    use crate::http::tls::provider::provider;

    fn certificate(name: &str) -> CertificateDer<'static> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/certificates");
        CertificateDer::from_pem_file(format!("{folder}/{name}.pem")).unwrap()
    }

    fn verify(authority: CertificateDer<'static>, server: &CertificateDer<'_>) -> Result<(), rustls::Error> {
        let mut roots = RootCertStore::empty();
        roots.add(authority).unwrap();
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider()).build().unwrap();
        let time = UnixTime::since_unix_epoch(Duration::from_secs(1_893_456_000));
        let host = ServerName::try_from("localhost").unwrap();
        verifier.verify_server_cert(server, &[], &host, &[], time).map(|_| ())
    }

    #[test]
    fn certificates_signed_as_only_openssl_verifies_them_are_trusted_unless_they_were_changed() {
        for name in ["P-256.sha512", "P-384.sha512", "P-521.sha256", "P-521.sha384", "P-521.sha512"] {
            let (authority, server) = (certificate(&format!("{name}.ca")), certificate(name));
            assert_eq!(verify(authority.clone(), &server), Ok(()), "{name}");
            // The last byte is one of the signature.
            let mut changed = server.to_vec();
            *changed.last_mut().unwrap() ^= 1;
            let error = verify(authority, &CertificateDer::from(changed)).unwrap_err();
            assert_eq!(error, rustls::CertificateError::BadSignature.into(), "{name}");
        }
    }

    #[test]
    fn servers_with_a_key_of_p521_are_offered_its_signature() {
        let schemes = provider().signature_verification_algorithms.supported_schemes();
        assert!(schemes.contains(&SignatureScheme::ECDSA_NISTP521_SHA512), "{schemes:?}");
    }
}
