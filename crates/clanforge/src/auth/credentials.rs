//! Credentials of the service.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

#[cfg(feature = "sigv4")]
use crate::auth::signature_v4::SigningKey;
use crate::auth::signer::{Method, Signer, invalid_character};
use crate::error::{Error, Redactor};

/// The region and service that signatures are made for, by the service's documentation.
#[cfg(feature = "sigv4")]
const SIGNATURE_SCOPE: (&str, &str) = ("eu-west-1", "cf");

/// What a client authenticates with: an access key and its secret key, or a token.
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

/// How an access key and its secret key authenticate a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(serde::Serialize, schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum AuthScheme {
    /// HTTP Basic authentication, with the access key as the user name.
    #[default]
    Basic,
    /// AWS Signature Version 4.
    #[cfg(feature = "sigv4")]
    Sigv4,
}

impl FromStr for AuthScheme {
    type Err = Error;

    /// Parses `basic` or `sigv4`.
    ///
    /// # Errors
    /// `configuration` for any other text.
    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "basic" => Ok(Self::Basic),
            #[cfg(feature = "sigv4")]
            "sigv4" => Ok(Self::Sigv4),
            #[cfg(not(feature = "sigv4"))]
            "sigv4" => Err(Error::configuration("sigv4 requires the feature `sigv4` of the crate clanforge")),
            // The text may be a secret in the wrong place, so it is not repeated.
            _ => Err(Error::configuration("the authentication scheme is neither basic nor sigv4")),
        }
    }
}

