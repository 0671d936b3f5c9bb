//! Adds the Authorization header to requests.

use std::borrow::Cow;
use std::time::SystemTime;

use reqwest::Request;
use reqwest::header::{AUTHORIZATION, HeaderValue};

#[cfg(feature = "sigv4")]
use crate::auth::signature_v4::SigningKey;
use crate::error::{Error, Redactor};

/// Authenticates requests with one set of credentials, and knows what to remove from text about them.
#[derive(Clone, Debug)]
pub(crate) struct Signer {
    pub(super) method: Method,
    pub(super) redactor: Redactor,
    /// What to check if the service rejects the credentials: the settings that they come from.
    pub(super) settings: Cow<'static, str>,
}

#[derive(Clone, Debug)]
pub(super) enum Method {
    /// The same Authorization header for every attempt, marked as sensitive so that no crate below logs it.
    Header(HeaderValue),
    /// A signature for each attempt.
    #[cfg(feature = "sigv4")]
    SignatureV4(SigningKey),
}

impl Signer {
    /// Adds the Authorization header as of `now`, and returns what removes it from text.
    ///
    /// # Errors
    /// `configuration` if the keys contain a character that no header may contain, or if `now` cannot be signed.
    #[cfg_attr(not(feature = "sigv4"), allow(clippy::unnecessary_wraps, unused_variables))]
    pub(crate) fn sign(&self, request: &mut Request, now: SystemTime) -> Result<Cow<'_, Redactor>, Error> {
        let (header, redactor) = match &self.method {
            Method::Header(header) => (header.clone(), Cow::Borrowed(&self.redactor)),
            #[cfg(feature = "sigv4")]
            Method::SignatureV4(key) => {
                let signature = key.sign(request.method().as_str(), request.url(), now).ok_or_else(|| {
                    Error::configuration("this machine's clock shows a time that cannot be signed: correct the clock")
                })?;
                let header = |text: &str| HeaderValue::from_str(text).map_err(|_| invalid_character());
                request.headers_mut().insert("x-amz-date", header(&signature.date)?);
                let mut authorization = header(&signature.authorization)?;
                authorization.set_sensitive(true);
                (authorization, Cow::Owned(self.redactor.with(&[signature.hex])))
            }
        };
        request.headers_mut().insert(AUTHORIZATION, header);
        Ok(redactor)
    }

    /// Returns the signer with more secrets to remove from text.
    pub(crate) fn with_redacted(self, secrets: &[String]) -> Self {
        Self { redactor: self.redactor.with(secrets), ..self }
    }

    /// Returns the signer of credentials that come from these settings.
    pub(crate) fn with_settings(self, settings: impl Into<Cow<'static, str>>) -> Self {
        Self { settings: settings.into(), ..self }
    }

    /// Returns what to check if the service rejects the credentials.
    pub(crate) fn settings(&self) -> &str {
        &self.settings
    }

    /// Returns true if the service compares the time of a signature with its own clock.
    pub(crate) const fn needs_clock(&self) -> bool {
        match self.method {
            Method::Header(_) => false,
            #[cfg(feature = "sigv4")]
            Method::SignatureV4(_) => true,
        }
    }
}

pub(super) fn invalid_character() -> Error {
    Error::configuration("the credentials contain a character that no HTTP header may contain")
}
