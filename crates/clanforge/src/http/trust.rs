//! Trust anchors: the CA certificates that a client trusts.

use std::fmt;
use std::path::{Path, PathBuf};

use rustls::{ClientConfig, RootCertStore};
use rustls_native_certs::CertificateResult;

use crate::error::Error;
use crate::http::pem::PemFile;
use crate::http::tls_provider;

/// Where a client takes its trust anchors from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TrustStore {
    source: Source,
    extra: Option<PathBuf>,
}

/// A file or folder of certificates, and the name of the setting that it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedPath {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

/// By precedence: a file by argument, `SSL_CERT_FILE` or `SSL_CERT_DIR`, the caller's default, the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    /// No connection uses TLS.
    Unused,
    File(PathBuf),
    Environment(String),
    Default(NamedPath),
    Platform,
}

impl TrustStore {
    /// Returns the store of a client that does not use TLS.
    pub(crate) const fn unused() -> Self {
        Self { source: Source::Unused, extra: None }
    }

    /// Returns the store of a client that uses TLS: `default` replaces the platform's store, `extra` adds to any.
    pub(crate) fn choose(ca_file: Option<PathBuf>, default: Option<NamedPath>, extra: Option<PathBuf>) -> Self {
        let variable = |name: &str| {
            let value = std::env::var_os(name).filter(|value| !value.is_empty())?;
            Some(format!("{name}={}", value.display()))
        };
        let variables: Vec<_> = ["SSL_CERT_FILE", "SSL_CERT_DIR"].into_iter().filter_map(variable).collect();
        Self::choose_among(ca_file, &variables, default, extra)
    }

    fn choose_among(
        ca_file: Option<PathBuf>,
        variables: &[String],
        default: Option<NamedPath>,
        extra: Option<PathBuf>,
    ) -> Self {
        let source = match (ca_file, default) {
            (Some(file), _) => Source::File(file),
            (None, _) if !variables.is_empty() => Source::Environment(variables.join(" and ")),
            (None, Some(default)) => Source::Default(default),
            (None, None) => Source::Platform,
        };
        Self { source, extra }
    }

    /// Returns the TLS settings of a client that trusts this store: rustls, TLS 1.2 and 1.3.
    ///
    /// # Errors
    /// `configuration` if the store cannot be read or contains no certificate.
    pub(crate) fn client_config(&self) -> Result<ClientConfig, Error> {
        let builder = ClientConfig::builder_with_provider(tls_provider::provider())
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::internal(format!("TLS could not be set up: {error}")))?;
        Ok(builder.with_root_certificates(self.roots()?).with_no_client_auth())
    }

    fn roots(&self) -> Result<RootCertStore, Error> {
        let mut roots = RootCertStore::empty();
        let problem = match &self.source {
            Source::Unused => return Ok(roots),
            Source::File(file) => {
                self.add_file(&mut roots, file)?;
                None
            }
            Source::Default(NamedPath { path, .. }) if path.is_dir() => add_loaded(&mut roots, load_folder(path)),
            Source::Default(NamedPath { path, .. }) => {
                self.add_file(&mut roots, path)?;
                None
            }
            Source::Environment(_) | Source::Platform => {
                add_loaded(&mut roots, rustls_native_certs::load_native_certs())
            }
        };
        if let Some(extra) = &self.extra {
            self.add_file(&mut roots, extra)?;
        }
        match roots.is_empty() {
            true => Err(self.unusable(problem.as_deref().unwrap_or("it contains no certificate"))),
            false => Ok(roots),
        }
    }

    fn add_file(&self, roots: &mut RootCertStore, file: &Path) -> Result<(), Error> {
        let bytes = std::fs::read(file).map_err(|error| self.unusable(&error.to_string()))?;
        let PemFile { certificates, skipped } = PemFile::parse(&bytes);
        for block in &skipped {
            tracing::warn!("{}: skipped {block}", file.display());
        }
        let found = certificates.len();
        // Unusable certificates are skipped, as in the platform's store: CA bundles contain some.
        match roots.add_parsable_certificates(certificates) {
            (0, _) if found > 0 => Err(self.unusable("none of its certificates can be used")),
            (0, _) => Err(self.unusable(skipped.first().map_or("it contains no certificate", String::as_str))),
            (_, 0) => Ok(()),
            (_, unusable) => {
                tracing::warn!("{}: skipped {unusable} certificates that cannot be used", file.display());
                Ok(())
            }
        }
    }

    fn unusable(&self, problem: &str) -> Error {
        let advice = match self.source {
            Source::Unused | Source::Platform if self.extra.is_none() => {
                "; install the CA certificates of the system, or set ca_file"
            }
            _ => "; name a file of PEM certificates",
        };
        Error::configuration(format!("no trusted certificates in {self}: {problem}{advice}"))
    }
}

