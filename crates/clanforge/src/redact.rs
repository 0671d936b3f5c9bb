//! Keeps secrets out of every text that comes from outside: messages of the service, headers, errors of the network.

use secrecy::{ExposeSecret, SecretString};

/// What stands where a secret stood.
const MARK: &str = "[redacted]";

/// Shorter texts are too common for their every occurrence to be a secret's.
const SHORTEST: usize = 4;

/// Replaces known secrets in texts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Redactor {
    secrets: Vec<SecretString>,
}

impl Redactor {
    /// Returns a redactor of those of `secrets` that are long enough to be told from ordinary words.
    pub(crate) fn new(secrets: impl IntoIterator<Item = String>) -> Self {
        let mut secrets: Vec<_> = secrets.into_iter().filter(|secret| secret.len() >= SHORTEST).collect();
        // A secret that contains another must go first, or its rest would stay.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self { secrets: secrets.into_iter().map(SecretString::from).collect() }
    }

    /// Returns `text` without any of the secrets.
    pub(crate) fn clean(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.expose_secret(), MARK))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_within_a_secret_leaves_no_rest() {
        let redactor = Redactor::new(["canary".to_owned(), "canary-and-more".to_owned(), "abc".to_owned()]);
        assert_eq!(redactor.clean("canary-and-more, canary, abc"), "[redacted], [redacted], abc");
    }
}
