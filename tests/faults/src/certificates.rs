//! Servers over TLS, with certificates of a private CA.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// A server certificate, and what is wrong with it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Certificate {
    /// Nothing is wrong.
    Valid,
    /// Its validity has ended.
    Expired,
    /// Its validity has not begun.
    NotYetValid,
    /// It is for another host name.
    OtherName,
    /// An untrusted CA signed it.
    OtherAuthority,
    /// It is signed by its own key.
    SelfSigned,
}

/// The CA that the tests trust.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: tempfile::TempDir,
}

impl Authority {
    /// Creates a CA, and writes its certificate to a file that is removed with the value.
    pub(crate) fn new() -> io::Result<Self> {
        let issuer = issuer("a trusted CA").map_err(io::Error::other)?;
        let folder = tempfile::tempdir()?;
        std::fs::write(folder.path().join("ca.pem"), issuer.pem())?;
        Ok(Self { issuer, folder })
    }

    /// Returns a temporary folder that is removed with the value.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the path of the certificate.
    pub(crate) fn file(&self) -> String {
        self.folder.path().join("ca.pem").to_string_lossy().into_owned()
    }
}

impl Certificate {
    /// Returns the configuration of a server with this certificate.
    pub(crate) fn server(self, trusted: &Authority) -> io::Result<ServerConfig> {
        let (certificate, key) = self.make(&trusted.issuer).map_err(io::Error::other)?;
        let chain = CertificateDer::from_pem_slice(certificate.as_bytes()).map_err(io::Error::other)?;
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(io::Error::other)?;
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![chain], key))
            .map_err(io::Error::other)
    }

    fn make(self, trusted: &CertifiedIssuer<'static, KeyPair>) -> Result<(String, String), rcgen::Error> {
        let name = if matches!(self, Self::OtherName) { "other.example" } else { "localhost" };
        let mut params = CertificateParams::new(vec![name.to_owned()])?;
        match self {
            Self::Expired => params.not_after = date_time_ymd(2020, 1, 1),
            Self::NotYetValid => params.not_before = date_time_ymd(2200, 1, 1),
            Self::Valid | Self::OtherName | Self::OtherAuthority | Self::SelfSigned => {}
        }
        let key = KeyPair::generate()?;
        let certificate = match self {
            Self::SelfSigned => params.self_signed(&key)?,
            Self::OtherAuthority => params.signed_by(&key, &*issuer("an untrusted CA")?)?,
            Self::Valid | Self::Expired | Self::NotYetValid | Self::OtherName => params.signed_by(&key, trusted)?,
        };
        Ok((certificate.pem(), key.serialize_pem()))
    }
}

fn issuer(name: &str) -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}
