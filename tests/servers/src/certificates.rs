//! Certificates for one run: a valid one, and one for each reason not to trust it.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};

/// The files of the certificates.
pub(crate) struct Certificates {
    pub(crate) authority: PathBuf,
    pub(crate) authority_folder: PathBuf,
    pub(crate) untrusted_authority: PathBuf,
    pub(crate) good: Pair,
    /// Signed by an authority of its own.
    pub(crate) p521: Pair,
    pub(crate) p521_authority: PathBuf,
    pub(crate) expired: Pair,
    pub(crate) not_yet_valid: Pair,
    pub(crate) wrong_host: Pair,
    pub(crate) self_signed: Pair,
}

/// A server's certificate and its key.
pub(crate) struct Pair {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

const NAMES: [&str; 3] = ["localhost", "service.example", "*.service.example"];

impl Certificates {
    /// Creates all of them.
    ///
    /// # Errors
    /// If one cannot be created or written.
    pub(crate) fn write(folder: &Path) -> anyhow::Result<Self> {
        let (authority, untrusted) = (issuer("a trusted CA")?, issuer("an untrusted CA")?);
        let authority_folder = folder.join("authorities");
        fs::create_dir(&authority_folder)?;
        let (authority_file, untrusted_file) = (authority_folder.join("authority.pem"), folder.join("untrusted.pem"));
        fs::write(&authority_file, authority.pem())?;
        fs::write(&untrusted_file, untrusted.pem())?;

        let signed = |name: &str, params: CertificateParams| {
            let key = KeyPair::generate()?;
            let certificate = params.signed_by(&key, &authority)?;
            write_pair(folder, name, &certificate.pem(), &key)
        };
        let mut expired = params(&NAMES)?;
        (expired.not_before, expired.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
        let mut not_yet_valid = params(&NAMES)?;
        (not_yet_valid.not_before, not_yet_valid.not_after) = (date_time_ymd(2090, 1, 1), date_time_ymd(2091, 1, 1));
        let own_key = KeyPair::generate()?;
        let self_signed = params(&NAMES)?.self_signed(&own_key)?;
        Ok(Self {
            good: signed("good", params(&NAMES)?)?,
            expired: signed("expired", expired)?,
            not_yet_valid: signed("not_yet_valid", not_yet_valid)?,
            wrong_host: signed("wrong_host", params(&["other.example"])?)?,
            self_signed: write_pair(folder, "self_signed", &self_signed.pem(), &own_key)?,
            p521: Pair { certificate: committed("P-521.sha512.pem"), key: committed("P-521.sha512.key") },
            p521_authority: committed("P-521.sha512.ca.pem"),
            authority: authority_file,
            authority_folder,
            untrusted_authority: untrusted_file,
        })
    }
}

/// Returns a file that OpenSSL created: rcgen knows no P-521 with ring.
fn committed(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/clanforge/tests/certificates").join(file)
}

fn issuer(name: &str) -> anyhow::Result<CertifiedIssuer<'static, KeyPair>> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    Ok(CertifiedIssuer::self_signed(params, KeyPair::generate()?)?)
}

fn params(names: &[&str]) -> anyhow::Result<CertificateParams> {
    Ok(CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>())?)
}

fn write_pair(folder: &Path, name: &str, certificate: &str, key: &KeyPair) -> anyhow::Result<Pair> {
    let pair = Pair { certificate: folder.join(format!("{name}.pem")), key: folder.join(format!("{name}.key")) };
    fs::write(&pair.certificate, certificate)?;
    fs::write(&pair.key, key.serialize_pem())?;
    Ok(pair)
}
