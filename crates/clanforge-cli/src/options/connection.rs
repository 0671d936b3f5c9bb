//! Where the service is, and how to authenticate and connect.

use std::path::PathBuf;

use clanforge::{AuthScheme, Client, defaults};
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use crate::failure::Failure;

#[derive(Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConnectionOptions {
    #[arg(long, value_name = "URL", help = base_url_help(), value_parser = NonEmptyStringValueParser::new())]
    base_url: Option<String>,

    /// How to authenticate with the access key and the secret key [env: CLANFORGE_AUTH_SCHEME] [default: basic]
    #[arg(long, value_name = "SCHEME")]
    auth_scheme: Option<Scheme>,

    /// Trust only the CA certificates in this PEM file
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,

    /// Allow plain HTTP to other hosts than this one; credentials are sent unencrypted
    #[arg(long)]
    allow_http: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Scheme {
    /// Basic authentication
    Basic,
    /// AWS Signature Version 4
    Sigv4,
}

fn base_url_help() -> String {
    format!("Base URL of the service [env: CLANFORGE_BASE_URL] [default: {}]", defaults::BASE_URL)
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
            Some(Scheme::Basic) => builder.auth_scheme(AuthScheme::Basic),
            Some(Scheme::Sigv4) => builder.auth_scheme(AuthScheme::Sigv4),
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
