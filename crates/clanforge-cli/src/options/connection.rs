//! Which image is asked for, where, and how long.

use std::path::PathBuf;
use std::time::Duration;

use clanforge::{AuthScheme, Client, ImageRef, ImageStatus, defaults};
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use tokio::runtime::{Builder, Runtime};

use crate::exit::Failure;

#[derive(Args)]
pub(crate) struct ConnectionArguments {
    #[arg(long, value_name = "N", help = format!("The account service ID [default: {ACCOUNT_SERVICE_ID}]"))]
    asid: Option<u64>,

    /// The game image's ID
    #[arg(long, value_name = "N")]
    image: u64,

    #[arg(long, value_name = "URL", help = base_url_help(), value_parser = NonEmptyStringValueParser::new())]
    base_url: Option<String>,

    #[arg(long, value_name = "SCHEME", help = format!("What is made of the keys [default: {AUTH_SCHEME}, or else basic]"))]
    auth_scheme: Option<Scheme>,

    /// Trust the PEM certificates of this file and no others
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,

    /// Let credentials cross the network in clear text, to a test server beyond this machine
    #[arg(long)]
    allow_http: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Scheme {
    /// Basic authentication
    Basic,
    /// AWS Signature Version 4: each request is signed
    Sigv4,
}

const AUTH_SCHEME: &str = "CLANFORGE_AUTH_SCHEME";
const ACCOUNT_SERVICE_ID: &str = "CLANFORGE_ACCOUNT_SERVICE_ID";

fn account_service_id_of_environment() -> Result<u64, Failure> {
    let value = std::env::var(ACCOUNT_SERVICE_ID).unwrap_or_default();
    match value.as_str() {
        "" => Err(Failure::usage(format!("no account service ID: give --asid, or set {ACCOUNT_SERVICE_ID}"))),
        // It may be a secret in the wrong variable, so it is not repeated.
        number => number.parse().map_err(|_| Failure::usage(format!("{ACCOUNT_SERVICE_ID} is not a number"))),
    }
}

fn base_url_help() -> String {
    format!("The service's address [default: CLANFORGE_BASE_URL, or else {}]", defaults::BASE_URL)
}

/// How often and how long one call may try.
#[derive(Args)]
pub(crate) struct CallArguments {
    /// How long the whole call may take, retries included
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration, default_value = DEFAULT_TIMEOUT)]
    timeout: Duration,

    /// How many more attempts follow a failed first one
    #[arg(long, value_name = "N", default_value_t = defaults::RETRIES)]
    retries: u32,
}

/// [`defaults::TIMEOUT`] as it is typed.
const DEFAULT_TIMEOUT: &str = "60s";

impl ConnectionArguments {
    /// Returns the image, of the account of the argument or else of the environment.
    pub(crate) fn image(&self) -> Result<ImageRef, Failure> {
        let account_service_id = match self.asid {
            Some(account_service_id) => account_service_id,
            None => account_service_id_of_environment()?,
        };
        Ok(ImageRef::new(account_service_id, self.image))
    }

    /// Returns a client with the arguments' settings and the environment's credentials.
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

    /// Asks the service once.
    pub(crate) fn read(&self, call: &CallArguments, detail: bool) -> Result<ImageStatus, Failure> {
        let status = self.client()?.image_status(self.image()?).timeout(call.timeout).retries(call.retries);
        let status = if detail { status.detail(true) } else { status };
        runtime()?.block_on(async { Ok(status.await?) })
    }
}

const USER_AGENT: &str = concat!("clanforge-cli/", env!("CARGO_PKG_VERSION"));

/// Returns what drives a command: everything happens on the thread that runs it.
pub(crate) fn runtime() -> Result<Runtime, Failure> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_timeout_is_the_clients() {
        assert_eq!(humantime::parse_duration(DEFAULT_TIMEOUT), Ok(defaults::TIMEOUT));
    }
}
