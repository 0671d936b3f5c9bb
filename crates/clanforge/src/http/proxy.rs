//! The proxy that connections go through.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use url::Url;

use crate::environment;
use crate::error::{Error, plain_cause};
use crate::http::base_url::{BaseUrl, origin};
use crate::http::no_proxy;
use crate::options::ClientOptions;

/// A proxy that all connections go through.
#[derive(Clone)]
pub(crate) struct Proxy(Url);

impl Proxy {
    /// Returns the proxy for connections to `base`, by the options or else by `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and
    /// `NO_PROXY`; `None` if they are direct.
    ///
    /// # Errors
    /// `configuration`, with the name of the option or the variable, if the proxy URL is invalid.
    pub(crate) fn select(options: &ClientOptions, base: &BaseUrl) -> Result<Option<Self>, Error> {
        match &options.proxy {
            _ if options.no_proxy => Ok(None),
            Some(url) => Self::parse("`proxy`", url).map(Some),
            None if base.is_loopback() => Ok(None),
            None if environment::no_proxy()?
                .is_some_and(|list| no_proxy::contains(&list, &base.host(), base.port())) =>
            {
                Ok(None)
            }
            None => {
                let found = environment::proxy(base.is_plain())?;
                found.map(|(name, url)| Self::parse(name, &url)).transpose()
            }
        }
    }

    fn parse(name: &str, text: &str) -> Result<Self, Error> {
        // The text may contain a password, so it is not repeated.
        let refuse = |problem: String| Error::configuration(format!("invalid {name}: {problem}"));
        let with_scheme = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        if let Some(hint) = unencoded_character(&with_scheme) {
            return Err(refuse(hint));
        }
        let url = Url::parse(&with_scheme).map_err(|error| refuse(error.to_string()))?;
        match url.scheme() {
            "http" | "https" => {}
            scheme @ ("socks4" | "socks4a" | "socks5" | "socks5h" | "ftp") => {
                return Err(refuse(format!("the scheme `{scheme}` is not http or https")));
            }
            // It may be the beginning of a password.
            _ => return Err(refuse("its scheme is not http or https".to_owned())),
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("it has a path, a query or a fragment".to_owned()));
        }
        Ok(Self(url))
    }

    /// Returns the forms that user name and password may have in text.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let (user, password) = (self.0.username(), self.0.password().unwrap_or_default());
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let pair = STANDARD.encode(format!("{}:{}", decoded(user), decoded(password)));
        match password {
            "" => Vec::new(),
            password => vec![pair, user.to_owned(), password.to_owned(), decoded(user), decoded(password)],
        }
    }

    /// Returns true if the connection to the proxy is not encrypted.
    pub(crate) fn is_plain(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// Returns the setting with which reqwest sends everything through it.
    pub(crate) fn to_reqwest(&self) -> Result<reqwest::Proxy, Error> {
        reqwest::Proxy::all(self.0.clone())
            .map_err(|error| Error::configuration(format!("invalid proxy URL: {}", plain_cause(&error.without_url()))))
    }

    /// Returns the message about a proxy that responds with 407 Proxy Authentication Required.
    pub(crate) fn refusal(&self) -> String {
        match self.0.username().is_empty() && self.0.password().is_none() {
            true => format!("{self} requires authentication: set its URL to {}", self.example()),
            false => format!("{self} does not accept the credentials in its URL"),
        }
    }

    fn example(&self) -> String {
        origin(&self.0).replacen("://", "://user:password@", 1)
    }
}

/// Returns the hint for a URL whose user name or password contains a character that ends the authority of a URL (RFC 3986,
/// section 3.2; `\` by the URL standard): the rest of it, up to the `@`, would be a path, a query or a fragment.
fn unencoded_character(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let (position, character) =
        rest.char_indices().find(|(_, character)| matches!(character, '/' | '?' | '#' | '\\'))?;
    let has_credentials = rest[position..].contains('@');
    has_credentials.then(|| {
        let encoded = u32::from(character);
        format!("its user name or password contains `{character}`: write %{encoded:02X} instead")
    })
}

impl fmt::Display for Proxy {
    /// Writes its origin, without the credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the proxy {}", origin(&self.0))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
