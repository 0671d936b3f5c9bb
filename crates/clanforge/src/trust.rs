//! Whose certificates a client trusts.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::error::Error;

/// Where trusted certificates come from: a file by argument > `SSL_CERT_FILE` or `SSL_CERT_DIR` > the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TrustStore {
    /// Nothing is trusted, because nothing is encrypted.
    Unused,
    File(PathBuf),
    Environment(String),
    Platform,
}

impl TrustStore {
    /// Returns the store that https uses where the caller named `ca_file`, or none.
    pub(crate) fn choose(ca_file: Option<PathBuf>) -> Self {
        let variable = |name: &str| {
            let value = std::env::var_os(name).filter(|value| !value.is_empty())?;
            Some(format!("{name}={}", value.display()))
        };
        let variables: Vec<_> = ["SSL_CERT_FILE", "SSL_CERT_DIR"].into_iter().filter_map(variable).collect();
        match ca_file {
            Some(file) => Self::File(file),
            None if variables.is_empty() => Self::Platform,
            None => Self::Environment(variables.join(" and ")),
        }
    }

    /// Returns the TLS settings of a client that trusts this store: rustls with ring, TLS 1.2 and 1.3.
    ///
    /// # Errors
    /// `configuration` where the store cannot be read or holds no certificate.
    pub(crate) fn client_config(&self) -> Result<ClientConfig, Error> {
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::internal(format!("TLS cannot be set up: {error}")))?;
        Ok(builder.with_root_certificates(self.roots()?).with_no_client_auth())
    }

    fn roots(&self) -> Result<RootCertStore, Error> {
        let mut roots = RootCertStore::empty();
        let problem = match self {
            Self::Unused => return Ok(roots),
            Self::File(file) => {
                let certificates = certificates_of(file).map_err(|problem| self.unusable(&problem))?;
                for certificate in certificates {
                    roots.add(certificate).map_err(|error| self.unusable(&error.to_string()))?;
                }
                None
            }
            Self::Environment(_) | Self::Platform => {
                let loaded = rustls_native_certs::load_native_certs();
                roots.add_parsable_certificates(loaded.certs);
                loaded.errors.first().map(ToString::to_string)
            }
        };
        match roots.is_empty() {
            true => Err(self.unusable(problem.as_deref().unwrap_or("it holds no certificate"))),
            false => Ok(roots),
        }
    }

    fn unusable(&self, problem: &str) -> Error {
        let way_out = match self {
            Self::Unused | Self::Platform => ": install the CA certificates of the system, or give ca_file",
            Self::File(_) | Self::Environment(_) => ": name a file of PEM certificates",
        };
        Error::configuration(format!("no trusted certificates in {self}: {problem}{way_out}"))
    }
}

impl fmt::Display for TrustStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unused => f.write_str("no trust store"),
            Self::File(file) => write!(f, "ca_file {}", file.display()),
            Self::Environment(variables) => write!(f, "the trust store of {variables}"),
            Self::Platform => f.write_str("the platform's trust store"),
        }
    }
}

fn certificates_of(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let certificates = CertificateDer::pem_file_iter(file).map_err(|error| error.to_string())?;
    certificates.collect::<Result<_, _>>().map_err(|error| error.to_string())
}
