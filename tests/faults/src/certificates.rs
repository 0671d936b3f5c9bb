//! Encrypted services, whose certificates an authority signed that nobody else knows.

use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::thread::spawn;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::table::STATUS;

/// What is wrong with a certificate.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Certificate {
    /// Nothing.
    Good,
    /// Its time is over.
    Expired,
    /// Its time has not begun.
    NotYetValid,
    /// It is for another name.
    OtherName,
    /// An authority signed it that is not trusted.
    OtherAuthority,
    /// Nobody but itself signed it.
    SelfSigned,
}

/// The authority that the tests trust.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: tempfile::TempDir,
}

impl Authority {
    /// Returns one of its own, whose certificate lies in a file as long as it is there.
    pub(crate) fn new() -> io::Result<Self> {
        let issuer = issuer("an authority").map_err(io::Error::other)?;
        let folder = tempfile::tempdir()?;
        std::fs::write(folder.path().join("ca.pem"), issuer.pem())?;
        Ok(Self { issuer, folder })
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the file of its certificate.
    pub(crate) fn file(&self) -> String {
        self.folder.path().join("ca.pem").to_string_lossy().into_owned()
    }
}

impl Certificate {
    /// Starts a service with it; returns its address, and the file of the authority to trust.
    pub(crate) fn serve(self, trusted: &Authority) -> io::Result<(String, String)> {
        let (certificate, key) = self.make(&trusted.issuer).map_err(io::Error::other)?;
        let chain = CertificateDer::from_pem_slice(certificate.as_bytes()).map_err(io::Error::other)?;
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(io::Error::other)?;
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![chain], key))
            .map_err(io::Error::other)?;
        let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0")?);
        let url = format!("https://localhost:{}", listener.local_addr()?.port());
        spawn(move || {
            for stream in listener.incoming().flatten() {
                let config = Arc::clone(&config);
                spawn(move || {
                    let Ok(connection) = ServerConnection::new(config) else { return };
                    let mut stream = StreamOwned::new(connection, stream);
                    // A client that does not trust the service leaves within the handshake.
                    let answer = crate::table::answer(200, "Connection: close\r\n", STATUS);
                    let _ = stream.read(&mut [0; 4096]).and_then(|_| stream.write_all(&answer));
                    stream.conn.send_close_notify();
                    let _ = stream.flush();
                });
            }
        });
        Ok((url, trusted.file()))
    }

    fn make(self, trusted: &CertifiedIssuer<'static, KeyPair>) -> Result<(String, String), rcgen::Error> {
        let name = if matches!(self, Self::OtherName) { "other.example" } else { "localhost" };
        let mut params = CertificateParams::new(vec![name.to_owned()])?;
        match self {
            Self::Expired => params.not_after = date_time_ymd(2020, 1, 1),
            Self::NotYetValid => params.not_before = date_time_ymd(2200, 1, 1),
            Self::Good | Self::OtherName | Self::OtherAuthority | Self::SelfSigned => {}
        }
        let key = KeyPair::generate()?;
        let certificate = match self {
            Self::SelfSigned => params.self_signed(&key)?,
            Self::OtherAuthority => params.signed_by(&key, &*issuer("another authority")?)?,
            Self::Good | Self::Expired | Self::NotYetValid | Self::OtherName => params.signed_by(&key, trusted)?,
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
