//! How long and how often one call tries.

use std::time::Duration;

use clanforge::{Client, ClientOptions, ImageRef, ImageStatus};
use clap::Args;
use humantime::{format_duration, parse_duration};

use crate::failure::Failure;
use crate::runtime::block_on;

#[derive(Args)]
pub(crate) struct CallOptions {
    /// Maximum time for the whole call, retries included
    #[arg(long, value_name = "DURATION", value_parser = parse_duration,
          default_value = format_duration(ClientOptions::default().timeout).to_string())]
    timeout: Duration,

    /// Maximum number of retries after transient errors
    #[arg(long, value_name = "N", default_value_t = ClientOptions::default().retries)]
    retries: u32,
}

impl CallOptions {
    /// Reads the status of an image.
    pub(crate) fn read(&self, client: &Client, image: ImageRef, detail: bool) -> Result<ImageStatus, Failure> {
        let call = client.image_status(image).timeout(self.timeout).retries(self.retries);
        let call = if detail { call.detail(true) } else { call };
        block_on(async { Ok(call.await?) })
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct CommandLine {
        #[command(flatten)]
        call: CallOptions,
    }

    #[test]
    fn defaults_are_those_of_the_client() {
        let CallOptions { timeout, retries } = CommandLine::parse_from(["status"]).call;
        assert_eq!((timeout, retries), (ClientOptions::default().timeout, ClientOptions::default().retries));
    }
}
