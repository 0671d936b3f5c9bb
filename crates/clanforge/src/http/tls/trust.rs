//! Trust anchors: the CA certificates that a client trusts.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use rustls::{ClientConfig, RootCertStore};

use crate::error::Error;
use crate::http::tls::pem::PemFile;
use crate::http::tls::provider;

/// The variable that names folders, separated like those of `PATH`.
const FOLDERS: &str = "SSL_CERT_DIR";

const NO_CERTIFICATE: &str = "it contains no certificate";

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
    /// The variables with their values, and the files and folders that these name.
    Environment(String, Vec<PathBuf>),
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
            let value = env::var_os(name).filter(|value| !value.is_empty())?;
            Some(NamedPath { name: name.to_owned(), path: value.into() })
        };
        let variables: Vec<_> = ["SSL_CERT_FILE", FOLDERS].into_iter().filter_map(variable).collect();
        Self::choose_among(ca_file, &variables, default, extra)
    }

    fn choose_among(
        ca_file: Option<PathBuf>,
        variables: &[NamedPath],
        default: Option<NamedPath>,
        extra: Option<PathBuf>,
    ) -> Self {
        let source = match (ca_file, default) {
            (Some(file), _) => Source::File(file),
            (None, _) if !variables.is_empty() => {
                let texts: Vec<_> = variables.iter().map(ToString::to_string).collect();
                Source::Environment(texts.join(" and "), variables.iter().flat_map(NamedPath::paths).collect())
            }
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
        let builder = ClientConfig::builder_with_provider(provider::provider())
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::internal(format!("TLS could not be set up: {error}")))?;
        Ok(builder.with_root_certificates(self.roots()?).with_no_client_auth())
    }

    fn roots(&self) -> Result<RootCertStore, Error> {
        let mut roots = RootCertStore::empty();
        let mut problem = None;
        match &self.source {
            Source::Unused => return Ok(roots),
            Source::File(file) => add_file(&mut roots, file).map_err(|problem| self.unusable(&problem))?,
            Source::Default(NamedPath { path, .. }) => {
                add_path(&mut roots, path).map_err(|problem| self.unusable(&problem))?;
            }
            Source::Environment(_, paths) => {
                for path in paths {
                    problem = problem.or(log_problem(path, add_path(&mut roots, path)));
                }
            }
            Source::Platform => {
                let loaded = rustls_native_certs::load_native_certs();
                roots.add_parsable_certificates(loaded.certs);
                problem = loaded.errors.first().map(ToString::to_string);
            }
        }
        if let Some(extra) = &self.extra {
            add_file(&mut roots, extra).map_err(|problem| {
                let file = extra.display();
                Error::configuration(format!("extra_ca_file {file}: {problem}; name a file of PEM certificates"))
            })?;
        }
        match roots.is_empty() {
            true => Err(self.unusable(problem.as_deref().unwrap_or(NO_CERTIFICATE))),
            false => Ok(roots),
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
            Source::Environment(variables, _) => write!(f, "the trust store of {variables}"),
            Source::Default(default) => write!(f, "the trust store of {default}"),
            Source::Platform => f.write_str("the platform's trust store"),
        }?;
        match &self.extra {
            Some(file) => write!(f, " and {}", file.display()),
            None => Ok(()),
        }
    }
}

impl NamedPath {
    /// Returns the files and folders that a variable names.
    fn paths(&self) -> Vec<PathBuf> {
        match self.name == FOLDERS {
            true => env::split_paths(&self.path).filter(|path| !path.as_os_str().is_empty()).collect(),
            false => vec![self.path.clone()],
        }
    }
}

impl fmt::Display for NamedPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name, self.path.display())
    }
}

/// Adds the certificates of a file, or of the files of a folder. Returns the reason as an error if there are none.
fn add_path(roots: &mut RootCertStore, path: &Path) -> Result<(), String> {
    if !path.is_dir() {
        return add_file(roots, path);
    }
    let entries = fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let entries = entries.map_err(|error| error.to_string())?;
    // A folder names each certificate several times, by links that `openssl rehash` creates. A link may lead nowhere.
    let files: BTreeSet<_> = entries.iter().filter_map(|entry| entry.path().canonicalize().ok()).collect();
    let known = roots.len();
    let mut problem = None;
    for file in files.iter().filter(|file| file.is_file()) {
        let added = add_file(roots, file);
        // A folder may hold other files as well.
        if added.as_ref().is_err_and(|problem| problem != NO_CERTIFICATE) {
            problem = problem.or(log_problem(file, added));
        }
    }
    match roots.len() == known {
        true => Err(problem.unwrap_or_else(|| NO_CERTIFICATE.to_owned())),
        false => Ok(()),
    }
}

