//! What the environment says: credentials, address and account.

use std::collections::HashMap;
use std::env::VarError;

use crate::auth::{AuthScheme, Credentials};
use crate::error::Error;

pub(crate) const ACCESS_KEY: &str = "CLANFORGE_ACCESS_KEY";
pub(crate) const SECRET_KEY: &str = "CLANFORGE_SECRET_KEY";
pub(crate) const TOKEN: &str = "CLANFORGE_TOKEN";
pub(crate) const AUTH_SCHEME: &str = "CLANFORGE_AUTH_SCHEME";
pub(crate) const BASE_URL: &str = "CLANFORGE_BASE_URL";

/// Where variables are read.
#[derive(Clone, Default)]
pub(crate) enum Environment {
    /// Nowhere.
    #[default]
    None,
    /// In that of this process.
    Process,
    /// In one that was given, such as that of a thread that has its own.
    Given(HashMap<String, String>),
}

impl Environment {
    /// Returns the credentials that the variables hold, where they hold any; keys by this scheme, or by that of a
    /// variable.
    ///
    /// # Errors
    /// `configuration` where they contradict each other, are half there or are not Unicode.
    pub(crate) fn credentials(&self, scheme: Option<AuthScheme>) -> Result<Option<Credentials>, Error> {
        credentials_from(&|name| self.lookup(name), scheme)
    }

    /// Returns the address of the service that a variable holds, where it holds one.
    ///
    /// # Errors
    /// `configuration` where it is not Unicode.
    pub(crate) fn base_url(&self) -> Result<Option<String>, Error> {
        read(&|name| self.lookup(name), BASE_URL)
    }

    fn lookup(&self, name: &str) -> Result<String, VarError> {
        match self {
            Self::None => Err(VarError::NotPresent),
            Self::Process => std::env::var(name),
            Self::Given(variables) => variables.get(name).cloned().ok_or(VarError::NotPresent),
        }
    }
}

/// Returns the name and the value of the variable that names a proxy for https, or for plain http.
///
/// As others do: the lower case first, and no `HTTP_PROXY` in upper case within CGI, where a request's header sets it.
///
/// # Errors
/// `configuration` where it is not Unicode.
pub(crate) fn proxy(is_plain: bool) -> Result<Option<(&'static str, String)>, Error> {
    let in_cgi = std::env::var_os("REQUEST_METHOD").is_some();
    let names: &[&'static str] = match is_plain {
        true if in_cgi => &["http_proxy", "all_proxy", "ALL_PROXY"],
        true => &["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"],
        false => &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
    };
    for name in names {
        if let Some(url) = read(&|name| std::env::var(name), name)? {
            return Ok(Some((name, url)));
        }
    }
    Ok(None)
}

/// Returns the list of hosts that need no proxy, where a variable holds one; the lower case first, as above.
///
/// # Errors
/// `configuration` where it is not Unicode.
pub(crate) fn no_proxy() -> Result<Option<String>, Error> {
    let variable = |name| read(&|name| std::env::var(name), name);
    match variable("no_proxy")? {
        None => variable("NO_PROXY"),
        list => Ok(list),
    }
}

type Lookup<'a> = &'a dyn Fn(&str) -> Result<String, VarError>;

fn credentials_from(lookup: Lookup<'_>, scheme: Option<AuthScheme>) -> Result<Option<Credentials>, Error> {
    let half = |set: &str, unset: &str| {
        Err(Error::configuration(format!("{set} is set and {unset} is not: set both, or {TOKEN} alone")))
    };
    match (read(lookup, ACCESS_KEY)?, read(lookup, SECRET_KEY)?, read(lookup, TOKEN)?) {
        (None, None, None) => Ok(None),
        (Some(access_key), Some(secret_key), None) => {
            let scheme = match scheme {
                None => auth_scheme(lookup)?.unwrap_or_default(),
                Some(scheme) => scheme,
            };
            Ok(Some(Credentials::keys(scheme, access_key, secret_key)))
        }
        (None, None, Some(token)) => Ok(Some(Credentials::bearer(token))),
        (Some(_), None, None) => half(ACCESS_KEY, SECRET_KEY),
        (None, Some(_), None) => half(SECRET_KEY, ACCESS_KEY),
        (_, _, Some(_)) => Err(Error::configuration(format!(
            "{TOKEN} is set together with {ACCESS_KEY} or {SECRET_KEY}: unset one or the other"
        ))),
    }
}

fn auth_scheme(lookup: Lookup<'_>) -> Result<Option<AuthScheme>, Error> {
    let named = |error: Error| Error::configuration(format!("{AUTH_SCHEME} refused: {}", error.message()));
    read(lookup, AUTH_SCHEME)?.map(|name| name.parse().map_err(named)).transpose()
}

/// Returns the value of a variable. An empty one counts as unset: that is what an absent secret of a build service
/// expands to.
fn read(lookup: Lookup<'_>, name: &str) -> Result<Option<String>, Error> {
    match lookup(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Error::configuration(format!("{name} is not valid Unicode"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Option<Credentials>, Error> {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Environment::Given(variables.collect()).credentials(None)
    }

    #[test]
    fn a_pair_of_keys_or_a_token_makes_credentials() {
        let pair = read(&[(ACCESS_KEY, "a-key"), (SECRET_KEY, "a-secret")]).unwrap();
        assert_eq!(format!("{:?}", pair.unwrap()), "Credentials::basic([redacted])");
        let token = read(&[(TOKEN, "a-token"), (SECRET_KEY, "")]).unwrap();
        assert_eq!(format!("{:?}", token.unwrap()), "Credentials::bearer([redacted])");
        assert!(read(&[]).unwrap().is_none());
    }

    #[test]
    fn the_scheme_of_the_keys_is_a_variable_of_its_own() {
        let keys = |scheme| read(&[(ACCESS_KEY, "a-key"), (SECRET_KEY, "a-secret"), (AUTH_SCHEME, scheme)]);
        assert_eq!(format!("{:?}", keys("sigv4").unwrap().unwrap()), "Credentials::sigv4([redacted])");
        assert_eq!(format!("{:?}", keys("basic").unwrap().unwrap()), "Credentials::basic([redacted])");
        let text = keys("a-secret-in-the-wrong-place").unwrap_err().to_string();
        assert_eq!(text, "CLANFORGE_AUTH_SCHEME refused: the authentication scheme is neither basic nor sigv4");
    }

    #[test]
    fn half_a_pair_and_two_kinds_at_once_are_refused_by_name() {
        for (variables, expected) in [
            (&[(ACCESS_KEY, "a-key")][..], "CLANFORGE_SECRET_KEY is not"),
            (&[(SECRET_KEY, "a-secret"), (ACCESS_KEY, "")][..], "CLANFORGE_ACCESS_KEY is not"),
            (&[(TOKEN, "a-token"), (ACCESS_KEY, "a-key")][..], "unset one or the other"),
        ] {
            let text = read(variables).unwrap_err().to_string();
            assert!(text.contains(expected), "{text}");
            assert!(!text.contains("a-key") && !text.contains("a-secret") && !text.contains("a-token"), "{text}");
        }
    }
}
