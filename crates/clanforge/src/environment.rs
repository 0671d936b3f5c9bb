//! What the environment says: credentials, address and account.

use std::env::VarError;

use crate::credentials::Credentials;
use crate::error::Error;

pub(crate) const ACCESS_KEY: &str = "CLANFORGE_ACCESS_KEY";
pub(crate) const SECRET_KEY: &str = "CLANFORGE_SECRET_KEY";
pub(crate) const TOKEN: &str = "CLANFORGE_TOKEN";
pub(crate) const BASE_URL: &str = "CLANFORGE_BASE_URL";

/// The variables as they were when they were read. An empty one counts as unset: that is what an absent secret of a
/// build service expands to.
#[derive(Debug)]
pub(crate) struct Environment {
    pub(crate) credentials: Option<Credentials>,
    pub(crate) base_url: Option<String>,
}

impl Environment {
    /// Reads the variables of this process.
    ///
    /// # Errors
    /// `configuration` where they contradict each other, are half there or are not Unicode.
    pub(crate) fn read() -> Result<Self, Error> {
        Self::from_lookup(|name| std::env::var(name))
    }

    fn from_lookup(lookup: impl Fn(&str) -> Result<String, VarError>) -> Result<Self, Error> {
        let read = |name: &str| match lookup(name) {
            Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err(Error::configuration(format!("{name} is not valid Unicode"))),
        };
        let half = |set: &str, unset: &str| {
            Err(Error::configuration(format!("{set} is set and {unset} is not: set both, or {TOKEN} alone")))
        };
        let credentials = match (read(ACCESS_KEY)?, read(SECRET_KEY)?, read(TOKEN)?) {
            (None, None, None) => None,
            (Some(access_key), Some(secret_key), None) => Some(Credentials::basic(access_key, secret_key)),
            (None, None, Some(token)) => Some(Credentials::bearer(token)),
            (Some(_), None, None) => return half(ACCESS_KEY, SECRET_KEY),
            (None, Some(_), None) => return half(SECRET_KEY, ACCESS_KEY),
            (_, _, Some(_)) => {
                return Err(Error::configuration(format!(
                    "{TOKEN} is set together with {ACCESS_KEY} or {SECRET_KEY}: unset one or the other"
                )));
            }
        };
        Ok(Self { credentials, base_url: read(BASE_URL)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Environment, Error> {
        Environment::from_lookup(|name| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned()).ok_or(VarError::NotPresent)
        })
    }

    #[test]
    fn a_pair_of_keys_or_a_token_makes_credentials() {
        let pair = read(&[(ACCESS_KEY, "a-key"), (SECRET_KEY, "a-secret")]).unwrap();
        assert_eq!(format!("{:?}", pair.credentials.unwrap()), "Credentials::basic([redacted])");
        let token = read(&[(TOKEN, "a-token"), (SECRET_KEY, "")]).unwrap();
        assert_eq!(format!("{:?}", token.credentials.unwrap()), "Credentials::bearer([redacted])");
        assert!(read(&[]).unwrap().credentials.is_none());
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