/// What credentials are made from, each with the name by which errors call it.
pub(crate) struct CredentialParts<'a> {
    pub(crate) access_key: (&'a str, Option<String>),
    pub(crate) secret_key: (&'a str, Option<String>),
    pub(crate) token: (&'a str, Option<String>),
}

impl CredentialParts<'_> {
    /// Returns the credentials that the parts make; `None` if there are none.
    ///
    /// # Errors
    /// `configuration`, by the names of the parts, if they are incomplete or contradict each other.
    pub(crate) fn credentials(
        self,
        scheme: impl FnOnce() -> Result<AuthScheme, Error>,
    ) -> Result<Option<Credentials>, Error> {
        let Self { access_key, secret_key, token } = self;
        let incomplete = |set: &str, unset: &str| {
            let token = token.0;
            Err(Error::configuration(format!("{set} is set and {unset} is not: set both, or {token} alone")))
        };
        match (access_key.1, secret_key.1, token.1) {
            (None, None, None) => Ok(None),
            (Some(access_key), Some(secret_key), None) => {
                Ok(Some(Credentials::keys(scheme()?, access_key, secret_key)))
            }
            (None, None, Some(token)) => Ok(Some(Credentials::bearer(token))),
            (Some(_), None, None) => incomplete(access_key.0, secret_key.0),
            (None, Some(_), None) => incomplete(secret_key.0, access_key.0),
            (_, _, Some(_)) => Err(Error::configuration(format!(
                "{} is set together with {} or {}: unset one of them",
                token.0, access_key.0, secret_key.0
            ))),
        }
    }
}

impl Credentials {
    /// Returns credentials that use the keys by this scheme.
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
    /// `cf`: the secret key never leaves the machine.
    ///
    /// A signature is valid for some minutes. If the service rejects one, and its clock differs from this machine's,
    /// the client signs and sends the request once more by the service's clock.
    #[cfg(feature = "sigv4")]
    pub fn sigv4(access_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        let (access_key, secret_key) = (access_key.into().into(), secret_key.into().into());
        let (region, service) = SIGNATURE_SCOPE;
        Self(Scheme::SignatureV4(SigningKey { access_key, secret_key, region, service }))
    }

    /// Returns the signer of each attempt.
    ///
    /// # Errors
    /// `configuration` that says what is wrong with the keys or the token, without showing them.
    pub(crate) fn signer(&self) -> Result<Signer, Error> {
        self.validate()?;
        let redactor = Redactor::new(self.secrets());
        let settings = Cow::Borrowed(match &self.0 {
            Scheme::Basic { .. } => "the access key and secret key",
            #[cfg(feature = "sigv4")]
            Scheme::SignatureV4(_) => "the access key and secret key",
            Scheme::Bearer { .. } => "the token",
        });
        let text = match &self.0 {
            #[cfg(feature = "sigv4")]
            Scheme::SignatureV4(key) => {
                return Ok(Signer { method: Method::SignatureV4(key.clone()), redactor, settings });
            }
            Scheme::Basic { access_key, secret_key } => format!("Basic {}", pair(access_key, secret_key)),
            Scheme::Bearer { token } => format!("Bearer {}", token.expose_secret()),
        };
        let mut header = HeaderValue::from_str(&text).map_err(|_| invalid_character())?;
        header.set_sensitive(true);
        Ok(Signer { method: Method::Header(header), redactor, settings })
    }

    fn validate(&self) -> Result<(), Error> {
        match &self.0 {
            Scheme::Basic { access_key, secret_key } => {
                check("access key", access_key)?;
                check("secret key", secret_key)?;
                if access_key.expose_secret().contains(':') {
                    return Err(Error::configuration(
                        "the access key contains a colon, which Basic authentication does not allow",
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
                        "the access key contains a comma, a space or a character that is not ASCII, which signatures do not allow",
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

    /// Returns the secrets in the forms that requests carry.
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

fn pair(access_key: &SecretString, secret_key: &SecretString) -> String {
    STANDARD.encode(format!("{}:{}", access_key.expose_secret(), secret_key.expose_secret()))
}

fn check(name: &str, secret: &SecretString) -> Result<(), Error> {
    let secret = secret.expose_secret();
    if secret.is_empty() {
        return Err(Error::configuration(format!("the {name} must not be empty")));
    }
    if let Some(name_of_character) =
        secret.chars().next().and_then(invisible).or(secret.chars().last().and_then(invisible))
    {
        return Err(Error::configuration(format!(
            "the {name} begins or ends with the invisible character {name_of_character}: remove it"
        )));
    }
    if let Some(hint) = pasted(secret) {
        return Err(Error::configuration(format!("the {name} {hint}")));
    }
    if secret.trim() != secret || secret.chars().any(char::is_control) {
        return Err(Error::configuration(format!(
            "the {name} begins or ends with white space, or contains a control character such as a line break"
        )));
    }
    Ok(())
}

/// Returns the name of an invisible character, which copying may add at the start or the end of a text.
fn invisible(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{00ad}' => "U+00AD (soft hyphen)",
        '\u{061c}' => "U+061C (Arabic letter mark)",
        '\u{200b}' => "U+200B (zero width space)",
        '\u{200c}' => "U+200C (zero width non-joiner)",
        '\u{200d}' => "U+200D (zero width joiner)",
        '\u{200e}' => "U+200E (left-to-right mark)",
        '\u{200f}' => "U+200F (right-to-left mark)",
        '\u{2060}' => "U+2060 (word joiner)",
        '\u{feff}' => "U+FEFF (byte order mark)",
        _ => return None,
    })
}

/// Returns true for `$NAME` and `%NAME%`, which a shell with another syntax passes on unchanged.
fn is_variable(text: &str) -> bool {
    let name = text.strip_prefix('$').or_else(|| text.strip_prefix('%')?.strip_suffix('%'));
    let is_name = |name: &str| name.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'));
    name.is_some_and(|name| name.starts_with(|first: char| first.is_ascii_uppercase()) && is_name(name))
}

/// Returns why a value is not the secret itself, but what a shell, a CI system or a header made of it.
fn pasted(secret: &str) -> Option<&'static str> {
    let is_between = |begin: &str, end: &str| secret.len() > 1 && secret.starts_with(begin) && secret.ends_with(end);
    let has_scheme = |scheme: &str| secret.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme));
    if is_between("\"", "\"") || is_between("'", "'") {
        Some("is within quotes: remove them")
    } else if is_between("$(", ")") || is_between("${", "}") || is_variable(secret) {
        Some("is the name of a variable that was not replaced: check how the CI system passes secrets")
    } else if secret.bytes().all(|byte| byte == b'*') {
        Some("consists of asterisks, as a log masks secrets: set the secret itself")
    } else if has_scheme("basic ") || has_scheme("bearer ") {
        Some("begins with an authentication scheme, which the client adds: leave it out")
    } else {
        None
    }
}
