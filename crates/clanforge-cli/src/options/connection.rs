//! Where the service is, and how to authenticate and connect.

use std::path::PathBuf;

use clanforge::{AuthScheme, Client, ClientOptions};
use clap::Args;
use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};

use crate::failure::Failure;

#[derive(Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConnectionOptions {
    #[arg(long, value_name = "URL", help = base_url_help(), value_parser = NonEmptyStringValueParser::new())]
    base_url: Option<String>,

    #[arg(long, value_name = "SCHEME", help = auth_scheme_help(), value_parser = auth_schemes())]
    auth_scheme: Option<AuthScheme>,

    /// Trust only the CA certificates in this PEM file
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,

    /// Allow plain HTTP to other machines; sends credentials unencrypted
    #[arg(long)]
    allow_http: bool,
}

const DEFAULT_AUTH_SCHEME: &str = "basic";

fn auth_schemes() -> impl TypedValueParser<Value = AuthScheme> {
    PossibleValuesParser::new([DEFAULT_AUTH_SCHEME, "sigv4"]).try_map(|name| name.parse::<AuthScheme>())
}

fn auth_scheme_help() -> String {
    let help = "How to authenticate with the access key and the secret key";
    format!("{help} [env: CLANFORGE_AUTH_SCHEME] [default: {DEFAULT_AUTH_SCHEME}]")
}

fn base_url_help() -> String {
    format!("Base URL of the service [env: CLANFORGE_BASE_URL] [default: {}]", ClientOptions::BASE_URL)
}

impl ConnectionOptions {
    /// Returns a client with these options and the credentials of the environment.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        let builder = Client::builder().from_env().user_agent(USER_AGENT).allow_http(self.allow_http);
        let builder = match &self.base_url {
            Some(base_url) => builder.base_url(base_url),
            None => builder,
        };
        let builder = match self.auth_scheme {
            Some(scheme) => builder.auth_scheme(scheme),
            None => builder,
        };
        let builder = match &self.ca_file {
            Some(file) => builder.ca_file(file),
            None => builder,
        };
        Ok(builder.build()?)
    }
}

const USER_AGENT: &str = concat!("clanforge-cli/", env!("CARGO_PKG_VERSION"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_auth_scheme_is_that_of_the_client() {
        assert_eq!(DEFAULT_AUTH_SCHEME.parse::<AuthScheme>().unwrap(), AuthScheme::default());
    }
}