impl fmt::Display for TrustStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Source::Unused => f.write_str("no trust store"),
            Source::File(file) => write!(f, "ca_file {}", file.display()),
            Source::Environment(variables) => write!(f, "the trust store of {variables}"),
            Source::Default(NamedPath { name, path }) => write!(f, "the trust store of {name}={}", path.display()),
            Source::Platform => f.write_str("the platform's trust store"),
        }?;
        match &self.extra {
            Some(file) => write!(f, " and {}", file.display()),
            None => Ok(()),
        }
    }
}

fn load_folder(folder: &Path) -> CertificateResult {
    rustls_native_certs::load_certs_from_paths(None, Some(folder))
}

/// Adds the usable certificates, and returns the first problem with the others.
fn add_loaded(roots: &mut RootCertStore, loaded: CertificateResult) -> Option<String> {
    roots.add_parsable_certificates(loaded.certs);
    loaded.errors.first().map(ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trust_anchors_come_from_the_argument_then_the_environment_then_the_default_then_the_platform() {
        let (argument, variables) = (|| Some("argument.pem".into()), || vec!["SSL_CERT_DIR=/certificates".to_owned()]);
        let default = || Some(NamedPath { name: "A_BUNDLE".to_owned(), path: "bundle.pem".into() });
        for (ca_file, variables, default, expected) in [
            (argument(), variables(), default(), "ca_file argument.pem"),
            (None, variables(), default(), "the trust store of SSL_CERT_DIR=/certificates"),
            (None, Vec::new(), default(), "the trust store of A_BUNDLE=bundle.pem"),
            (None, Vec::new(), None, "the platform's trust store"),
        ] {
            let store = TrustStore::choose_among(ca_file, &variables, default, None);
            assert_eq!(store.to_string(), expected);
        }
    }

    #[test]
    fn unusable_certificates_in_a_file_are_skipped() {
        let key = rcgen::KeyPair::generate().unwrap();
        let good =
            rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap().pem();
        let bad = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bundle.pem");
        for (text, expected) in [
            (format!("{bad}{good}"), None),
            (format!("\u{feff}{good}"), None),
            (good.replace("CERTIFICATE", "TRUSTED CERTIFICATE"), None),
            (bad.replace("AAAA", "MAA="), Some("none of its certificates can be used")),
            (bad.to_owned(), Some("the block \"CERTIFICATE\" in line 1: it is not valid DER")),
            ("no certificates".to_owned(), Some("it contains no certificate")),
        ] {
            std::fs::write(&file, text).unwrap();
            let rejected = TrustStore::choose_among(Some(file.clone()), &[], None, None).client_config().err();
            match (rejected, expected) {
                (None, None) => {}
                (Some(error), Some(expected)) => assert!(error.to_string().contains(expected), "{error}"),
                (found, expected) => panic!("{found:?}, {expected:?} expected"),
            }
        }
    }

    #[test]
    fn the_log_says_which_blocks_of_a_file_were_skipped() {
        let key = rcgen::KeyPair::generate().unwrap();
        let good = rcgen::CertificateParams::default().self_signed(&key).unwrap().pem();
        let unusable = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        let folder = tempfile::tempdir().unwrap();
        let (file, log) = (folder.path().join("bundle.pem"), folder.path().join("log"));
        std::fs::write(&file, format!("{}{good}{unusable}", key.serialize_pem())).unwrap();
        let subscriber = tracing_subscriber::fmt().with_writer(std::fs::File::create(&log).unwrap()).finish();
        tracing::subscriber::with_default(subscriber, || {
            TrustStore::choose_among(Some(file.clone()), &[], None, None).client_config().unwrap();
        });
        let log = std::fs::read_to_string(log).unwrap();
        let skipped = "skipped the block \"PRIVATE KEY\" in line 1: it is not a certificate";
        for expected in [skipped, "skipped 1 certificates that cannot be used"] {
            assert!(log.contains(&format!("{}: {expected}", file.display())), "{log}");
        }
    }

    #[test]
    fn a_default_without_certificates_is_rejected_by_name() {
        let folder = std::env::temp_dir().join("clanforge-no-such-folder");
        let default = NamedPath { name: "A_BUNDLE".to_owned(), path: folder.clone() };
        let error = TrustStore::choose_among(None, &[], Some(default), None).client_config().unwrap_err();
        let expected = format!("no trusted certificates in the trust store of A_BUNDLE={}", folder.display());
        assert!(error.to_string().starts_with(&expected), "{error}");
    }
}
