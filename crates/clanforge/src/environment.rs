//! Environment variables: credentials, base URL and proxies.

use std::collections::HashMap;
use std::env::VarError;
use std::ffi::OsString;
use std::fmt::Display;
use std::fs;

use clanforge_core::text::decode;

use crate::auth::{AuthScheme, CredentialParts, Credentials};
use crate::error::Error;

const ACCESS_KEY: &str = "CLANFORGE_ACCESS_KEY";
const SECRET_KEY: &str = "CLANFORGE_SECRET_KEY";
/// Both variables of a pair of keys.
pub(crate) const KEYS: &str = "CLANFORGE_ACCESS_KEY and CLANFORGE_SECRET_KEY";
pub(crate) const TOKEN: &str = "CLANFORGE_TOKEN";
const AUTH_SCHEME: &str = "CLANFORGE_AUTH_SCHEME";
const BASE_URL: &str = "CLANFORGE_BASE_URL";
/// Announces a simulation, in which waits skip time.
pub(crate) const SIMULATION: &str = "CLANFORGE_SIMULATION";

/// Where variables are read from.
#[derive(Clone, Default)]
pub(crate) enum Environment {
    /// No variables are read.
    #[default]
    None,
    /// The environment of this process.
    Process,
    /// These variables, such as those of a thread with an environment of its own.
    Given(HashMap<String, String>),
}

impl Environment {
    /// Returns the credentials in the variables, and the names of these variables; `None` if no credentials are set. `scheme`
    /// says how keys authenticate, and defaults to the value of a variable.
    ///
    /// # Errors
    /// `configuration` if the variables contradict each other, or are incomplete or not Unicode.
    pub(crate) fn credentials(&self, scheme: Option<AuthScheme>) -> Result<Option<(Credentials, &'static str)>, Error> {
        credentials_from(&|name| self.lookup(name), scheme)
    }

    /// Returns true if a variable names a file with credentials, which may change.
    pub(crate) fn has_credential_files(&self) -> bool {
        [ACCESS_KEY, SECRET_KEY, TOKEN].iter().any(|name| {
            // An empty value counts as unset.
            self.lookup(&format!("{name}_FILE")).is_ok_and(|file| !file.is_empty())
        })
    }

    /// Returns the base URL in a variable, if it is set.
    ///
    /// # Errors
    /// `configuration` if it is not Unicode.
    pub(crate) fn base_url(&self) -> Result<Option<String>, Error> {
        read(&|name| self.lookup(name), BASE_URL)
    }

    /// Returns the URL of a simulation from its variable, if that is set. The variable is one of the process unless other variables
    /// are given.
    ///
    /// # Errors
    /// `configuration` if it is not Unicode.
    pub(crate) fn simulation(&self) -> Result<Option<String>, Error> {
        match self {
            Self::None => Self::Process.simulation(),
            Self::Process | Self::Given(_) => read(&|name| self.lookup(name), SIMULATION),
        }
    }

    fn lookup(&self, name: &str) -> Result<String, VarError> {
        match self {
            Self::None => Err(VarError::NotPresent),
            Self::Process => std::env::var(name),
            Self::Given(variables) => match variables.get(name) {
                None => Err(VarError::NotPresent),
                // Languages put this character in place of what they cannot decode.
                Some(value) if value.contains(char::REPLACEMENT_CHARACTER) => {
                    Err(VarError::NotUnicode(OsString::new()))
                }
                Some(value) => Ok(value.clone()),
            },
        }
    }
}

/// Returns the name and value of the variable for the proxy of https, or of plain http.
///
/// As in other programs, lower case takes precedence, and `HTTP_PROXY` in upper case is ignored within CGI, where a header of
/// the request sets it.
///
/// # Errors
/// `configuration` if it is not Unicode.
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

/// Returns the list of hosts that are reached without a proxy, if it is set. Lower case takes precedence.
///
/// # Errors
/// `configuration` if it is not Unicode.
pub(crate) fn no_proxy() -> Result<Option<String>, Error> {
    let variable = |name| read(&|name| std::env::var(name), name);
    match variable("no_proxy")? {
        None => variable("NO_PROXY"),
        list => Ok(list),
    }
}

type Lookup<'a> = &'a dyn Fn(&str) -> Result<String, VarError>;

fn credentials_from(
    lookup: Lookup<'_>,
    scheme: Option<AuthScheme>,
) -> Result<Option<(Credentials, &'static str)>, Error> {
    let [access_key, secret_key, token] = [ACCESS_KEY, SECRET_KEY, TOKEN].map(|name| read_secret(lookup, name));
    let (access_key, secret_key, token) = (access_key?, secret_key?, token?);
    let parts = CredentialParts {
        access_key: (&access_key.0, access_key.1),
        secret_key: (&secret_key.0, secret_key.1),
        token: (&token.0, token.1),
    };
    let variables = if parts.token.1.is_some() { TOKEN } else { KEYS };
    let scheme = || scheme.map_or_else(|| Ok(auth_scheme(lookup)?.unwrap_or_default()), Ok);
    Ok(parts.credentials(scheme)?.map(|credentials| (credentials, variables)))
}

fn auth_scheme(lookup: Lookup<'_>) -> Result<Option<AuthScheme>, Error> {
    let named = |error: Error| Error::configuration(format!("invalid {AUTH_SCHEME}: {}", error.message()));
    read(lookup, AUTH_SCHEME)?.map(|name| name.parse().map_err(named)).transpose()
}

