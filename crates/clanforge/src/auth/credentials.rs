//! How a client proves who it is.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Request;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

#[cfg(feature = "sigv4")]
use crate::auth::signature_v4::SigningKey;
use crate::error::Error;
use crate::error::Redactor;

/// The region and the service that the service's documentation has signatures made for.
#[cfg(feature = "sigv4")]
const SIGNATURE_SCOPE: (&str, &str) = ("eu-west-1", "cf");

/// How a client proves who it is: an access key with its secret key, or a token.
///
/// The service documents Basic authentication and AWS Signature Version 4 (deprecated, with no plans to remove it) at
/// `api.multiplay.co.uk`, and bearer tokens at `api.multiplay.dev`.
/// Neither `Debug` nor any error shows a key or a token.
#[derive(Clone)]
pub struct Credentials(Scheme);

#[derive(Clone)]
enum Scheme {
    Basic {
        access_key: SecretString,
        secret_key: SecretString,
    },
    Bearer {
        token: SecretString,
    },
    #[cfg(feature = "sigv4")]
    SignatureV4(SigningKey),
}

/// What is made of an access key and its secret key, where only the keys are given: in the environment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthScheme {
    /// Basic authentication: [`Credentials::basic`].
    #[default]
    Basic,
    /// AWS Signature Version 4: [`Credentials::sigv4`].
    #[cfg(feature = "sigv4")]
    Sigv4,
}

impl FromStr for AuthScheme {
    type Err = Error;

    /// Reads `basic` or `sigv4`.
    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "basic" => Ok(Self::Basic),
            #[cfg(feature = "sigv4")]
            "sigv4" => Ok(Self::Sigv4),
            #[cfg(not(feature = "sigv4"))]
            "sigv4" => Err(Error::configuration("sigv4 needs the feature `sigv4` of the crate clanforge")),
            // It may be a secret in the wrong place, so it is not repeated.
            _ => Err(Error::configuration("the authentication scheme is neither basic nor sigv4")),
        }
    }
}

impl Credentials {
    /// Returns credentials by this scheme.
    pub fn keys(scheme: AuthScheme, access_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        match scheme {
            AuthScheme::Basic => Self::basic(access_key, secret_key),
            #[cfg(feature = "sigv4")]
            AuthScheme::Sigv4 => Self::sigv4(access_key, secret_key),
        }
    }

    /// Returns credentials for Basic authentication: base64 of `access_key:secret_key`.
    pub fn basic(access_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        let (access_key, secret_key) = (access_key.into().into(), secret_key.into().into());
        Self(Scheme::Basic { access_key, secret_key })
    }

    /// Returns credentials that send `token` as a bearer token.
    pub fn bearer(token: impl Into<String>) -> Self {
        Self(Scheme::Bearer { token: token.into().into() })
    }

    /// Returns credentials that sign each attempt by AWS Signature Version 4, for the region `eu-west-1` and the service
    /// `cf`: the secret key itself never leaves the machine.
    ///
    /// A signature holds for some minutes around the time of its making. Where the service refuses one, and its clock
    /// differs from this machine's, the attempt is signed once more by the service's time.
    #[cfg(feature = "sigv4")]
    pub fn sigv4(access_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        let (access_key, secret_key) = (access_key.into().into(), secret_key.into().into());
        let (region, service) = SIGNATURE_SCOPE;
        Self(Scheme::SignatureV4(SigningKey { access_key, secret_key, region, service }))
    }

    /// Returns what proves each attempt.
    ///
    /// # Errors
    /// `configuration` that names what is wrong with the keys or the token, without showing them.
    pub(crate) fn signer(&self) -> Result<Signer, Error> {
        self.validate()?;
        let redactor = Redactor::new(self.secrets());
        let text = match &self.0 {
            #[cfg(feature = "sigv4")]
            Scheme::SignatureV4(key) => return Ok(Signer { proof: Proof::SignatureV4(key.clone()), redactor }),
            Scheme::Basic { access_key, secret_key } => format!("Basic {}", pair(access_key, secret_key)),
            Scheme::Bearer { token } => format!("Bearer {}", token.expose_secret()),
        };
        let mut header = HeaderValue::from_str(&text).map_err(|_| unfit())?;
        header.set_sensitive(true);
        Ok(Signer { proof: Proof::Header(header), redactor })
    }

