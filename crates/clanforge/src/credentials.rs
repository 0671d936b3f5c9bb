//! How a client proves who it is.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;
use crate::redact::Redactor;

/// How a client proves who it is: an access key with its secret key, or a token.
///
/// The service documents Basic authentication at `api.multiplay.co.uk` and bearer tokens at `api.multiplay.dev`.
/// Neither `Debug` nor any error shows a key or a token.
#[derive(Clone)]
pub struct Credentials(Scheme);

#[derive(Clone)]
enum Scheme {
    Basic { access_key: SecretString, secret_key: SecretString },
    Bearer { token: SecretString },
}

impl Credentials {
    /// Returns credentials for Basic authentication: base64 of `access_key:secret_key`.
    pub fn basic(access_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        let (access_key, secret_key) = (access_key.into().into(), secret_key.into().into());
        Self(Scheme::Basic { access_key, secret_key })
    }

    /// Returns credentials that send `token` as a bearer token.
    pub fn bearer(token: impl Into<String>) -> Self {
        Self(Scheme::Bearer { token: token.into().into() })
    }

    /// Returns what proves each attempt.
    ///
    /// # Errors
    /// `configuration` that names what is wrong with the keys or the token, without showing them.
    pub(crate) fn signer(&self) -> Result<Signer, Error> {
        self.validate()?;
        let text = match &self.0 {
            Scheme::Basic { access_key, secret_key } => format!("Basic {}", pair(access_key, secret_key)),
            Scheme::Bearer { token } => format!("Bearer {}", token.expose_secret()),
        };
        let mut header = HeaderValue::from_str(&text)
            .map_err(|_| Error::configuration("the credentials contain a character that no header may have"))?;
        header.set_sensitive(true);
        Ok(Signer { header, redactor: Redactor::new(self.secrets()) })
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
            Scheme::Bearer { token } => vec![token.expose_secret().to_owned(), STANDARD.encode(token.expose_secret())],
        }
    }
}

/// Proves each attempt, and keeps what proves it out of every text.
#[derive(Clone, Debug)]
pub(crate) struct Signer {
    /// The same for every attempt, and marked so that nothing below logs it.
    header: HeaderValue,
    redactor: Redactor,
}

impl Signer {
    /// Returns the Authorization header of one attempt.
    pub(crate) fn authorization(&self) -> HeaderValue {
        self.header.clone()
    }

    pub(crate) const fn redactor(&self) -> &Redactor {
        &self.redactor
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Scheme::Basic { .. } => "Credentials::basic([redacted])",
            Scheme::Bearer { .. } => "Credentials::bearer([redacted])",
        })
    }
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
