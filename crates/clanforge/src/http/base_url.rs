//! The base URL of the service.

use std::fmt;
use std::net::IpAddr;

use url::{Host, ParseError, Url};

use crate::error::Error;
use crate::options::ClientOptions;

/// A valid base URL: http or https, a host, perhaps a port and a path, and nothing else.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    url: Url,
    /// Its path without a slash at the end.
    prefix: String,
}

impl BaseUrl {
    /// Parses a base URL.
    ///
    /// # Errors
    /// `configuration` if it is not an http or https URL, or has a user name, a query or a fragment.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let refuse = |problem: &str| Error::configuration(format!("invalid base URL: {problem}"));
        // The text may be a secret in the wrong variable, so it is not repeated.
        let expected = "expected a URL such as https://api.multiplay.co.uk";
        let has_scheme = text.contains("://");
        let without_scheme = || refuse(&format!("it does not begin with https:// or http://; {expected}"));
        let url = Url::parse(text).map_err(|error| match error {
            _ if !has_scheme => without_scheme(),
            ParseError::IdnaError => {
                refuse("the host name is not valid in ASCII; write an international name as xn--…")
            }
            error => refuse(&format!("{error}; {expected}")),
        })?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            // What precedes a bare colon, as in `localhost:80`, is a host or a secret rather than a scheme.
            return Err(match has_scheme {
                true => refuse(&format!("the scheme `{}` is not https or http", url.scheme())),
                false => without_scheme(),
            });
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("it contains a user name or password; pass them as credentials"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("it contains a query or a fragment"));
        }
        let prefix = url.path().trim_end_matches('/').to_owned();
        Ok(Self { url, prefix })
    }

    /// Returns true for http: everything is sent in clear text.
    pub(crate) fn is_plain(&self) -> bool {
        self.url.scheme() == "http"
    }

    /// Returns true if the host is this machine: `localhost`, 127.0.0.0/8 or `::1`.
    pub(crate) fn is_loopback(&self) -> bool {
        match self.url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => IpAddr::V6(address).to_canonical().is_loopback(),
            None => false,
        }
    }

    /// Returns true if the host is that of [`ClientOptions::BASE_URL`].
    pub(crate) fn has_default_host(&self) -> bool {
        self.url.host_str().is_some_and(|host| ClientOptions::BASE_URL.strip_prefix("https://") == Some(host))
    }

    /// Returns the name or address of the host.
    pub(crate) fn host(&self) -> Host<&str> {
        self.url.host().expect("parse takes no URL without a host")
    }

    /// Returns the port, by default that of the scheme.
    pub(crate) fn port(&self) -> u16 {
        self.url.port_or_known_default().expect("http and https have one")
    }

    /// Returns scheme, host and port.
    pub(crate) fn origin(&self) -> String {
        origin(&self.url)
    }

    /// Returns the URL of a request, whose path begins with a slash and is appended to that of the base URL.
    pub(crate) fn join(&self, path: &str, query: Option<&str>) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}{path}", self.prefix));
        url.set_query(query);
        url
    }

    /// Returns true if `url`, which [`join`](Self::join) returned, is that of this request.
    pub(crate) fn is_joined(&self, url: &Url, path: &str, query: Option<&str>) -> bool {
        url.path().strip_prefix(&self.prefix) == Some(path) && url.query() == query
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.prefix, f)
    }
}

/// Returns scheme, host and port of a URL: no user name, path or query.
pub(crate) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_request_is_appended_to_that_of_the_base_url() {
        for base in ["https://gateway.example/multiplay", "https://gateway.example/multiplay/"] {
            let url = BaseUrl::parse(base).unwrap().join("/v2/things/1", Some("detail=true"));
            assert_eq!(url.as_str(), "https://gateway.example/multiplay/v2/things/1?detail=true");
            let base = BaseUrl::parse(base).unwrap();
            assert!(base.is_joined(&url, "/v2/things/1", Some("detail=true")));
            assert!(!base.is_joined(&url, "/v2/things/1", None));
            assert!(!base.is_joined(&url, "/v2/things/11", Some("detail=true")));
        }
    }

    #[test]
    fn what_is_not_a_base_url_is_rejected_without_repeating_it() {
        for (text, expected) in [
            ("api.multiplay.co.uk", "it does not begin with https:// or http://; expected a URL such as"),
            ("localhost:80", "it does not begin with https:// or http://; expected a URL such as"),
            ("canary:canary", "it does not begin with https:// or http://"),
            ("https://[canary", "invalid IPv6 address"),
            ("https://canary-bücher.example", "write an international name as xn--…"),
            ("ftp://api.multiplay.co.uk", "`ftp`"),
            ("https://key:canary@api.multiplay.co.uk", "user name or password"),
            ("https://api.multiplay.co.uk?detail=true", "query"),
            ("https://api.multiplay.co.uk/#top", "fragment"),
        ] {
            let error = BaseUrl::parse(text).unwrap_err().to_string();
            assert!(error.contains(expected) && !error.contains("canary"), "{error}");
        }
    }

    #[test]
    fn loopback_is_recognised_by_name_and_by_address() {
        for (host, expected) in [
            ("localhost", true),
            ("LOCALHOST:8080", true),
            ("simulator.localhost", false),
            ("127.0.0.1", true),
            ("127.9.9.9", true),
            ("[::1]", true),
            ("[::ffff:127.0.0.1]", true),
            ("localhost.example", false),
            ("0.0.0.0", false),
            ("10.0.0.1", false),
            ("127.0.0.1.example", false),
        ] {
            let base = BaseUrl::parse(&format!("http://{host}")).unwrap();
            assert_eq!(base.is_loopback(), expected, "{host}");
        }
    }
}