/// Adds the certificates of a file. Returns the reason as an error if there are none.
fn add_file(roots: &mut RootCertStore, file: &Path) -> Result<(), String> {
    let bytes = fs::read(file).map_err(|error| error.to_string())?;
    let PemFile { certificates, skipped } = PemFile::parse(&bytes);
    // Unusable certificates are skipped, as in the platform's store: CA bundles contain some.
    let (added, unusable) = roots.add_parsable_certificates(certificates);
    if added == 0 {
        let block = skipped.first().map_or(NO_CERTIFICATE, String::as_str);
        return Err(if unusable > 0 { "none of its certificates can be used" } else { block }.to_owned());
    }
    for block in &skipped {
        tracing::warn!("{}: skipped {block}", file.display());
    }
    if unusable > 0 {
        tracing::warn!("{}: skipped certificates that cannot be used: {unusable}", file.display());
    }
    Ok(())
}

/// Logs why a file or folder is skipped, and returns the reason.
fn log_problem(path: &Path, added: Result<(), String>) -> Option<String> {
    let problem = added.err()?;
    tracing::warn!("{}: skipped: {problem}", path.display());
    Some(problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trust_anchors_come_from_the_argument_then_the_environment_then_the_default_then_the_platform() {
        let (argument, variables) = (
            || Some("argument.pem".into()),
            || vec![NamedPath { name: FOLDERS.to_owned(), path: "/certificates".into() }],
        );
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
    fn unusable_certificates_are_skipped_wherever_they_are_named() {
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
            let named = |name: &str, path: &Path| NamedPath { name: name.to_owned(), path: path.to_owned() };
            for store in [
                TrustStore::choose_among(Some(file.clone()), &[], None, None),
                TrustStore::choose_among(None, &[named("SSL_CERT_FILE", &file)], None, None),
                TrustStore::choose_among(None, &[named(FOLDERS, folder.path())], None, None),
                TrustStore::choose_among(None, &[], Some(named("A_BUNDLE", &file)), None),
                TrustStore::choose_among(None, &[], Some(named("A_FOLDER", folder.path())), None),
            ] {
                match (store.client_config().err(), expected) {
                    (None, None) => {}
                    (Some(error), Some(expected)) => assert!(error.to_string().contains(expected), "{error}"),
                    (found, expected) => panic!("{store}: {found:?}, {expected:?} expected"),
                }
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
        for expected in [skipped, "skipped certificates that cannot be used: 1"] {
            assert!(log.contains(&format!("{}: {expected}", file.display())), "{log}");
        }
    }

    #[test]
    fn the_files_and_folders_of_the_environment_add_up_and_those_that_cannot_be_read_are_logged() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str| {
            let key = rcgen::KeyPair::generate().unwrap();
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, rcgen::CertificateParams::default().self_signed(&key).unwrap().pem()).unwrap();
            path
        };
        let (file, missing) = (write("file.pem"), folder.path().join("missing"));
        fs::create_dir(folder.path().join("a")).unwrap();
        fs::write(folder.path().join("a/README"), "the certificates of the company").unwrap();
        let folders = [write("a/1.pem"), write("b/2.pem")].map(|file| file.parent().unwrap().to_owned());
        let folders = env::join_paths(folders.iter().chain([&missing])).unwrap();
        let variables = [
            NamedPath { name: "SSL_CERT_FILE".to_owned(), path: file },
            NamedPath { name: FOLDERS.to_owned(), path: folders.into() },
        ];
        let log = folder.path().join("log");
        let subscriber = tracing_subscriber::fmt().with_writer(fs::File::create(&log).unwrap()).finish();
        let roots = tracing::subscriber::with_default(subscriber, || {
            TrustStore::choose_among(None, &variables, None, None).roots().unwrap()
        });
        assert_eq!(roots.len(), 3);
        let log = fs::read_to_string(log).unwrap();
        assert!(log.contains(&format!("{}: skipped: ", missing.display())) && !log.contains("README"), "{log}");
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