    fn validate(&self) -> Result<(), Error> {
        match &self.0 {
            Scheme::Basic { access_key, secret_key } => {
                check("access key", access_key)?;
                check("secret key", secret_key)?;
                if access_key.expose_secret().contains(':') {
                    return Err(Error::configuration(
                        "the access key contains a colon, which Basic authentication forbids",
                    ));
                }
                Ok(())
            }
            #[cfg(feature = "sigv4")]
            Scheme::SignatureV4(SigningKey { access_key, secret_key, .. }) => {
                check("access key", access_key)?;
                check("secret key", secret_key)?;
                match access_key.expose_secret().bytes().all(|byte| byte.is_ascii_graphic() && byte != b',') {
                    true => Ok(()),
                    false => Err(Error::configuration(
                        "the access key contains a comma, a space or a character that is not ASCII, which a signature forbids",
                    )),
                }
            }
            Scheme::Bearer { token } => {
                check("token", token)?;
                match token.expose_secret().bytes().all(|byte| byte.is_ascii_graphic()) {
                    true => Ok(()),
                    false => Err(Error::configuration("the token contains a space or a character that is not ASCII")),
                }
            }
        }
    }

    /// Returns every form in which the secrets could show up in a text.
    fn secrets(&self) -> Vec<String> {
        match &self.0 {
            Scheme::Basic { access_key, secret_key } => vec![
                pair(access_key, secret_key),
                access_key.expose_secret().to_owned(),
                secret_key.expose_secret().to_owned(),
            ],
            #[cfg(feature = "sigv4")]
            Scheme::SignatureV4(SigningKey { access_key, secret_key, .. }) => {
                vec![access_key.expose_secret().to_owned(), secret_key.expose_secret().to_owned()]
            }
            Scheme::Bearer { token } => vec![token.expose_secret().to_owned(), STANDARD.encode(token.expose_secret())],
        }
    }
}

/// Proves each attempt, and keeps what proves it out of every text.
#[derive(Clone, Debug)]
pub(crate) struct Signer {
    proof: Proof,
    redactor: Redactor,
}

#[derive(Clone, Debug)]
enum Proof {
    /// The same Authorization header for every attempt, marked so that nothing below logs it.
    Header(HeaderValue),
    /// What makes another one for each.
    #[cfg(feature = "sigv4")]
    SignatureV4(SigningKey),
}

impl Signer {
    /// Proves a request at this time, and returns what keeps the proof out of every text.
    ///
    /// # Errors
    /// `configuration` where the keys contain what no header may have, or where it is no time to sign at.
    #[cfg_attr(not(feature = "sigv4"), allow(clippy::unnecessary_wraps, unused_variables))]
    pub(crate) fn sign(&self, request: &mut Request, now: SystemTime) -> Result<Cow<'_, Redactor>, Error> {
        let (header, redactor) = match &self.proof {
            Proof::Header(header) => (header.clone(), Cow::Borrowed(&self.redactor)),
            #[cfg(feature = "sigv4")]
            Proof::SignatureV4(key) => {
                let signature = key.sign(request.url(), now).ok_or_else(|| {
                    Error::configuration("this machine's clock shows a time that cannot be signed: set it right")
                })?;
                let header = |text: &str| HeaderValue::from_str(text).map_err(|_| unfit());
                request.headers_mut().insert("x-amz-date", header(&signature.date)?);
                let mut authorization = header(&signature.authorization)?;
                authorization.set_sensitive(true);
                (authorization, Cow::Owned(self.redactor.with(&[signature.hex])))
            }
        };
        request.headers_mut().insert(AUTHORIZATION, header);
        Ok(redactor)
    }

    /// Returns the same, which keeps these as well out of every text.
    pub(crate) fn with_redacted(self, secrets: &[String]) -> Self {
        Self { redactor: self.redactor.with(secrets), ..self }
    }

    /// Returns true where a proof holds for some time only, by the service's clock.
    pub(crate) const fn has_date(&self) -> bool {
        match self.proof {
            Proof::Header(_) => false,
            #[cfg(feature = "sigv4")]
            Proof::SignatureV4(_) => true,
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Scheme::Basic { .. } => "Credentials::basic([redacted])",
            Scheme::Bearer { .. } => "Credentials::bearer([redacted])",
            #[cfg(feature = "sigv4")]
            Scheme::SignatureV4(_) => "Credentials::sigv4([redacted])",
        })
    }
}

fn unfit() -> Error {
    Error::configuration("the credentials contain a character that no header may have")
}

fn pair(access_key: &SecretString, secret_key: &SecretString) -> String {
    STANDARD.encode(format!("{}:{}", access_key.expose_secret(), secret_key.expose_secret()))
}

fn check(name: &str, secret: &SecretString) -> Result<(), Error> {
    let secret = secret.expose_secret();
    if secret.is_empty() {
        return Err(Error::configuration(format!("the {name} is empty")));
    }
    if secret.trim() != secret || secret.chars().any(char::is_control) {
        return Err(Error::configuration(format!(
            "the {name} begins or ends with white space, or contains a control character such as a line break"
        )));
    }
    Ok(())
}