/// Returns the name of the variable that is set, and the secret: the value of the variable `name`, or the content of
/// the file that the variable `name` + `_FILE` names, without one line break at its end.
fn read_secret(lookup: Lookup<'_>, name: &str) -> Result<(String, Option<String>), Error> {
    let file_name = format!("{name}_FILE");
    match (read(lookup, name)?, read(lookup, &file_name)?) {
        (Some(_), Some(_)) => {
            Err(Error::configuration(format!("{name} and {file_name} are both set: unset one of them")))
        }
        (value, None) => Ok((name.to_owned(), value)),
        (None, Some(path)) => {
            // The path may be a secret in the wrong variable, so it is not shown.
            let unreadable = |problem: &dyn Display| {
                Error::configuration(format!("the file that {file_name} names cannot be read: {problem}"))
            };
            let bytes = fs::read(path).map_err(|error| unreadable(&error))?;
            let text = decode(&bytes).ok_or_else(|| unreadable(&"it is neither UTF-8 nor UTF-16"))?;
            let line = text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
            Ok((file_name, Some(line.to_owned())))
        }
    }
}

/// Returns the value of a variable. An empty value counts as unset, because a missing secret of a CI system expands to it.
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
        Ok(Environment::Given(variables.collect()).credentials(None)?.map(|(credentials, _)| credentials))
    }

    #[test]
    fn credentials_are_a_pair_of_keys_or_a_token() {
        let pair = read(&[(ACCESS_KEY, "a-key"), (SECRET_KEY, "a-secret")]).unwrap();
        assert_eq!(format!("{:?}", pair.unwrap()), "Credentials::basic([redacted])");
        let token = read(&[(TOKEN, "a-token"), (SECRET_KEY, "")]).unwrap();
        assert_eq!(format!("{:?}", token.unwrap()), "Credentials::bearer([redacted])");
        assert!(read(&[]).unwrap().is_none());
    }

    #[test]
    fn a_variable_selects_the_scheme_of_the_keys() {
        let keys = |scheme| read(&[(ACCESS_KEY, "a-key"), (SECRET_KEY, "a-secret"), (AUTH_SCHEME, scheme)]);
        assert_eq!(format!("{:?}", keys("sigv4").unwrap().unwrap()), "Credentials::sigv4([redacted])");
        assert_eq!(format!("{:?}", keys("basic").unwrap().unwrap()), "Credentials::basic([redacted])");
        let text = keys("a-secret-in-the-wrong-place").unwrap_err().to_string();
        assert_eq!(text, "invalid CLANFORGE_AUTH_SCHEME: the authentication scheme is neither basic nor sigv4");
    }

    #[test]
    fn incomplete_and_contradicting_variables_are_rejected_by_name() {
        for (variables, expected) in [
            (&[(ACCESS_KEY, "a-key")][..], "CLANFORGE_SECRET_KEY is not"),
            (&[(SECRET_KEY, "a-secret"), (ACCESS_KEY, "")][..], "CLANFORGE_ACCESS_KEY is not"),
            (&[(TOKEN, "a-token"), (ACCESS_KEY, "a-key")][..], "unset one of them"),
        ] {
            let text = read(variables).unwrap_err().to_string();
            assert!(text.contains(expected), "{text}");
            assert!(!text.contains("a-key") && !text.contains("a-secret") && !text.contains("a-token"), "{text}");
        }
    }
    /// Returns what is read from a file that a variable names.
    fn read_file(content: &[u8]) -> Result<Option<String>, Error> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, content).unwrap();
        let path = file.path().to_str().unwrap();
        read_secret(
            &|name| if name == "CLANFORGE_TOKEN_FILE" { Ok(path.to_owned()) } else { Err(VarError::NotPresent) },
            TOKEN,
        )
        .map(|(_, secret)| secret)
    }

    #[test]
    fn one_line_break_at_the_end_of_a_file_in_any_encoding_is_not_part_of_the_secret() {
        for (content, expected) in [
            (&b"a-token"[..], "a-token"),
            (b"a-token\n", "a-token"),
            (b"a-token\r\n", "a-token"),
            (b"a-token\n\n", "a-token\n"),
            (b"a-token \n", "a-token "),
            (b"\xef\xbb\xbfa-token\r\n", "a-token"),
            (b"\xff\xfea\0-\0t\0\r\0\n\0", "a-t"),
        ] {
            assert_eq!(read_file(content).unwrap().as_deref(), Some(expected));
        }
        let text = read_file(b"canary\xff").unwrap_err().to_string();
        assert_eq!(text, "the file that CLANFORGE_TOKEN_FILE names cannot be read: it is neither UTF-8 nor UTF-16");
    }

    #[test]
    fn an_incomplete_pair_of_files_is_named_as_such() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, "canary").unwrap();
        let text = read(&[("CLANFORGE_ACCESS_KEY_FILE", file.path().to_str().unwrap())]).unwrap_err().to_string();
        assert!(text.starts_with("CLANFORGE_ACCESS_KEY_FILE is set and CLANFORGE_SECRET_KEY is not"), "{text}");
    }

    #[test]
    fn an_empty_variable_names_no_file() {
        let has_files = |file: &str| {
            let variables = [(TOKEN, "a-token"), ("CLANFORGE_TOKEN_FILE", file)];
            Environment::Given(variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
                .has_credential_files()
        };
        assert!(!has_files("") && has_files("token"));
    }

    #[test]
    fn a_given_variable_with_what_a_language_could_not_decode_is_rejected_by_name() {
        let text = read(&[(TOKEN, "canary\u{fffd}")]).unwrap_err().to_string();
        assert_eq!(text, "CLANFORGE_TOKEN is not valid Unicode");
    }
}
